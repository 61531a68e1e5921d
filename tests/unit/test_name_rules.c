/*
 * test_name_rules.c - patterns for names, without files.
 */
#include "common/base.h"

#include "tests/unit/unit.h"
#include "worker/reason.h"
#include "worker/tree/name_rules.h"

const char *const unit_name = "name_rules";

static char deny[] = "*.exe private .ht*", allow[] = "*.txt ?",
	hide[] = "h* .secret";

static void
test_check(void)
{
	static const struct {
		const char *path;
		int error;
	} rows[] = {
		{ "", 0 }, { "/", 0 }, { ".", 0 }, { "..", 0 }, { "../..", 0 },
		{ "a", 0 }, { "/a/b/c", 0 }, { "exe", 0 }, { "a.exe.txt", 0 },
		{ "a.exe", -REASON_NAME }, { "/a/b.exe/c", -REASON_NAME },
		{ "private", -REASON_NAME }, { "a/private/", -REASON_NAME },
		{ "private2", 0 }, { ".htaccess", -REASON_NAME },
		{ "//a//.htx//", -REASON_NAME }, { ".rc", 0 },
	};
	struct user_settings s = { .deny_names = deny };

	CU_ASSERT_TRUE(name_rules_exist(&s));
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		CU_ASSERT_EQUAL(name_rules_check(&s, rows[i].path),
			rows[i].error);
}

static void
test_hidden(void)
{
	struct user_settings s = { .show_hidden = SHOW_HIDDEN_NO };

	CU_ASSERT_TRUE(name_rules_exist(&s));
	CU_ASSERT_EQUAL(name_rules_check(&s, "a/../b/./c"), 0);
	CU_ASSERT_EQUAL(name_rules_check(&s, ".rc"), -ENOENT);
	CU_ASSERT_EQUAL(name_rules_check(&s, "a/.d/f"), -ENOENT);
	CU_ASSERT_EQUAL(name_rules_check(&s, "..."), -ENOENT);
	CU_ASSERT_EQUAL(name_rules_check(&s, "..a"), -ENOENT);
	s.show_hidden = SHOW_HIDDEN_ALWAYS;
	CU_ASSERT_FALSE(name_rules_exist(&s));
	CU_ASSERT_EQUAL(name_rules_check(&s, ".rc"), 0);
}

static void
test_new(void)
{
	struct user_settings s = { .allow_names = allow };

	CU_ASSERT_TRUE(name_rules_exist(&s));
	CU_ASSERT_EQUAL(name_rules_check_new(&s, "a.txt"), 0);
	CU_ASSERT_EQUAL(name_rules_check_new(&s, "x"), 0);
	CU_ASSERT_EQUAL(name_rules_check_new(&s, "\xc3\xa9/"), 0);
	CU_ASSERT_EQUAL(name_rules_check_new(&s, "xy"), -REASON_NAME);
	CU_ASSERT_EQUAL(name_rules_check_new(&s, "a.TXT"), -REASON_NAME);
	s.allow_names = NULL;
	CU_ASSERT_EQUAL(name_rules_check_new(&s, "xy"), 0);
}

static void
test_download(void)
{
	struct user_settings s = { .download_names = allow };

	CU_ASSERT_TRUE(name_rules_exist(&s));
	CU_ASSERT_EQUAL(name_rules_check_download(&s, "a.txt"), 0);
	CU_ASSERT_EQUAL(name_rules_check_download(&s, "a.exe"), -REASON_NAME);
	CU_ASSERT_EQUAL(name_rules_check_new(&s, "a.exe"), 0);
}

static void
test_show(void)
{
	static const struct {
		int show_hidden;
		const char *name;
		bool unasked, asked;
	} rows[] = {
		{ SHOW_HIDDEN_ASKED, "a", true, true },
		{ SHOW_HIDDEN_ASKED, ".rc", false, true },
		{ SHOW_HIDDEN_ASKED, "..", false, true },
		{ SHOW_HIDDEN_ASKED, "hx", false, false },
		{ SHOW_HIDDEN_ASKED, ".secret", false, false },
		{ SHOW_HIDDEN_ALWAYS, ".rc", true, true },
		{ SHOW_HIDDEN_ALWAYS, ".", false, true },
		{ SHOW_HIDDEN_ALWAYS, ".secret", false, false },
		{ SHOW_HIDDEN_NO, ".rc", false, false },
		{ SHOW_HIDDEN_NO, "..", false, true },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct user_settings s = { .hide_names = hide,
			.show_hidden = rows[i].show_hidden };
		CU_ASSERT_EQUAL(name_rules_show(&s, rows[i].name, false),
			rows[i].unasked);
		CU_ASSERT_EQUAL(name_rules_show(&s, rows[i].name, true),
			rows[i].asked);
	}
}

CU_TestInfo unit_tests[] = {
	{ "denied names, in any component", test_check },
	{ "hidden names do not exist", test_hidden },
	{ "names that can be downloaded", test_download },
	{ "allowed names of new files", test_new },
	{ "names in listings", test_show },
	CU_TEST_INFO_NULL,
};
