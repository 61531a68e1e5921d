/*
 * suite_listing_order.c - the order of listings, and entries that cannot be
 * looked at.
 */
#include "common/base.h"
#include "tests/functional/functional.h"

#include "common/buffer.h"
#include "tests/functional/accounts.h"
#include "tests/functional/files.h"
#include "tests/functional/lists.h"

#include <dirent.h>
#include <sys/stat.h>

const char *const functional_name = "listing_order";

#define DIRECTORY "/home/anna/many"
#define COUNT	  120

/* Names that no directory keeps in this order. */
static void
make_files(void)
{
	char path[64];

	files_mkdir_as("anna", DIRECTORY, 0755);
	for (int i = 0; i < COUNT; i++) {
		snprintf(path, sizeof(path), DIRECTORY "/r%03d.csv",
			i * 37 % COUNT);
		files_write_as("anna", path, "x", 1);
	}
}

/* Are the lines with ".csv" all there, and their names in order? */
static void
check_sorted(const char *command, const char *text)
{
	char last[32] = "", name[32];
	int count = 0;

	for (const char *at = text; (at = strstr(at, ".csv")) != NULL; at++) {
		snprintf(name, sizeof(name), "%.4s", at - 4);
		CHECK_SAYS(strcmp(last, name) < 0, "%s: %s comes after %s",
			command, name, last);
		memcpy(last, name, sizeof(last));
		count++;
	}
	CHECK_SAYS(count == COUNT, "%s: %d entries", command, count);
}

static void
test_by_name(void)
{
	static const char *const commands[] = { "LIST", "LIST -a", "NLST",
		"MLSD", "LIST *.csv", "NLST r*" };
	struct server s;
	struct ftp c;

	if (!SERVER(&s) || !ftp_enter(&c, "anna"))
		return;
	make_files();
	EXPECT(&c, 250, "CWD " DIRECTORY);
	for (size_t i = 0; i < ARRAY_SIZE(commands); i++) {
		char *text = lists_get(&c, commands[i]);
		check_sorted(commands[i], text);
		free(text);
	}
	EXPECT(&c, 213, "STAT " DIRECTORY);
	check_sorted("STAT", c.text);
	/* Bytes decide, not the locale. */
	files_write_as("anna", "/home/anna/b", "", 0);
	files_write_as("anna", "/home/anna/B", "", 0);
	files_write_as("anna", "/home/anna/\xc3\xa4", "", 0);
	files_write_as("anna", "/home/anna/a", "", 0);
	EXPECT(&c, 250, "CWD /home/anna");
	CHECK_LISTING(&c, "NLST",
		"B\r\na\r\nb\r\nmany\r\n\xc3\xa4\r\n");
	ftp_close(&c);
	server_stop(&s);
}

/* As readdir() has it, for one account. */
static void
test_none(void)
{
	BUFFER(expected, 16384);
	DIR *dir;
	struct dirent *entry;
	struct server s;
	struct ftp c;

	server_configure("[user \"bert\"]\nlist_sort = none\n");
	if (!SERVER(&s))
		return;
	make_files();
	dir = opendir(DIRECTORY);
	while (CHECK(dir != NULL) && (entry = readdir(dir)) != NULL)
		if (entry->d_name[0] != '.')
			buffer_addf(&expected, "%s\r\n", entry->d_name);
	if (dir != NULL)
		closedir(dir);
	CHECK(chmod("/home/anna", 0755) == 0);
	if (!ftp_enter(&c, "bert"))
		return;
	EXPECT(&c, 250, "CWD " DIRECTORY);
	CHECK_LISTING(&c, "NLST", buffer_text(&expected));
	ftp_close(&c);
	if (!ftp_enter(&c, "anna"))
		return;
	EXPECT(&c, 250, "CWD " DIRECTORY);
	char *text = lists_get(&c, "NLST");
	check_sorted("NLST", text);
	free(text);
	ftp_close(&c);
	server_stop(&s);
}

/* More than max_list_entries: all of it, in whatever order, and a line in the
 * log. */
static void
test_too_many(void)
{
	struct server s;
	struct ftp c;

	if (!SERVER(&s, "limits.max_list_entries=100") ||
	    !ftp_enter(&c, "anna"))
		return;
	make_files();
	char *text = lists_get(&c, "LIST " DIRECTORY);
	CHECK_NUMBER(lists_count_lines(text), COUNT);
	CHECK_TEXT(c.text, "226 Transfer complete.");
	free(text);
	CHECK_LOGGED(0, "info session=1 peer=127.0.0.1 user=anna session: "
		"listing of " DIRECTORY " is not sorted: more than 100 entries "
		"(max_list_entries)");
	ftp_close(&c);
	server_stop(&s);
}

/* A directory that may be read but not searched: stat() fails for every
 * entry, and still they are there. */
static void
test_unsearchable(void)
{
	struct server s;
	struct ftp c;

	if (!SERVER(&s) || !ftp_enter(&c, "anna"))
		return;
	files_mkdir_as("anna", "/home/anna/d", 0755);
	files_mkdir_as("anna", "/home/anna/d/sub", 0755);
	files_write_as("anna", "/home/anna/d/file", "x", 1);
	CHECK(chmod("/home/anna/d", 0444) == 0);
	CHECK_LISTING(&c, "NLST d", "d/file\r\nd/sub\r\n");
	char *text = lists_get(&c, "LIST d");
	CHECK_NUMBER(lists_count_lines(text), 2);
	/* nine columns, as every parser of ls -l wants them */
	CHECK_HAS(text, "----------   1 ");
	CHECK_HAS(text, " 0 Jan  1  1970 file\r\n");
	CHECK_HAS(text, "d---------   1 ");
	CHECK_HAS(text, " 0 Jan  1  1970 sub\r\n");
	free(text);
	text = lists_get(&c, "MLSD d");
	CHECK_HAS(text, "type=file; file\r\n");
	CHECK_HAS(text, "type=dir; sub\r\n");
	free(text);
	text = lists_get(&c, "LIST -t d");
	CHECK_NUMBER(lists_count_lines(text), 2);
	free(text);
	CHECK(chmod("/home/anna/d", 0755) == 0);
	ftp_close(&c);
	server_stop(&s);
}

/* vsftpd skips blanks before the path, and so do clients' habits. */
static void
test_blanks(void)
{
	struct server s;
	struct ftp c;

	if (!SERVER(&s) || !ftp_enter(&c, "anna"))
		return;
	files_mkdir_as("anna", "/home/anna/d", 0755);
	files_write_as("anna", "/home/anna/d/f", "x", 1);
	CHECK_LISTING(&c, "NLST  d", "d/f\r\n");
	CHECK_LISTING(&c, "NLST -1   d", "d/f\r\n");
	char *text = lists_get(&c, "LIST   -l   d");
	CHECK_NUMBER(lists_count_lines(text), 1);
	free(text);
	/* Which no name that begins with one suffers from. */
	files_write_as("anna", "/home/anna/ f", "x", 1);
	CHECK_LISTING(&c, "NLST --  f", " f\r\n");
	ftp_close(&c);
	server_stop(&s);
}

CU_TestInfo functional_tests[] = {
	{ "listings are sorted by name", test_by_name },
	{ "list_sort = none: in directory order", test_none },
	{ "above max_list_entries: unsorted but complete", test_too_many },
	{ "entries whose stat() fails are listed", test_unsearchable },
	{ "blanks before the path are skipped", test_blanks },
	CU_TEST_INFO_NULL,
};
