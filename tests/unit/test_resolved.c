/*
 * test_resolved.c - the page of host names and their addresses.
 */
#include "common/base.h"
#include "tests/unit/unit.h"

#include "common/process/resolved.h"

const char *const unit_name = "resolved";

static int page = -1;

static void
test_names(void)
{
	static const char *const names[] = { "a.example", "b.example" };
	struct address a, found;

	CU_ASSERT_FATAL(address_parse(&a, "192.0.2.7") == 0);
	CU_ASSERT(resolved_set_names(page, names, 2) == 0);
	CU_ASSERT_STRING_EQUAL(resolved_name(1), "b.example");
	CU_ASSERT_STRING_EQUAL(resolved_name(2), "");
	CU_ASSERT(!resolved_find("b.example", &found));
	CU_ASSERT(resolved_put(page, 1, &a) == 0);
	CU_ASSERT(resolved_find("b.example", &found));
	CU_ASSERT(address_same_host(&found, &a));
	CU_ASSERT(!resolved_find("a.example", &found));
	CU_ASSERT(!resolved_find("", &found));
	/* A name that stays keeps its address. */
	CU_ASSERT(resolved_set_names(page, names + 1, 1) == 0);
	CU_ASSERT(resolved_find("b.example", &found));
	CU_ASSERT(resolved_set_names(page, NULL, 0) == 0);
	CU_ASSERT(!resolved_find("b.example", &found));
}

/* A resolver that was taken over must not be able to end the server. */
static void
test_size(void)
{
	CU_ASSERT(ftruncate(page, 0) < 0 && errno == EPERM);
	CU_ASSERT_STRING_EQUAL(resolved_name(0), "");
}

static void
test_open(void)
{
	page = resolved_open();
	CU_ASSERT_FATAL(page >= 0);
}

CU_TestInfo unit_tests[] = {
	{ "a page", test_open },
	{ "names keep their addresses", test_names },
	{ "it cannot be made smaller", test_size },
	CU_TEST_INFO_NULL,
};
