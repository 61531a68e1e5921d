/*
 * suite_site.c - SITE commands: effects on the file tree, permissions and
 * cancelling.
 */
#include "common/base.h"
#include "tests/functional/functional.h"

#include "common/buffer.h"
#include "tests/functional/files.h"
#include "tests/functional/world.h"

#include <sys/stat.h>
#include <unistd.h>

const char *const functional_name = "site";

#define HOME "/home/anna/"

static time_t
modified(const char *path, time_t *accessed)
{
	struct stat st = { 0 };

	CHECK(stat(path, &st) == 0);
	if (accessed != NULL)
		*accessed = st.st_atime;
	return st.st_mtime;
}

static void
test_utime(void)
{
	struct server s;
	struct ftp c;
	time_t accessed;

	if (!SERVER(&s) || !ftp_enter(&c, "anna"))
		return;
	files_write_as("anna", HOME "a file", "x", 1);
	EXPECT(&c, 200, "SITE UTIME 200109090146 a file");
	CHECK_NUMBER(modified(HOME "a file", NULL), 999999960);
	EXPECT(&c, 200, "SITE UTIME 20010909014640 a file");
	CHECK_NUMBER(modified(HOME "a file", NULL), 1000000000);
	EXPECT(&c, 200, "SITE UTIME a file 20010909014641 20010909014642 "
		"20010909014643 UTC");
	CHECK_NUMBER(modified(HOME "a file", &accessed), 1000000002);
	CHECK_NUMBER(accessed, 1000000001);
	EXPECT(&c, 213, "MDTM a file");
	CHECK_TEXT(c.text, "213 20010909014642");
	EXPECT(&c, 550, "SITE UTIME 200109090146 missing");
	EXPECT(&c, 550, "SITE UTIME 200109090146 /etc/passwd");
	EXPECT(&c, 501, "SITE UTIME");
	EXPECT(&c, 501, "SITE UTIME a file");
	EXPECT(&c, 501, "SITE UTIME 200113090146 a file");
	EXPECT(&c, 501, "SITE UTIME a file 20010909014641 20010909014642 UTC");
	CHECK_NUMBER(modified(HOME "a file", NULL), 1000000002);
	ftp_close(&c);
	server_stop(&s);
}

static void
test_symlink(void)
{
	char text[100] = "";
	struct server s;
	struct ftp c;

	/* Disabled by default. */
	if (!SERVER(&s) || !ftp_enter(&c, "anna"))
		return;
	EXPECT(&c, 502, "SITE SYMLINK a b");
	EXPECT(&c, 214, "SITE HELP");
	CHECK_LACKS(c.text, "SYMLINK");
	EXPECT(&c, 211, "FEAT");
	CHECK_LACKS(c.text, "SYMLINK");
	ftp_close(&c);
	server_stop(&s);

	if (!SERVER(&s, "session.allow_site_symlink=yes",
	    "session.permissions=elrw", "session.jail=home") ||
	    !ftp_enter(&c, "anna"))
		return;
	size_t mark = logged_mark();
	files_write_as("anna", HOME "f", "x", 1);
	EXPECT(&c, 211, "FEAT");
	CHECK_HAS(c.text, "\n SITE SYMLINK\n");
	EXPECT(&c, 200, "SITE SYMLINK f link");
	CHECK_NUMBER(readlink(HOME "link", text, sizeof(text) - 1), 1);
	CHECK_TEXT(text, "f");
	CHECK_LOGGED(mark, "*created symbolic link \"/home/anna/link\" "
		"(client path \"/link\") to \"f\"");
	EXPECT(&c, 200, "SITE SYMLINK \"no such file\" \"a link\"");
	CHECK_NUMBER(readlink(HOME "a link", text, sizeof(text) - 1), 12);
	CHECK_TEXT(text, "no such file");
	EXPECT(&c, 550, "SITE SYMLINK f link");
	EXPECT(&c, 550, "SITE SYMLINK f missing/link");
	EXPECT(&c, 501, "SITE SYMLINK f");
	EXPECT(&c, 501, "SITE SYMLINK a b c");
	EXPECT(&c, 501, "SITE SYMLINK \"a b");
	/* Files outside a jail are not accessible. */
	EXPECT(&c, 200, "SITE SYMLINK /etc/passwd out");
	EXPECT(&c, 550, "RETR out");
	ftp_close(&c);
	server_stop(&s);
}

