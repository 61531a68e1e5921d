/*
 * test_listing.c - LIST, NLST and MLSD of files, directories and patterns.
 */
#include "common/base.h"

#include "tests/unit/listing_text.h"
#include "tests/unit/scratch.h"
#include "tests/unit/unit.h"

#include <sys/stat.h>

const char *const unit_name = "listing";

static struct scratch tree;

/* a (10 bytes, newest), b (30), c (20, oldest), .hidden, dir with x and y. */
static void
make_tree(void)
{
	time_t now = time(NULL);

	scratch_open(&tree);
	scratch_file("a", 10, now);
	scratch_file("b", 30, now - 20);
	scratch_file("c", 20, now - 30);
	scratch_file(".hidden", 0, now);
	scratch_directory("dir");
	scratch_file("dir/x", 0, now);
	scratch_file("dir/y", 0, now);
}

static void
check(enum listing_format format, const char *path, const char *expected)
{
	struct listing_request request = listing_text_request(format, path);

	CU_ASSERT_STRING_EQUAL(listing_text_sorted(&request), expected);
}

static void
test_names(void)
{
	make_tree();
	check(LISTING_NAMES, "", "a|b|c|dir|");
	check(LISTING_NAMES, ".", "a|b|c|dir|");
	check(LISTING_NAMES, "./", "a|b|c|dir|");
	check(LISTING_NAMES, "dir", "dir/x|dir/y|");
	check(LISTING_NAMES, "dir/", "dir/x|dir/y|");
	check(LISTING_NAMES, "./dir", "./dir/x|./dir/y|");
	check(LISTING_NAMES, "dir/../dir", "dir/../dir/x|dir/../dir/y|");
	check(LISTING_NAMES, "a", "a|");
	check(LISTING_NAMES, "dir/x", "dir/x|");
	scratch_close(&tree);
}

static void
test_hidden(void)
{
	struct listing_request request;

	make_tree();
	request = listing_text_request(LISTING_NAMES, "");
	request.all = true;
	CU_ASSERT_STRING_EQUAL(listing_text_sorted(&request),
		".|..|.hidden|a|b|c|dir|");
	check(LISTING_NAMES, ".hidden", ".hidden|");
	scratch_close(&tree);
}

static void
test_long(void)
{
	struct listing_request request = listing_text_request(LISTING_LONG,
		"dir/x");
	const char *text;

	make_tree();
	text = listing_text(&request, LISTING_LINE_MAX, NULL);
	CU_ASSERT_EQUAL(strncmp(text, "-rw-r--r--   1 ", 15), 0);
	CU_ASSERT_STRING_EQUAL(text + strlen(text) - 8, " dir/x\r\n");
	CU_ASSERT_EQUAL(listing_text_lines(text), 1);

	request.path = "dir";
	text = listing_text_sorted(&request);
	CU_ASSERT_PTR_NOT_NULL(strstr(text, " x|-rw"));
	CU_ASSERT_PTR_NOT_NULL(strstr(text, " y|"));
	CU_ASSERT_PTR_NULL(strstr(text, "total"));
	scratch_close(&tree);
}

static void
test_facts(void)
{
	make_tree();
	check(LISTING_FACTS, "", "type=cdir; .|type=dir; dir|"
		"type=file; .hidden|type=file; a|type=file; b|type=file; c|"
		"type=pdir; ..|");
	check(LISTING_FACTS, "dir", "type=cdir; .|type=file; x|type=file; y|"
		"type=pdir; ..|");
	check(LISTING_FACTS, "a", "(error 20)");
	check(LISTING_FACTS, "*", "(error 2)");
	check(LISTING_FACTS, "none", "(error 2)");
	scratch_close(&tree);
}

static void
test_directory_itself(void)
{
	struct listing_request request;

	make_tree();
	request = listing_text_request(LISTING_NAMES, "dir");
	request.directory_itself = true;
	CU_ASSERT_STRING_EQUAL(listing_text_sorted(&request), "dir|");
	request.path = "";
	CU_ASSERT_STRING_EQUAL(listing_text_sorted(&request), ".|");
	request.path = "d*";
	CU_ASSERT_STRING_EQUAL(listing_text_sorted(&request), "dir|");
	request.path = "none";
	CU_ASSERT_STRING_EQUAL(listing_text_sorted(&request), "(error 2)");
	scratch_close(&tree);
}

static void
test_links(void)
{
	make_tree();
	scratch_link("dir", "to-dir");
	scratch_link("nowhere", "broken");
	scratch_link("self", "self");
	check(LISTING_NAMES, "to-dir", "to-dir/x|to-dir/y|");
	check(LISTING_NAMES, "broken", "broken|");
	check(LISTING_NAMES, "self", "self|");
	check(LISTING_FACTS, "broken", "(error 2)");
	scratch_close(&tree);
}

