/*
 * suite_names.c - names are used exactly as sent, and replies show the path
 * that the kernel resolved.
 */
#include "common/base.h"
#include "tests/functional/functional.h"

#include "tests/functional/files.h"
#include "tests/functional/lists.h"

#include <sys/stat.h>

const char *const functional_name = "names";

/* The pid of the only session. */
#define ANNA "info session=1 peer=127.0.0.1 user=anna "

/* Sites whose clients send Windows-1251: the letter "ya" is byte 255, which is
 * Telnet's escape.  Only the file that was named may be touched. */
static void
test_byte_255(void)
{
	struct server s;
	struct ftp c;

	if (!SERVER(&s) || !ftp_enter(&c, "anna"))
		return;
	files_write_as("anna", "/home/anna/eep.txt", "eep", 3);
	files_write_as("anna", "/home/anna/keep.txt", "keep", 4);
	EXPECT(&c, 550, "DELE \xffkeep.txt");
	EXPECT(&c, 550, "DELE \xff\xf4keep.txt");
	EXPECT(&c, 550, "DELE \xff\xfd\x01keep.txt");
	CHECK(files_same("/home/anna/eep.txt", "eep", 3));
	CHECK(files_same("/home/anna/keep.txt", "keep", 4));

	CHECK_NUMBER(ftp_put(&c, "x", 1,
		"STOR \xff\xe1\xeb\xee\xea\xee.txt"), 226);
	CHECK(files_same("/home/anna/\xff\xe1\xeb\xee\xea\xee.txt", "x", 1));
	EXPECT(&c, 250, "DELE \xff\xe1\xeb\xee\xea\xee.txt");
	/* Doubled, as in RFC 959, it is one byte. */
	CHECK_NUMBER(ftp_put(&c, "y", 1, "STOR a\xff\xff"), 226);
	CHECK(files_same("/home/anna/a\xff", "y", 1));
	/* At the end of a line it is not part of the line end. */
	EXPECT(&c, 250, "DELE a\xff");
	/* No state is kept after the line. */
	EXPECT(&c, 550, "SIZE \xff\xfa");
	EXPECT(&c, 200, "NOOP");
	ftp_send(&c, "\xff\xfa\x18never ended\r\n", 16);
	EXPECT(&c, 200, "NOOP");
	ftp_close(&c);
	server_stop(&s);
}

/* User names and passwords are not changed either. */
static void
test_byte_255_in_logins(void)
{
	struct server s;
	struct ftp c;

	if (!SERVER(&s))
		return;
	CHECK_NUMBER(ftp_connect(&c), 220);
	CHECK_NUMBER(ftp_login(&c, "\xff\xf1" "anna", "anna-pass"), 530);
	CHECK_NUMBER(ftp_login(&c, "anna", "\xff\xf1" "anna-pass"), 530);
	CHECK_NUMBER(ftp_login(&c, "anna", "anna-pass"), 230);
	ftp_close(&c);
	server_stop(&s);
}

/* Textually link/.. is the home directory; for the kernel it is the parent of
 * the link's target. */
static void
test_dots_across_links(void)
{
	struct server s;
	struct ftp c;

	if (!SERVER(&s) || !ftp_enter(&c, "anna"))
		return;
	files_mkdir_as("anna", "/home/anna/a", 0755);
	files_mkdir_as("anna", "/home/anna/a/b", 0755);
	CHECK(symlink("a/b", "/home/anna/link") == 0);
	EXPECT(&c, 257, "MKD link/../made");
	CHECK_HAS(c.text, "257 \"/home/anna/a/made\"");
	CHECK(files_exist("/home/anna/a/made"));
	CHECK_LOGGED(0, ANNA "created directory \"/home/anna/a/made\"");
	EXPECT(&c, 250, "MLST link/../made");
	CHECK_HAS(c.text, " /home/anna/a/made");
	CHECK_NUMBER(ftp_put(&c, "x", 1, "STOR link/../stored"), 226);
	CHECK_LOGGED(0, ANNA "upload of \"/home/anna/a/stored\" as ASCII "
		"complete, 1 bytes in * s");
	EXPECT(&c, 350, "RNFR link/../stored");
	EXPECT(&c, 250, "RNTO link/renamed");
	CHECK_LOGGED(0, ANNA "renamed \"/home/anna/a/stored\" to "
		"\"/home/anna/a/b/renamed\"");
	EXPECT(&c, 250, "DELE link/../b/renamed");
	CHECK_LOGGED(0, ANNA "deleted \"/home/anna/a/b/renamed\"");
	EXPECT(&c, 550, "DELE link/../b/renamed");
	CHECK_LOGGED(0, ANNA "could not delete \"/home/anna/a/b/renamed\": No "
		"such file or directory");
	CHECK_NUMBER(logged_times(0, "*/home/anna/made*"), 0);
	CHECK_NUMBER(logged_times(0, "*/home/anna/stored*"), 0);
	/* The working directory is what it was. */
	EXPECT(&c, 257, "PWD");
	CHECK_HAS(c.text, "\"/home/anna\"");
	ftp_close(&c);
	server_stop(&s);
}

