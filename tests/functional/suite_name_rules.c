/*
 * suite_name_rules.c - deny_names, hide_names, allow_names, download_names, and
 * symbolic links that are not followed.
 */
#include "common/base.h"
#include "tests/functional/functional.h"

#include "tests/functional/files.h"
#include "tests/functional/lists.h"

#include <sys/stat.h>

const char *const functional_name = "name_rules";

static void
make_tree(void)
{
	files_mkdir_as("anna", "/home/anna/private", 0755);
	files_mkdir_as("anna", "/home/anna/.dot", 0755);
	files_write_as("anna", "/home/anna/private/f", "1", 1);
	files_write_as("anna", "/home/anna/.dot/f", "1", 1);
	files_write_as("anna", "/home/anna/a.exe", "1", 1);
	files_write_as("anna", "/home/anna/.rc", "1", 1);
	files_write_as("anna", "/home/anna/b.txt", "1", 1);
	CHECK(symlink("private", "/home/anna/link") == 0);
	CHECK(symlink("a.exe", "/home/anna/harmless.txt") == 0);
	CHECK(symlink("/etc", "/home/anna/out") == 0);
	CHECK(symlink("/etc/passwd", "/home/anna/out_file") == 0);
	CHECK(symlink("b.txt", "/home/anna/in_file") == 0);
}

static void
expect_all(struct ftp *c, int code, const char *part,
	const char *const *lines, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (strncmp(lines[i], "STOR ", 5) == 0 ||
		    strncmp(lines[i], "APPE ", 5) == 0)
			ftp_put(c, "x", 1, "%s", lines[i]);
		else
			ftp_command(c, "%s", lines[i]);
		CHECK_SAYS(c->code == code && strstr(c->text, part) != NULL,
			"%s got %s", lines[i], c->text);
	}
}

#define EXPECT_ALL(ftp, code, part, ...) \
	expect_all((ftp), (code), (part), (const char *const[]){ __VA_ARGS__ },\
		ARRAY_SIZE(((const char *const[]){ __VA_ARGS__ })))

#define NOT_ALLOWED "550 File name not allowed."

static void
test_denied(void)
{
	struct server s;
	struct ftp c;

	make_tree();
	if (!SERVER(&s, "session.deny_names=*.exe private, [ab]?d") ||
	    !ftp_enter(&c, "anna"))
		return;
	EXPECT(&c, 200, "TYPE I");
	EXPECT_ALL(&c, 550, NOT_ALLOWED, "CWD private", "CWD private/",
		"CWD link", "LIST private", "MLSD link", "NLST private/",
		"SIZE private/f", "SIZE link/f", "RETR a.exe", "SIZE a.exe",
		"MDTM harmless.txt", "RETR harmless.txt", "DELE a.exe",
		"RNFR a.exe", "SITE CHMOD 600 a.exe", "MKD b d", "RMD private",
		"MKD private/x", "STOR new.exe", "APPE a.exe", "LIST a.exe",
		"MFMT 20200101000000 a.exe", "SIZE /home/anna/private/../f");
	EXPECT(&c, 350, "RNFR b.txt");
	EXPECT_ALL(&c, 550, NOT_ALLOWED, "RNTO b.exe");
	/* listed all the same */
	char *list = lists_get(&c, "NLST");
	CHECK_HAS(list, "a.exe\r\n");
	free(list);
	EXPECT(&c, 213, "SIZE b.txt");
	CHECK_NUMBER(ftp_put(&c, "x", 1, "STOR new.ex"), 226);
	ftp_close(&c);
	server_stop(&s);
}