static void
test_mkdir(void)
{
	struct server s;
	struct ftp c;
	BUFFER(deep, 400);

	if (!SERVER(&s) || !ftp_enter(&c, "anna"))
		return;
	EXPECT(&c, 200, "SITE MKDIR a/b c/d");
	CHECK(files_exist(HOME "a/b c/d"));
	EXPECT(&c, 200, "SITE MKDIR a/b c/d");
	EXPECT(&c, 200, "SITE MKDIR /home/anna/a/e/");
	CHECK(files_exist(HOME "a/e"));
	files_write_as("anna", HOME "f", "x", 1);
	EXPECT(&c, 550, "SITE MKDIR f/g");
	EXPECT(&c, 550, "SITE MKDIR f");
	EXPECT(&c, 550, "SITE MKDIR /etc/new/one");
	for (int i = 0; i < 65; i++)
		buffer_add_text(&deep, "n/");
	EXPECT(&c, 550, "SITE MKDIR %s", buffer_text(&deep));
	CHECK_HAS(c.text, "Too many directory levels");
	/* 64 were made; one more is too many for RMDIR. */
	EXPECT(&c, 257, "MKD %.128s/n", buffer_text(&deep));
	EXPECT(&c, 550, "SITE RMDIR n");
	CHECK_HAS(c.text, "Too many directory levels");
	EXPECT(&c, 250, "SITE RMDIR n/n");
	EXPECT(&c, 501, "SITE MKDIR");
	ftp_close(&c);
	server_stop(&s);
}

static void
make_tree(void)
{
	char path[100];

	files_mkdir_as("anna", HOME "d", 0755);
	files_mkdir_as("anna", HOME "d/sub", 0755);
	files_mkdir_as("anna", HOME "d/sub/empty", 0755);
	files_mkdir_as("anna", HOME "keep", 0755);
	files_write_as("anna", HOME "keep/f", "x", 1);
	for (int i = 0; i < 300; i++) {
		snprintf(path, sizeof(path), HOME "d/sub/file %d", i);
		files_write_as("anna", path, "x", 1);
	}
	CHECK(symlink(HOME "keep", HOME "d/link") == 0);
	CHECK(symlink("nowhere", HOME "d/sub/dangling") == 0);
}

static void
test_rmdir(void)
{
	static const char *const no_names[] = { ".", "./", "..", "keep/.",
		"keep/../", "/" };
	struct server s;
	struct ftp c;

	if (!SERVER(&s) || !ftp_enter(&c, "anna"))
		return;
	make_tree();
	size_t mark = logged_mark();
	EXPECT(&c, 250, "SITE RMDIR d");
	CHECK(!files_exist(HOME "d"));
	/* Links are removed, not followed. */
	CHECK(files_exist(HOME "keep/f"));
	CHECK_LOGGED(mark, "*deleted \"/home/anna/d/sub/file 7\"");
	CHECK_LOGGED(mark, "*removed directory \"/home/anna/d\"");
	CHECK(symlink("keep", HOME "to keep") == 0);
	EXPECT(&c, 550, "SITE RMDIR to keep");
	EXPECT(&c, 550, "SITE RMDIR to keep/");
	EXPECT(&c, 550, "SITE RMDIR ./to keep//");
	EXPECT(&c, 550, "SITE RMDIR keep/f");
	EXPECT(&c, 550, "SITE RMDIR missing");
	for (size_t i = 0; i < ARRAY_SIZE(no_names); i++)
		EXPECT(&c, 550, "SITE RMDIR %s", no_names[i]);
	CHECK(files_exist(HOME "keep/f"));
	EXPECT(&c, 550, "SITE RMDIR /home/bert");
	CHECK(files_exist("/home/bert"));
	EXPECT(&c, 250, "SITE RMDIR keep/");
	CHECK(!files_exist(HOME "keep"));
	ftp_close(&c);
	server_stop(&s);
}