static void
test_home(void)
{
	struct server s;
	struct ftp c;

	if (!SERVER(&s) || !ftp_enter(&c, "anna"))
		return;
	files_mkdir_as("anna", "/home/anna/d", 0755);
	files_write_as("anna", "/home/anna/d/f", "x", 1);
	EXPECT(&c, 250, "CWD /");
	EXPECT(&c, 250, "CWD ~");
	EXPECT(&c, 257, "PWD");
	CHECK_HAS(c.text, "\"/home/anna\"");
	EXPECT(&c, 250, "CWD /");
	EXPECT(&c, 250, "CWD ~/d");
	EXPECT(&c, 257, "PWD");
	CHECK_HAS(c.text, "\"/home/anna/d\"");
	EXPECT(&c, 250, "CWD /");
	CHECK_LISTING(&c, "NLST ~/d", "~/d/f\r\n");
	EXPECT(&c, 250, "DELE ~/d/f");
	EXPECT(&c, 550, "CWD ~bert");
	EXPECT(&c, 550, "CWD ~/none");
	/* A directory of that name comes first. */
	EXPECT(&c, 250, "CWD ~/d");
	EXPECT(&c, 257, "MKD ~");
	EXPECT(&c, 250, "CWD ~");
	EXPECT(&c, 257, "PWD");
	CHECK_HAS(c.text, "\"/home/anna/d/~\"");
	ftp_close(&c);
	server_stop(&s);
}

/* --- SITE CHMOD */

static mode_t
mode_of(const char *path)
{
	struct stat st = { 0 };

	CHECK(stat(path, &st) == 0);
	return st.st_mode & 07777;
}

static void
test_special_modes(void)
{
	static const char *const refused[] = { "4755 f", "2755 f", "1644 f",
		"6755 f", "7777 f", "4755 d", "6755 d", "2755 link" };
	struct server s;
	struct ftp c;

	if (!SERVER(&s) || !ftp_enter(&c, "anna"))
		return;
	files_write_as("anna", "/home/anna/f", "x", 1);
	files_mkdir_as("anna", "/home/anna/d", 0755);
	CHECK(symlink("f", "/home/anna/link") == 0);
	CHECK(chmod("/home/anna/f", 0644) == 0);
	for (size_t i = 0; i < ARRAY_SIZE(refused); i++) {
		size_t mark = logged_mark();
		EXPECT(&c, 501, "SITE CHMOD %s", refused[i]);
		CHECK_HAS(c.text, "setuid");
		CHECK_LOGGED(mark, ANNA "session: SITE CHMOD %.4s refused "
			"(allow_special_modes)", refused[i]);
	}
	CHECK_NUMBER(mode_of("/home/anna/f"), 0644);
	CHECK_NUMBER(mode_of("/home/anna/d"), 0755);
	EXPECT(&c, 200, "SITE CHMOD 1777 d");
	CHECK_NUMBER(mode_of("/home/anna/d"), 01777);
	EXPECT(&c, 200, "SITE CHMOD 2770 d");
	CHECK_NUMBER(mode_of("/home/anna/d"), 02770);
	EXPECT(&c, 200, "SITE CHMOD 777 f");
	CHECK_NUMBER(mode_of("/home/anna/f"), 0777);
	ftp_close(&c);
	server_stop(&s);

	if (!SERVER(&s, "session.allow_special_modes=yes") ||
	    !ftp_enter(&c, "anna"))
		return;
	EXPECT(&c, 200, "SITE CHMOD 4755 f");
	CHECK_NUMBER(mode_of("/home/anna/f"), 04755);
	EXPECT(&c, 200, "SITE CHMOD 7755 d");
	CHECK_NUMBER(mode_of("/home/anna/d"), 07755);
	ftp_close(&c);
	server_stop(&s);
}

CU_TestInfo functional_tests[] = {
	{ "byte 255 in file names", test_byte_255 },
	{ "byte 255 in user names and passwords", test_byte_255_in_logins },
	{ "replies and log show the resolved path", test_dots_across_links },
	{ "~ is the home directory unless a file has that name", test_home },
	{ "SITE CHMOD sets no special bits on files, unless allowed",
		test_special_modes },
	CU_TEST_INFO_NULL,
};
