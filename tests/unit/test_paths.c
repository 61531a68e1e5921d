/*
 * test_paths.c - paths as replies and logs show them.
 */
#include "common/base.h"

#include "tests/unit/tree.h"
#include "tests/unit/unit.h"
#include "worker/tree/paths.h"

const char *const unit_name = "paths";

static void
check_quoted(const char *path, const char *expected)
{
	BUFFER(b, 64);

	paths_add_quoted(&b, path);
	CU_ASSERT_STRING_EQUAL(buffer_text(&b), expected);
	CU_ASSERT_FALSE(b.overflow);
}

static void
test_quotes_are_doubled(void)
{
	check_quoted("/", "\"/\"");
	check_quoted("", "\"\"");
	check_quoted("/home/anna", "\"/home/anna\"");
	check_quoted("/a\"b", "\"/a\"\"b\"");
	check_quoted("\"\"", "\"\"\"\"\"\"");
	check_quoted("/a blank/\xc3\xa4\xff", "\"/a blank/\xc3\xa4\xff\"");
}

static void
test_no_line_end_in_a_reply(void)
{
	check_quoted("/a\r\n226 b", "\"/a??226 b\"");
	check_quoted("\n", "\"?\"");
}

static void
test_quoting_tells_of_overflow(void)
{
	BUFFER(b, 6);

	paths_add_quoted(&b, "/a\"");
	CU_ASSERT_TRUE(b.overflow);
}

static void
check_absolute(const char *cwd, const char *path, const char *expected)
{
	BUFFER(b, 64);

	buffer_add_text(&b, ">");
	CU_ASSERT_EQUAL(paths_absolute(&b, cwd, path), 0);
	CU_ASSERT_STRING_EQUAL(buffer_text(&b) + 1, expected);
	CU_ASSERT_EQUAL(b.data[0], '>');
	CU_ASSERT_EQUAL(b.len, strlen(b.data));
}

static void
test_absolute(void)
{
	check_absolute("/home/anna", "f", "/home/anna/f");
	check_absolute("/home/anna", "", "/home/anna");
	check_absolute("/home/anna", "a/b/c", "/home/anna/a/b/c");
	check_absolute("/", "f", "/f");
	check_absolute("/", "", "/");
	check_absolute("/home/anna", "/etc/passwd", "/etc/passwd");
	check_absolute("/home/anna", "/", "/");
}

static void
test_dots_and_slashes(void)
{
	check_absolute("/home/anna", ".", "/home/anna");
	check_absolute("/home/anna", "./f/.", "/home/anna/f");
	check_absolute("/home/anna", "..", "/home");
	check_absolute("/home/anna", "../bob/f", "/home/bob/f");
	check_absolute("/home/anna", "../../../../x", "/x");
	check_absolute("/home/anna", "../..", "/");
	check_absolute("/a", "b//c///", "/a/b/c");
	check_absolute("/a", "//b", "/b");
	check_absolute("/a/", "b/..", "/a");
	check_absolute("/a", "...", "/a/...");
	check_absolute("/a", "..b/.c", "/a/..b/.c");
}

static void
test_too_long(void)
{
	BUFFER(b, 10);

	CU_ASSERT_EQUAL(paths_absolute(&b, "/1234", "678"), 0);
	CU_ASSERT_STRING_EQUAL(buffer_text(&b), "/1234/678");
	buffer_clear(&b);
	CU_ASSERT_EQUAL(paths_absolute(&b, "/1234", "6789"), -ENAMETOOLONG);
	buffer_clear(&b);
	CU_ASSERT_EQUAL(paths_absolute(&b, "/123456789/x", ".."),
		-ENAMETOOLONG);
}

static void
test_working_directory(void)
{
	char text[PATH_MAX], small[4];
	struct tree t;

	tree_open(&t);
	CU_ASSERT_STRING_EQUAL(paths_cwd(text, sizeof(text)), t.top);
	CU_ASSERT_PTR_EQUAL(paths_cwd(text, sizeof(text)), text);
	CU_ASSERT_STRING_EQUAL(paths_cwd(small, sizeof(small)), "");

	tree_directory("gone");
	CU_ASSERT_EQUAL(chdir("gone"), 0);
	CU_ASSERT_EQUAL(rmdir("../gone"), 0);
	CU_ASSERT_STRING_EQUAL(paths_cwd(text, sizeof(text)), "(unreachable)");
	tree_close(&t);
}

CU_TestInfo unit_tests[] = {
	{ "quotes are doubled", test_quotes_are_doubled },
	{ "a line end cannot get into a reply", test_no_line_end_in_a_reply },
	{ "a quoted path that does not fit says so",
		test_quoting_tells_of_overflow },
	{ "names are set against the directory", test_absolute },
	{ "dots and slashes are worked out", test_dots_and_slashes },
	{ "a path that does not fit says so", test_too_long },
	{ "the working directory, also a removed one",
		test_working_directory },
	CU_TEST_INFO_NULL,
};