static void
test_refusals(void)
{
	uid_t before = geteuid();

	make_tree();
	check(LISTING_NAMES, "none", "(error 2)");
	check(LISTING_LONG, "none/x", "(error 2)");
	check(LISTING_LONG, "a/x", "(error 20)");
	check(LISTING_LONG, "a/", "(error 20)");

	CU_ASSERT_EQUAL(chmod("dir", 0), 0);
	CU_ASSERT_EQUAL(chmod(tree.top, 0755), 0);
	if (before == 0)
		CU_ASSERT_EQUAL(seteuid(65534), 0);
	check(LISTING_LONG, "dir", "(error 13)");
	check(LISTING_NAMES, "dir/x", "(error 13)");
	check(LISTING_NAMES, "dir/*", "(error 13)");
	check(LISTING_FACTS, "dir", "(error 13)");
	CU_ASSERT_EQUAL(seteuid(before), 0);
	scratch_close(&tree);
}

static void
test_patterns(void)
{
	make_tree();
	scratch_file("file.txt", 0, 0);
	check(LISTING_NAMES, "*", "a|b|c|dir|file.txt|");
	check(LISTING_NAMES, "?", "a|b|c|");
	check(LISTING_NAMES, "[a-b]", "a|b|");
	check(LISTING_NAMES, "*.t?t", "file.txt|");
	check(LISTING_NAMES, "dir/*", "dir/x|dir/y|");
	check(LISTING_NAMES, "./dir/[!x]", "./dir/y|");
	check(LISTING_NAMES, "no*match", "");
	check(LISTING_NAMES, "d*/x", "(error 2)");
	check(LISTING_NAMES, "none/*", "(error 2)");
	check(LISTING_NAMES, "[a", "(error 2)");
	check(LISTING_NAMES, "[?", "");
	check(LISTING_NAMES, "?????????*", "(error 7)");
	scratch_close(&tree);
}

static void
test_patterns_and_dots(void)
{
	struct listing_request request;

	make_tree();
	check(LISTING_NAMES, ".*", ".hidden|");
	check(LISTING_NAMES, "*hidden", "");
	request = listing_text_request(LISTING_NAMES, "*");
	request.all = true;
	CU_ASSERT_STRING_EQUAL(listing_text_sorted(&request),
		".hidden|a|b|c|dir|");
	scratch_close(&tree);
}

/* A name that looks like a pattern is the name when it is there. */
static void
test_names_like_patterns(void)
{
	make_tree();
	scratch_file("[ab]", 0, 0);
	scratch_file("x*", 0, 0);
	scratch_file("xy", 0, 0);
	check(LISTING_NAMES, "[ab]", "[ab]|");
	check(LISTING_NAMES, "x*", "x*|");
	check(LISTING_NAMES, "x?", "x*|xy|");
	scratch_close(&tree);
}

/* The order that these letters give; n is list_sort = name. */
static void
check_order(const char *letters, const char *expected)
{
	struct listing_request request = listing_text_request(LISTING_NAMES,
		"[abc]");

	request.by_name = strchr(letters, 'n') != NULL;
	request.by_time = strchr(letters, 't') != NULL;
	request.by_size = strchr(letters, 'S') != NULL;
	request.reverse = strchr(letters, 'r') != NULL;
	CU_ASSERT_STRING_EQUAL(listing_text(&request, LISTING_LINE_MAX, NULL),
		expected);
}

static void
test_order(void)
{
	make_tree();
	check_order("t", "a\r\nb\r\nc\r\n");
	check_order("tr", "c\r\nb\r\na\r\n");
	check_order("S", "b\r\nc\r\na\r\n");
	check_order("Sr", "a\r\nc\r\nb\r\n");
	check_order("r", "c\r\nb\r\na\r\n");
	check_order("n", "a\r\nb\r\nc\r\n");
	check_order("nr", "c\r\nb\r\na\r\n");
	check_order("nS", "b\r\nc\r\na\r\n");
	scratch_close(&tree);
}

/* Every format, by bytes: capitals first, umlauts last. */
static void
test_by_name(void)
{
	static const char *const names[] = { "b", "B", "a", "\xc3\xa4", "10",
		"9", "a b", "-" };
	struct listing_request request = listing_text_request(LISTING_NAMES,
		"");

	scratch_open(&tree);
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		scratch_file(names[i], 0, 0);
	request.by_name = true;
	CU_ASSERT_STRING_EQUAL(listing_text(&request, LISTING_LINE_MAX, NULL),
		"-\r\n10\r\n9\r\nB\r\na\r\na b\r\nb\r\n\xc3\xa4\r\n");
	request.format = LISTING_FACTS;
	request.facts = 0;
	CU_ASSERT_STRING_EQUAL(listing_text(&request, LISTING_LINE_MAX, NULL),
		" -\r\n .\r\n ..\r\n 10\r\n 9\r\n B\r\n a\r\n a b\r\n b\r\n"
		" \xc3\xa4\r\n");
	scratch_close(&tree);
}