/* Entries that may not be removed stay, with their parents. */
static void
test_rmdir_limits(void)
{
	struct server s;
	struct ftp c;

	if (!SERVER(&s, "limits.max_list_entries=100", "session.deny_names=*7"))
		return;
	if (!ftp_enter(&c, "anna"))
		return;
	make_tree();
	EXPECT(&c, 550, "SITE RMDIR d");
	CHECK(files_exist(HOME "d/sub/file 7"));
	ftp_close(&c);
	server_stop(&s);

	if (!SERVER(&s, "limits.max_list_entries=100") ||
	    !ftp_enter(&c, "anna"))
		return;
	EXPECT(&c, 200, "SITE MKDIR many");
	for (int i = 0; i < 150; i++) {
		char path[100];
		snprintf(path, sizeof(path), HOME "many/%d", i);
		files_write_as("anna", path, "x", 1);
	}
	EXPECT(&c, 550, "SITE RMDIR many");
	CHECK_HAS(c.text, "(max_list_entries)");
	EXPECT(&c, 250, "SITE RMDIR many");
	CHECK(!files_exist(HOME "many"));
	ftp_close(&c);
	server_stop(&s);

	files_write_as("anna", HOME "keep/.hidden", "x", 1);
	if (!SERVER(&s, "session.show_hidden=no") || !ftp_enter(&c, "anna"))
		return;
	EXPECT(&c, 550, "SITE RMDIR keep");
	CHECK_HAS(c.text, "Directory not empty");
	files_write_as("anna", HOME "keep/f", "x", 1);
	ftp_close(&c);
	server_stop(&s);

	if (!SERVER(&s, "session.permissions=elrw") || !ftp_enter(&c, "anna"))
		return;
	EXPECT(&c, 550, "SITE RMDIR keep");
	CHECK_HAS(c.text, "No permission to delete");
	CHECK(files_exist(HOME "keep/f"));
	ftp_close(&c);
	server_stop(&s);
}

static void
test_copy(void)
{
	size_t len = 3000001;
	char *data = files_pattern(len);
	struct server s;
	struct ftp c;

	if (!SERVER(&s) || !ftp_enter(&c, "anna"))
		goto out;
	files_write_as("anna", HOME "a file", data, len);
	files_write_as("anna", HOME "other", "longer than nothing", 19);
	size_t mark = logged_mark();
	EXPECT(&c, 250, "SITE COPY \"a file\" copy");
	CHECK_TEXT(c.text, "250 Copied 3000001 bytes.");
	CHECK(files_same(HOME "copy", data, len));
	CHECK_LOGGED(mark, "*upload of \"/home/anna/copy\" complete, 3000001 "
		"bytes in *");
	EXPECT(&c, 250, "SITE COPY copy other");
	CHECK(files_same(HOME "other", data, len));
	/* To another file system. */
	files_mkdir_as("anna", HOME "small", 0700);
	CHECK(world_mount(HOME "small", "size=4m,uid=1001,mode=700"));
	EXPECT(&c, 250, "SITE COPY copy small/copy");
	CHECK(files_same(HOME "small/copy", data, len));
	EXPECT(&c, 452, "SITE COPY copy small/second");
	files_write_as("anna", HOME "empty", "", 0);
	EXPECT(&c, 250, "SITE COPY empty other");
	CHECK(files_same(HOME "other", "", 0));
	/* Onto itself, by any name. */
	CHECK(link(HOME "copy", HOME "same") == 0);
	EXPECT(&c, 550, "SITE COPY copy same");
	EXPECT(&c, 550, "SITE COPY copy ./copy");
	CHECK(files_same(HOME "copy", data, len));
	EXPECT(&c, 550, "SITE COPY small other");
	EXPECT(&c, 550, "SITE COPY missing other");
	EXPECT(&c, 550, "SITE COPY copy small");
	EXPECT(&c, 550, "SITE COPY copy /etc/passwd");
	EXPECT(&c, 550, "SITE COPY /etc/shadow other");
	EXPECT(&c, 501, "SITE COPY copy");
	EXPECT(&c, 501, "SITE COPY a file copy");
	ftp_close(&c);
	server_stop(&s);
out:
	free(data);
}

