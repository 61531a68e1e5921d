/*
 * test_import_verify.c - values that are left out of a converted configuration
 * let nobody in.
 */
#include "common/base.h"

#include "daemon/import/import_verify.h"
#include "tests/unit/unit.h"

const char *const unit_name = "import_verify";

static bool
has(const struct draft *d, const char *section, const char *key,
	const char *value)
{
	const char *found = draft_get(d, section, key);

	return value == NULL ? found == NULL : found != NULL &&
		strcmp(found, value) == 0;
}

static void
test_networks(void)
{
	static const char *const keys[] = { "allow_from", "deny_from" };

	/* In both orders, and each alone. */
	for (size_t i = 0; i < 4; i++) {
		struct draft d = { .server = "vsftpd" };
		struct report r = { .server = "vsftpd" };

		draft_set(&d, "listener", keys[i % 2], "192.0.2.1/64", true);
		if (i < 2)
			draft_set(&d, "listener", keys[1 - i % 2],
				"192.0.2.2/64", true);
		CU_ASSERT_EQUAL(import_verify(&d, &r), 0);
		CU_ASSERT_TRUE(has(&d, "listener", "allow_from",
			DRAFT_NOBODY));
		CU_ASSERT_TRUE(has(&d, "listener", "deny_from", NULL));
		CU_ASSERT_EQUAL(report_count(&r, IMPORT_REFUSED),
			i < 2 ? 2 : 1);
		draft_free(&d);
		report_free(&r);
	}
}

CU_TestInfo unit_tests[] = {
	{ "networks that are left out", test_networks },
	CU_TEST_INFO_NULL,
};