static void
test_allowed(void)
{
	struct server s;
	struct ftp c;

	make_tree();
	if (!SERVER(&s, "session.allow_names=*.txt *.jpg") ||
	    !ftp_enter(&c, "anna"))
		return;
	EXPECT_ALL(&c, 550, NOT_ALLOWED, "STOR new", "STOR private/new.exe",
		"APPE a.exe");
	EXPECT(&c, 350, "RNFR b.txt");
	EXPECT_ALL(&c, 550, NOT_ALLOWED, "RNTO b.exe");
	EXPECT(&c, 350, "RNFR b.txt");
	EXPECT(&c, 250, "RNTO private/c.jpg");
	CHECK_NUMBER(ftp_put(&c, "x", 1, "STOR new.txt"), 226);
	/* directories, and what is there already */
	EXPECT(&c, 257, "MKD new");
	EXPECT(&c, 350, "RNFR new");
	EXPECT(&c, 250, "RNTO newer");
	EXPECT(&c, 200, "TYPE I");
	EXPECT(&c, 213, "SIZE a.exe");
	EXPECT(&c, 250, "DELE a.exe");
	ftp_close(&c);
	server_stop(&s);
}

/* Everything but downloads works with other names; a link counts as what it
 * leads to. */
static void
test_downloads(void)
{
	struct server s;
	struct ftp c;

	make_tree();
	if (!SERVER(&s, "session.download_names=*.txt") ||
	    !ftp_enter(&c, "anna"))
		return;
	EXPECT(&c, 200, "TYPE I");
	size_t len;
	free(ftp_get(&c, &len, "RETR b.txt"));
	CHECK_NUMBER(c.code, 226);
	free(ftp_get(&c, &len, "RETR in_file"));
	CHECK_NUMBER(c.code, 226);
	EXPECT_ALL(&c, 550, NOT_ALLOWED, "RETR a.exe", "RETR harmless.txt",
		"RETR ./private/../a.exe");
	EXPECT(&c, 213, "SIZE a.exe");
	CHECK_NUMBER(ftp_put(&c, "x", 1, "STOR new.exe"), 226);
	EXPECT(&c, 250, "DELE new.exe");
	ftp_close(&c);
	server_stop(&s);
}

static void
test_hidden_names(void)
{
	struct server s;
	struct ftp c;

	make_tree();
	if (!SERVER(&s, "session.hide_names=*.exe private h* link out*") ||
	    !ftp_enter(&c, "anna"))
		return;
	CHECK_LISTING(&c, "NLST", "b.txt\r\nin_file\r\n");
	CHECK_LISTING(&c, "NLST *e", "in_file\r\n");
	char *list = lists_get(&c, "LIST -aR");
	CHECK_HAS(list, ".rc");
	CHECK_LACKS(list, "exe");
	CHECK_LACKS(list, "private");
	free(list);
	list = lists_get(&c, "MLSD");
	CHECK_HAS(list, " in_file\r\n");
	CHECK_HAS(list, " .\r\n");
	CHECK_LACKS(list, "private");
	free(list);
	EXPECT(&c, 200, "TYPE I");
	EXPECT(&c, 213, "SIZE private/f");
	ftp_close(&c);
	server_stop(&s);
}

static void
test_dots(void)
{
	struct server s;
	struct ftp c;

	make_tree();
	if (!SERVER(&s, "session.show_hidden=no",
		    "user.bert.show_hidden=always",
		    "user.bert.start_dir=/home/anna") ||
	    !ftp_enter(&c, "anna"))
		return;
	CHECK(chmod("/home/anna", 0755) == 0);
	char *list = lists_get(&c, "LIST -a");
	CHECK_LACKS(list, ".rc");
	CHECK_LACKS(list, ".dot");
	CHECK_HAS(list, " ..\r\n");
	free(list);
	list = lists_get(&c, "MLSD");
	CHECK_LACKS(list, ".rc");
	free(list);
	EXPECT(&c, 200, "TYPE I");
	EXPECT_ALL(&c, 550, "550 No such file or directory.", "CWD .dot",
		"SIZE .rc", "RETR .rc", "DELE .rc", "SIZE .dot/f",
		"LIST .dot", "MKD .new", "STOR .new", "SIZE ./.rc",
		"SIZE private/../.rc");
	EXPECT(&c, 250, "CWD ..");
	EXPECT(&c, 250, "CWD ./anna/.");
	ftp_close(&c);
	if (ftp_enter(&c, "bert")) {
		list = lists_get(&c, "NLST");
		CHECK_HAS(list, ".rc\r\n");
		CHECK_HAS(list, ".dot\r\n");
		CHECK_LACKS(list, "..\r\n");
		free(list);
		list = lists_get(&c, "LIST -R");
		CHECK_HAS(list, "./.dot:\r\n");
		free(list);
		EXPECT(&c, 200, "TYPE I");
		EXPECT(&c, 213, "SIZE .dot/f");
	}
	ftp_close(&c);
	server_stop(&s);
}