static void
test_copy_rules(void)
{
	struct server s;
	struct ftp c;

	if (!SERVER(&s, "limits.max_upload_size=4", "session.overwrite=rename",
	    "session.atomic_uploads=yes") || !ftp_enter(&c, "anna"))
		return;
	files_write_as("anna", HOME "f", "1234", 4);
	files_write_as("anna", HOME "g", "12345", 5);
	EXPECT(&c, 552, "SITE COPY g h");
	CHECK(!files_exist(HOME "h"));
	EXPECT(&c, 250, "SITE COPY f g");
	CHECK_HAS(c.text, "stored as g.1");
	CHECK(files_same(HOME "g.1", "1234", 4));
	CHECK(files_same(HOME "g", "12345", 5));
	ftp_close(&c);
	server_stop(&s);

	if (!SERVER(&s, "session.permissions=elw") || !ftp_enter(&c, "anna"))
		return;
	EXPECT(&c, 550, "SITE COPY f h");
	EXPECT(&c, 211, "FEAT");
	CHECK_LACKS(c.text, "SITE COPY");
	CHECK_LACKS(c.text, "SITE RMDIR");
	CHECK_HAS(c.text, "\n MLST ");
	ftp_close(&c);
	server_stop(&s);
}

/* A terabyte takes its time, or the disk is full before. */
static void
test_copy_abort(void)
{
	struct server s;
	struct ftp c;

	if (!SERVER(&s, "session.incomplete_uploads=delete") ||
	    !ftp_enter(&c, "anna"))
		return;
	files_write_as("anna", HOME "endless", "", 0);
	CHECK(truncate(HOME "endless", INT64_C(1) << 40) == 0);
	ftp_send_text(&c, "SITE COPY endless other\r\nABOR\r\n");
	EXPECT_REPLY(&c, 426);
	EXPECT_REPLY(&c, 226);
	CHECK(!files_exist(HOME "other"));
	EXPECT(&c, 200, "NOOP");
	ftp_close(&c);
	server_stop(&s);
}

static void
test_mdtm_write(void)
{
	struct server s;
	struct ftp c;

	if (!SERVER(&s, "session.allow_mdtm_write=no") ||
	    !ftp_enter(&c, "anna"))
		return;
	files_write_as("anna", HOME "f", "x", 1);
	time_t before = modified(HOME "f", NULL);
	EXPECT(&c, 550, "MDTM 20010909014640 f");
	CHECK_NUMBER(modified(HOME "f", NULL), before);
	EXPECT(&c, 213, "MFMT 20010909014640 f");
	CHECK_NUMBER(modified(HOME "f", NULL), 1000000000);
	ftp_close(&c);
	server_stop(&s);
}

CU_TestInfo functional_tests[] = {
	{ "UTIME, three forms", test_utime },
	{ "SYMLINK, with allow_site_symlink", test_symlink },
	{ "MKDIR creates missing parents", test_mkdir },
	{ "RMDIR removes recursively", test_rmdir },
	{ "RMDIR respects rules and limits", test_rmdir_limits },
	{ "COPY", test_copy },
	{ "COPY respects the rules of uploads", test_copy_rules },
	{ "ABOR cancels COPY", test_copy_abort },
	{ "MDTM with a time", test_mdtm_write },
	CU_TEST_INFO_NULL,
};