/* Buffers of any size that holds a line give the same text. */
static void
test_any_buffer(void)
{
	static const enum listing_format formats[] = {
		LISTING_LONG, LISTING_NAMES, LISTING_FACTS,
	};
	char name[64];

	scratch_open(&tree);
	for (int i = 0; i < 100; i++) {
		snprintf(name, sizeof(name), "%0*d", i % 40 + 2, i);
		scratch_file(name, i, 0);
	}
	for (size_t i = 0; i < ARRAY_SIZE(formats); i++) {
		struct listing_request request =
			listing_text_request(formats[i], "");
		char *whole = strdup(listing_text(&request, 65536, NULL));
		size_t count = listing_text_lines(whole);
		CU_ASSERT_TRUE(count == 100 || count == 102);
		for (size_t size = 130; size < 400; size += 7)
			CU_ASSERT_STRING_EQUAL(listing_text(&request, size,
				NULL), whole);
		free(whole);
	}
	scratch_close(&tree);
}

static void
test_buffer_too_small(void)
{
	struct listing_request request = listing_text_request(LISTING_NAMES,
		"");

	scratch_open(&tree);
	scratch_file("1234567", 0, 0);
	CU_ASSERT_STRING_EQUAL(listing_text(&request, 9, NULL), "(error 90)");
	CU_ASSERT_STRING_EQUAL(listing_text(&request, 10, NULL),
		"1234567\r\n");
	scratch_close(&tree);
}

/* The longest line there can be fits LISTING_LINE_MAX. */
static void
test_longest_line(void)
{
	char path[PATH_MAX] = "", name[256], target[PATH_MAX];
	struct listing_request request = listing_text_request(LISTING_LONG,
		path);

	scratch_open(&tree);
	memset(name, 'n', 255);
	name[255] = '\0';
	memset(target, 't', sizeof(target));
	target[PATH_MAX - 1] = '\0';
	scratch_link(target, name);
	/* The longest path that can be opened, with a pattern behind it. */
	memset(path, '/', sizeof(path));
	memcpy(path, ".", 1);
	memcpy(path + PATH_MAX - 3, "n*", 3);
	const char *text = listing_text(&request, LISTING_LINE_MAX, NULL);
	CU_ASSERT_PTR_NOT_NULL(strstr(text, target));
	CU_ASSERT_TRUE(strlen(text) > 2 * (PATH_MAX - 4) + 255);
	scratch_close(&tree);
}

static void
test_vanished_entries(void)
{
	struct listing_request request = listing_text_request(LISTING_LONG,
		"");
	char text[LISTING_LINE_MAX], name[16];
	struct listing *listing;
	size_t len;

	scratch_open(&tree);
	for (int i = 0; i < 20; i++) {
		snprintf(name, sizeof(name), "f%d", i);
		scratch_file(name, 0, 0);
	}
	CU_ASSERT_EQUAL_FATAL(listing_open(&listing, &request), 0);
	CU_ASSERT_EQUAL(listing_fill(listing, text, 100, &len), 1);
	CU_ASSERT_TRUE(len > 0 && len < 100);
	for (int i = 0; i < 20; i++) {
		snprintf(name, sizeof(name), "f%d", i);
		CU_ASSERT_EQUAL(unlink(name), 0);
	}
	CU_ASSERT_EQUAL(listing_fill(listing, text, sizeof(text), &len), 0);
	CU_ASSERT_EQUAL(len, 0);
	CU_ASSERT_EQUAL(listing_fill(listing, text, sizeof(text), &len), 0);
	listing_close(listing);
	scratch_close(&tree);
}

CU_TestInfo unit_tests[] = {
	{ "NLST gives names that mget can use", test_names },
	{ "hidden files are shown when asked for", test_hidden },
	{ "LIST gives one line per entry and no total", test_long },
	{ "MLSD gives all of a directory, and directories only", test_facts },
	{ "-d gives the directory itself", test_directory_itself },
	{ "links to directories are listed, broken ones shown", test_links },
	{ "other types of files are refused", test_refusals },
	{ "patterns apply to the last component", test_patterns },
	{ "patterns and hidden files", test_patterns_and_dots },
	{ "a name that looks like a pattern", test_names_like_patterns },
	{ "sorted by time, size and name, both ways", test_order },
	{ "by name means by bytes, in every format", test_by_name },
	{ "any buffer gives the same lines", test_any_buffer },
	{ "a buffer without room for a line is an error",
		test_buffer_too_small },
	{ "the longest line fits", test_longest_line },
	{ "entries removed meanwhile are left out", test_vanished_entries },
	CU_TEST_INFO_NULL,
};
