/*
 * test_settings_words.c - values with words of their own: -1 for none, and
 * lists of named words.
 */
#include "common/base.h"
#include "tests/unit/unit.h"

#include "common/settings/settings_value.h"

const char *const unit_name = "settings_words";

static bool
is_number(const struct settings_row *row, const char *text, int64_t expected)
{
	int64_t n = 77;
	bool good = settings_value_parse(row, text, &n) == 0;

	return good ? n == expected : n == 77 && expected == 77;
}

/* Only where the row says so, and no other negative number. */
static void
test_none(void)
{
	const struct settings_row number = {
		.kind = SETTINGS_NUMBER, .min = -1, .max = 9,
	};
	const struct settings_row size = {
		.kind = SETTINGS_SIZE, .min = -1, .max = 1 << 20,
	};
	const struct settings_row positive = {
		.kind = SETTINGS_NUMBER, .min = 0, .max = 9,
	};

	CU_ASSERT_TRUE(is_number(&number, "-1", -1));
	CU_ASSERT_TRUE(is_number(&number, "0", 0));
	CU_ASSERT_TRUE(is_number(&number, "9", 9));
	CU_ASSERT_TRUE(is_number(&number, "-2", 77));
	CU_ASSERT_TRUE(is_number(&number, "-01", 77));
	CU_ASSERT_TRUE(is_number(&number, "-", 77));
	CU_ASSERT_TRUE(is_number(&number, "10", 77));
	CU_ASSERT_TRUE(is_number(&size, "-1", -1));
	CU_ASSERT_TRUE(is_number(&size, "1k", 1024));
	CU_ASSERT_TRUE(is_number(&size, "-1k", 77));
	CU_ASSERT_TRUE(is_number(&positive, "-1", 77));
}

static bool
is_list(const char *text, const char *expected)
{
	const struct settings_row row = {
		.kind = SETTINGS_LIST, .min = 0, .max = 99, .unit = "one|two",
	};
	char *field = NULL;
	bool good = settings_value_parse(&row, text, &field) == 0;
	bool same = expected == NULL ? !good :
		good && strcmp(field, expected) == 0;

	free(field);
	return same;
}

static void
test_named_words(void)
{
	CU_ASSERT_TRUE(is_list("", ""));
	CU_ASSERT_TRUE(is_list("one", "one"));
	CU_ASSERT_TRUE(is_list("Two,one", "Two one"));
	CU_ASSERT_TRUE(is_list("three", NULL));
	CU_ASSERT_TRUE(is_list("one three", NULL));
	CU_ASSERT_TRUE(is_list("on", NULL));
	CU_ASSERT_TRUE(is_list("|", NULL));
}

CU_TestInfo unit_tests[] = {
	{ "-1 for none", test_none },
	{ "lists of named words", test_named_words },
	CU_TEST_INFO_NULL,
};
