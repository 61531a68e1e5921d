/*
 * test_listing_line.c - the line of one entry, as clients will parse it.
 */
#include "common/base.h"

#include "tests/unit/scratch.h"
#include "tests/unit/unit.h"
#include "worker/tree/listing_line.h"

#include <fcntl.h>

#define NOW 1795314545		/* 2026-11-22 02:29:05 */

const char *const unit_name = "listing_line";

static struct names *names;
static struct tree door;
static struct listing_request request;
static struct listing_line line;
static struct scratch tree;

static void
open_tree(enum listing_format format)
{
	scratch_open(&tree);
	CU_ASSERT_EQUAL_FATAL(chown(".", geteuid(), getegid()), 0);
	names = names_load("/nonexistent", "/nonexistent");
	CU_ASSERT_PTR_NOT_NULL_FATAL(names);
	CU_ASSERT_EQUAL(names_add_user(names, geteuid(), "anna"), 0);
	CU_ASSERT_EQUAL(names_add_group(names, getegid(), "staff"), 0);
	request = (struct listing_request){
		.format = format,
		.gmt = true,
		.tree = &door,
		.names = names,
	};
	line = (struct listing_line){
		.request = &request,
		.dir = AT_FDCWD,
		.prefix = "",
		.facts = { .chosen = FACT_TYPE | FACT_SIZE },
		.now = NOW,
	};
}

static void
close_tree(void)
{
	names_free(names);
	scratch_close(&tree);
}

static bool
add(struct buffer *b, const char *name)
{
	const struct listing_entry entry = { .name = name,
		.len = strlen(name) };

	return listing_line_add(&line, b, &entry);
}

static void
check(const char *name, const char *expected)
{
	BUFFER(b, 1024);

	CU_ASSERT_TRUE(add(&b, name));
	CU_ASSERT_STRING_EQUAL(buffer_text(&b), expected);
}

/* With other names of owners. */
static void
check_again(const char *name, const char *expected)
{
	line.columns.len = 0;
	check(name, expected);
}

static void
check_mode(mode_t mode, const char *expected)
{
	char text[11];

	listing_line_mode(mode, text);
	CU_ASSERT_STRING_EQUAL(text, expected);
}

static void
test_modes(void)
{
	check_mode(S_IFREG | 0644, "-rw-r--r--");
	check_mode(S_IFREG, "----------");
	check_mode(S_IFDIR | 0755, "drwxr-xr-x");
	check_mode(S_IFLNK | 0777, "lrwxrwxrwx");
	check_mode(S_IFCHR | 0620, "crw--w----");
	check_mode(S_IFBLK | 0660, "brw-rw----");
	check_mode(S_IFIFO | 0001, "p--------x");
	check_mode(S_IFSOCK | 0124, "s--x-w-r--");
	check_mode(0644, "?rw-r--r--");
}

static void
test_special_modes(void)
{
	check_mode(S_IFREG | 04755, "-rwsr-xr-x");
	check_mode(S_IFREG | 04655, "-rwSr-xr-x");
	check_mode(S_IFREG | 02755, "-rwxr-sr-x");
	check_mode(S_IFREG | 02745, "-rwxr-Sr-x");
	check_mode(S_IFDIR | 01777, "drwxrwxrwt");
	check_mode(S_IFDIR | 01776, "drwxrwxrwT");
	check_mode(S_IFREG | 07000, "---S--S--T");
}

static void
test_long(void)
{
	open_tree(LISTING_LONG);
	scratch_file("name", 1234, NOW);
	check("name", "-rw-r--r--   1 anna     staff        1234 "
		"Nov 22 02:29 name\r\n");
	scratch_file("a blank", 0, 0);
	check("a blank", "-rw-r--r--   1 anna     staff           0 "
		"Jan  1  1970 a blank\r\n");
	line.prefix = "dir/";
	check("name", "-rw-r--r--   1 anna     staff        1234 "
		"Nov 22 02:29 dir/name\r\n");
	close_tree();
}

static void
test_large_size(void)
{
	off_t size = INT64_C(1) << 40;

	open_tree(LISTING_LONG);
	scratch_file("sparse", size, NOW);
	check("sparse", "-rw-r--r--   1 anna     staff    1099511627776 "
		"Nov 22 02:29 sparse\r\n");
	close_tree();
}

