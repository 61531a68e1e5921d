/*
 * test_settings_accounts.c - warnings about settings of accounts.
 */
#include "common/base.h"

#include "common/settings/settings_check.h"
#include "tests/unit/unit.h"
#include "tests/unit/with_settings.h"

const char *const unit_name = "settings_accounts";

/* One quota_file is right if all accounts have one quota_root. */
static void
test_quota_file(void)
{
	static const struct {
		const char *file, *root, *jail, *home;
		bool mixed;
	} rows[] = {
		{ "/q/f", "home", "no", "", true },
		{ "/q/f", "home", "no", "/srv/%u", true },
		{ "/q/f", "home", "no", "/srv/all", false },
		{ "/q/f", "jail", "no", "", true },
		{ "/q/f", "jail", "no", "/srv/all", false },
		{ "/q/f", "jail", "home", "", true },
		{ "/q/f", "jail", "home", "/srv/all", false },
		{ "/q/f", "jail", "/srv/%u", "/srv/all", true },
		{ "/q/f", "jail", "/srv/all", "", false },
		{ "/q/f", "/srv/%g", "no", "/srv/all", true },
		{ "/q/f", "/srv/all", "no", "", false },
		{ "/q/%u", "home", "no", "", false },
	};
	char text[500];
	struct complaints c;

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		snprintf(text, sizeof(text), "[quota]\nquota_file = %s\n"
		    "quota_root = %s\n[session]\njail = %s\n[auth]\n"
		    "home = %s\n", rows[i].file, rows[i].root, rows[i].jail,
		    rows[i].home);
		struct settings *s = with_text(text, &c);
		CU_ASSERT_PTR_NOT_NULL_FATAL(s);
		settings_warn(s, with_complaint, &c);
		bool mixed = strstr(buffer_text(&c.text),
		    "counts would be mixed") != NULL;
		if (mixed != rows[i].mixed)
			printf("\n  row %zu", i);
		CU_ASSERT_EQUAL(mixed, rows[i].mixed);
		settings_free(s);
	}
}

/* ... or only one account has a limit. */
static void
test_quota_file_of_one(void)
{
	static const struct {
		const char *limits;
		bool mixed;
	} rows[] = {
		{ "", true },
		{ "[quota]\nquota_bytes = 5\n", true },
		{ "[anonymous]\nquota_bytes = 5\n", false },
		{ "[anonymous]\nquota_soft_files = 5\n", false },
		{ "[anonymous]\nquota_bytes = 5\n"
		    "[group g]\nquota_files = 5\n", true },
		{ "[anonymous]\nquota_bytes = 5\n"
		    "[user u]\nquota_soft_bytes = 5\n", true },
		{ "[anonymous]\nquota_bytes = 5\n"
		    "[user u]\nidle_timeout = 5m\n", false },
		{ "[quota]\nquota_files = 5\n[anonymous]\n"
		    "quota_bytes = 5\n", true },
	};
	char text[500];
	struct complaints c;

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		snprintf(text, sizeof(text), "[quota]\nquota_file = /q/f\n%s",
			rows[i].limits);
		struct settings *s = with_text(text, &c);
		CU_ASSERT_PTR_NOT_NULL_FATAL(s);
		settings_warn(s, with_complaint, &c);
		bool mixed = strstr(buffer_text(&c.text),
		    "counts would be mixed") != NULL;
		if (mixed != rows[i].mixed)
			printf("\n  row %zu", i);
		CU_ASSERT_EQUAL(mixed, rows[i].mixed);
		settings_free(s);
	}
}

CU_TestInfo unit_tests[] = {
	{ "one quota_file for different directories", test_quota_file },
	{ "one quota_file where few have a limit", test_quota_file_of_one },
	CU_TEST_INFO_NULL,
};