#define NOT_FOLLOWED "550 Symbolic link is not followed."

static void
test_links_denied(void)
{
	struct server s;
	struct ftp c;

	make_tree();
	if (!SERVER(&s, "session.symlinks=deny") || !ftp_enter(&c, "anna"))
		return;
	EXPECT(&c, 200, "TYPE I");
	EXPECT_ALL(&c, 550, NOT_FOLLOWED, "CWD link", "SIZE link/f",
		"LIST link/", "SIZE in_file", "RETR in_file", "STOR in_file",
		"APPE in_file", "SITE CHMOD 600 in_file", "MDTM out_file",
		"MFMT 20200101000000 in_file", "MKD link/x", "DELE link/f");
	EXPECT(&c, 213, "SIZE private/f");
	EXPECT(&c, 213, "SIZE /home/anna/private/f");
	/* the links themselves */
	char *list = lists_get(&c, "LIST in_file");
	CHECK_HAS(list, "in_file -> b.txt");
	free(list);
	list = lists_get(&c, "MLSD");
	CHECK_HAS(list, "type=OS.unix=symlink;");
	free(list);
	EXPECT(&c, 350, "RNFR in_file");
	EXPECT(&c, 250, "RNTO renamed");
	EXPECT(&c, 250, "DELE renamed");
	ftp_close(&c);
	server_stop(&s);
}

static void
test_links_inside(void)
{
	struct server s;
	struct ftp c;

	make_tree();
	if (!SERVER(&s, "session.symlinks=inside", "user.bert.jail=/home",
		    "user.bert.start_dir=/anna") || !ftp_enter(&c, "anna"))
		return;
	CHECK(chmod("/home/anna", 0755) == 0);
	EXPECT(&c, 200, "TYPE I");
	EXPECT_ALL(&c, 550, NOT_FOLLOWED, "CWD out", "LIST out/",
		"SIZE out/passwd", "SIZE out_file", "RETR out_file",
		"MDTM out_file");
	EXPECT(&c, 213, "SIZE in_file");
	EXPECT(&c, 213, "SIZE link/f");
	/* This is about links only: the rest of the host stays accessible. */
	EXPECT(&c, 213, "SIZE /etc/passwd");
	EXPECT(&c, 250, "CWD link");
	ftp_close(&c);
	/* In a jail all targets are inside. */
	if (ftp_enter(&c, "bert")) {
		EXPECT(&c, 200, "TYPE I");
		EXPECT(&c, 213, "SIZE in_file");
		EXPECT_ALL(&c, 550, "550 No such", "CWD out", "SIZE out_file");
	}
	ftp_close(&c);
	server_stop(&s);
}

CU_TestInfo functional_tests[] = {
	{ "denied names cannot be used", test_denied },
	{ "new files must have allowed names", test_allowed },
	{ "only some names can be downloaded", test_downloads },
	{ "hidden names are not listed", test_hidden_names },
	{ "dot files: never or always listed", test_dots },
	{ "no symbolic link is followed", test_links_denied },
	{ "symbolic links are followed inside", test_links_inside },
	CU_TEST_INFO_NULL,
};