static void
test_symbolic_links(void)
{
	BUFFER(b, 256);

	open_tree(LISTING_LONG);
	scratch_link("else/where", "link");
	CU_ASSERT_TRUE(add(&b, "link"));
	CU_ASSERT_EQUAL(strncmp(buffer_text(&b), "lrwxrwxrwx   1 anna ", 20),
		0);
	CU_ASSERT_PTR_NOT_NULL(strstr(buffer_text(&b),
		" link -> else/where\r\n"));
	scratch_link("x\r\ny", "odd");
	buffer_clear(&b);
	CU_ASSERT_TRUE(add(&b, "odd"));
	CU_ASSERT_PTR_NOT_NULL(strstr(buffer_text(&b), " odd -> x??y\r\n"));
	close_tree();
}

/* Owners without a name, and with one that would shift the columns. */
static void
test_owners(void)
{
	char expected[128];
	struct names *named;

	open_tree(LISTING_LONG);
	named = names;
	scratch_file("f", 1, NOW);
	snprintf(expected, sizeof(expected), "-rw-r--r--   1 %-8ju %-8ju "
		"       1 Nov 22 02:29 f\r\n", (uintmax_t)geteuid(),
		(uintmax_t)getegid());

	request.names = names = names_load("/nonexistent", "/nonexistent");
	check_again("f", expected);
	CU_ASSERT_EQUAL(names_add_user(names, geteuid(), "domain users"), 0);
	CU_ASSERT_EQUAL(names_add_group(names, getegid(), ""), 0);
	check_again("f", expected);
	names_free(names);

	request.names = names = names_load("/nonexistent", "/nonexistent");
	line.columns.len = 0;
	CU_ASSERT_EQUAL(names_add_user(names, geteuid(), "a-longer-name"), 0);
	CU_ASSERT_EQUAL(names_add_group(names, getegid(), "g"), 0);
	check("f", "-rw-r--r--   1 a-longer-name g               1 "
		"Nov 22 02:29 f\r\n");
	names_free(named);
	close_tree();
}

static void
test_names(void)
{
	open_tree(LISTING_NAMES);
	check("anything, even what is not there", "anything, even what is not "
		"there\r\n");
	check("a\rb\nc\r\n", "a?b?c??\r\n");
	check("\xff\xfe", "\xff\xfe\r\n");
	line.prefix = "dir\n/";
	check("name", "dir?/name\r\n");
	close_tree();
}

static void
test_facts(void)
{
	open_tree(LISTING_FACTS);
	scratch_file("file", 5, NOW);
	scratch_directory("dir");
	check("file", "type=file;size=5; file\r\n");
	check("dir", "type=dir; dir\r\n");
	check(".", "type=cdir; .\r\n");
	check("..", "type=pdir; ..\r\n");
	line.facts = (struct facts){ .chosen = 0 };
	check("file", " file\r\n");
	close_tree();
}

static void
test_facts_follow_links(void)
{
	open_tree(LISTING_FACTS);
	scratch_file("file", 5, NOW);
	scratch_directory("dir");
	scratch_link("file", "to-file");
	scratch_link("dir", "to-dir");
	scratch_link("nowhere", "broken");
	scratch_link("loop", "loop");
	check("to-file", "type=file;size=5; to-file\r\n");
	check("to-dir", "type=dir; to-dir\r\n");
	check("broken", "type=OS.unix=symlink;size=7; broken\r\n");
	check("loop", "type=OS.unix=symlink;size=4; loop\r\n");
	close_tree();
}

static void
test_gone(void)
{
	BUFFER(b, 64);

	open_tree(LISTING_LONG);
	CU_ASSERT_FALSE(add(&b, "gone"));
	request.format = LISTING_FACTS;
	CU_ASSERT_FALSE(add(&b, "gone"));
	CU_ASSERT_EQUAL(b.len, 0);
	close_tree();
}

CU_TestInfo unit_tests[] = {
	{ "modes as ls shows them", test_modes },
	{ "set-id and sticky bits", test_special_modes },
	{ "LIST: the columns", test_long },
	{ "LIST: a size beyond its column", test_large_size },
	{ "LIST: links show where they lead", test_symbolic_links },
	{ "LIST: owners without a usable name are numbers", test_owners },
	{ "NLST: names, without line ends", test_names },
	{ "MLSD: facts, cdir and pdir", test_facts },
	{ "MLSD: links are what they lead to", test_facts_follow_links },
	{ "an entry that was removed has no line", test_gone },
	CU_TEST_INFO_NULL,
};
