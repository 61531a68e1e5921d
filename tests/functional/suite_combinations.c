/*
 * suite_combinations.c - combinations of permissions, rules for names, links
 * and upload rules.
 */
#include "common/base.h"
#include "tests/functional/functional.h"

#include "tests/functional/files.h"
#include "tests/functional/lists.h"

#include <sys/stat.h>

const char *const functional_name = "combinations";

/* A directory whose name is denied is listed; what is in it is not. */
static void
test_denied_walk(void)
{
	struct server s;
	struct ftp c;

	files_mkdir_as("anna", "/home/anna/private", 0755);
	files_mkdir_as("anna", "/home/anna/open", 0755);
	files_write_as("anna", "/home/anna/private/inner", "1", 1);
	files_write_as("anna", "/home/anna/open/inner2", "1", 1);
	if (!SERVER(&s, "session.deny_names=private") ||
	    !ftp_enter(&c, "anna"))
		return;
	char *list = lists_get(&c, "LIST -R");
	CHECK_HAS(list, " private\r\n");
	CHECK_HAS(list, " inner2\r\n");
	CHECK_LACKS(list, " inner\r\n");
	free(list);
	list = lists_get(&c, "NLST -R");
	CHECK_LACKS(list, "private/inner");
	free(list);
	ftp_close(&c);
	server_stop(&s);
}

/* symlinks = inside: "up" and "root" name no directory that is inside. */
static void
test_links_up(void)
{
	static const char *const lines[] = { "MDTM up", "MDTM root", "MLST up",
		"MLST root", "MFMT 20200101000000 up", "SITE CHMOD 700 up",
		"CWD up", "CWD root", "LIST up/", "MDTM up/", "MLST in/up" };
	struct stat before, after;
	struct server s;
	struct ftp c;

	files_mkdir_as("anna", "/home/anna/in", 0755);
	CHECK(symlink("..", "/home/anna/up") == 0);
	CHECK(symlink("/", "/home/anna/root") == 0);
	CHECK(symlink("../..", "/home/anna/in/up") == 0);
	CHECK(symlink("..", "/home/anna/in/home") == 0);
	CHECK(files_give("/home", "anna"));
	CHECK(stat("/home", &before) == 0);
	if (!SERVER(&s, "session.symlinks=inside") || !ftp_enter(&c, "anna"))
		return;
	EXPECT(&c, 200, "TYPE I");
	for (size_t i = 0; i < ARRAY_SIZE(lines); i++) {
		EXPECT(&c, 550, "%s", lines[i]);
		CHECK_TEXT(c.text, "550 Symbolic link is not followed.");
	}
	CHECK(stat("/home", &after) == 0);
	CHECK_NUMBER(after.st_mode, before.st_mode);
	CHECK_NUMBER(after.st_mtim.tv_sec, before.st_mtim.tv_sec);
	EXPECT(&c, 213, "MDTM in/home");
	EXPECT(&c, 250, "MLST in/home");
	EXPECT(&c, 250, "CWD in/home");
	EXPECT(&c, 213, "MDTM ..");
	char *list = lists_get(&c, "MLSD");
	CHECK_HAS(list, "type=OS.unix=symlink;");
	CHECK_LACKS(list, "type=dir;modify=20200101000000");
	free(list);
	ftp_close(&c);
	server_stop(&s);
	CHECK(chown("/home", 0, 0) == 0);
}

/* A link is treated like any file: an upload to it with overwrite = rename gets
 * a new name in the same directory, with and without other rules. */
static void
check_numbered_link(const char *rule)
{
	struct server s;
	struct ftp c;

	files_mkdir_as("anna", "/home/anna/sub", 0755);
	files_write_as("anna", "/home/anna/sub/old", "old", 3);
	CHECK(symlink("sub/old", "/home/anna/link") == 0);
	if (!SERVER(&s, "session.overwrite=rename", rule) ||
	    !ftp_enter(&c, "anna"))
		return;
	CHECK_NUMBER(ftp_put(&c, "new", 3, "STOR link"), 226);
	CHECK_TEXT(c.text, "226 Transfer complete; stored as link.1.");
	CHECK(files_same("/home/anna/link.1", "new", 3));
	CHECK(!files_exist("/home/anna/sub/link.1"));
	CHECK(files_same("/home/anna/sub/old", "old", 3));
	CHECK(unlink("/home/anna/link") == 0);
	unlink("/home/anna/link.1");
	unlink("/home/anna/sub/link.1");
	ftp_close(&c);
	server_stop(&s);
}

static void
test_numbered_link(void)
{
	check_numbered_link("session.atomic_uploads=yes");
	check_numbered_link("session.deny_names=*.exe");
	check_numbered_link("session.symlinks=inside");
	check_numbered_link("directory \"/home/anna/sub\".permissions=el");
}

/* A numbered name must not be a denied name either. */
static void
check_numbered_denied(const char *atomic)
{
	struct server s;
	struct ftp c;

	files_write_as("anna", "/home/anna/f", "old", 3);
	files_write_as("anna", "/home/anna/g", "old", 3);
	if (!SERVER(&s, "session.overwrite=rename", atomic,
		    "session.deny_names=*.[12] *.exe") ||
	    !ftp_enter(&c, "anna"))
		return;
	CHECK_NUMBER(ftp_put(&c, "new", 3, "STOR f"), 226);
	CHECK_TEXT(c.text, "226 Transfer complete; stored as f.3.");
	EXPECT(&c, 350, "RNFR f.3");
	EXPECT(&c, 250, "RNTO g");
	CHECK_TEXT(c.text, "250 Rename successful; the new name is g.3.");
	CHECK(!files_exist("/home/anna/f.1"));
	CHECK(!files_exist("/home/anna/g.1"));
	CHECK(files_same("/home/anna/g.3", "new", 3));
	ftp_close(&c);
	server_stop(&s);
	CHECK(unlink("/home/anna/g.3") == 0);
}

static void
test_numbered_denied(void)
{
	check_numbered_denied("session.atomic_uploads=no");
	check_numbered_denied("session.atomic_uploads=yes");
}

/* A symbolic link does not bypass allow_names either. */
static void
test_allowed_link(void)
{
	struct server s;
	struct ftp c;

	files_write_as("anna", "/home/anna/a.exe", "old", 3);
	CHECK(symlink("a.exe", "/home/anna/harmless.txt") == 0);
	if (!SERVER(&s, "session.allow_names=*.txt") || !ftp_enter(&c, "anna"))
		return;
	CHECK_NUMBER(ftp_put(&c, "new", 3, "STOR harmless.txt"), 550);
	CHECK_NUMBER(ftp_put(&c, "new", 3, "APPE harmless.txt"), 550);
	CHECK(files_same("/home/anna/a.exe", "old", 3));
	CHECK_NUMBER(ftp_put(&c, "new", 3, "STOR ok.txt"), 226);
	ftp_close(&c);
	server_stop(&s);
}

/* The perm fact of a directory is about operations in it. */
static void
test_facts(void)
{
	struct server s;
	struct ftp c;

	files_mkdir_as("anna", "/home/anna/in", 0755);
	files_mkdir_as("anna", "/home/anna/in/deep", 0755);
	files_mkdir_as("anna", "/home/anna/no", 0755);
	files_mkdir_as("anna", "/home/anna/plain", 0755);
	CHECK(symlink("in", "/home/anna/link") == 0);
	if (!SERVER(&s, "session.permissions=elr",
		    "directory \"/home/anna/in\".permissions=elrdmw",
		    "directory \"/home/anna/in\".recursive=yes",
		    "directory \"/home/anna/no\".permissions=") ||
	    !ftp_enter(&c, "anna"))
		return;
	EXPECT(&c, 200, "OPTS MLST type;perm;");
	CHECK_LISTING(&c, "MLSD", "type=cdir;perm=el; .\r\n"
		"type=pdir;perm=el; ..\r\n"
		"type=dir;perm=elpmc; in\r\n"
		"type=dir;perm=elpmc; link\r\n"
		"type=dir;perm=; no\r\n"
		"type=dir;perm=el; plain\r\n");
	CHECK_LISTING(&c, "MLSD in", "type=cdir;perm=elpmc; .\r\n"
		"type=pdir;perm=el; ..\r\n"
		"type=dir;perm=elpdmc; deep\r\n");
	EXPECT(&c, 250, "MLST in");
	CHECK_HAS(c.text, " type=dir;perm=elpmc; /home/anna/in");
	EXPECT(&c, 250, "MLST in/");
	CHECK_HAS(c.text, " type=dir;perm=elpmc; /home/anna/in");
	EXPECT(&c, 250, "MLST in/deep");
	CHECK_HAS(c.text, " type=dir;perm=elpdmc; /home/anna/in/deep");
	EXPECT(&c, 250, "MLST no");
	CHECK_HAS(c.text, " type=dir;perm=; /home/anna/no");
	EXPECT(&c, 250, "MLST");
	CHECK_HAS(c.text, " type=dir;perm=el; /home/anna");
	ftp_close(&c);
	server_stop(&s);
}

/* The newer commands cannot change denied names either. */
static void
test_denied_facts(void)
{
	struct server s;
	struct ftp c;

	files_write_as("anna", "/home/anna/a.exe", "1", 1);
	CHECK(symlink("a.exe", "/home/anna/link") == 0);
	if (!SERVER(&s, "session.deny_names=*.exe") || !ftp_enter(&c, "anna"))
		return;
	EXPECT(&c, 550, "MFF UNIX.mode=0600; a.exe");
	EXPECT(&c, 550, "MFF modify=20200101000000; link");
	EXPECT(&c, 550, "SITE CHGRP team link");
	EXPECT(&c, 550, "MDTM 20200101000000 link");
	ftp_close(&c);
	server_stop(&s);
}

/* A home directory that is a link to below a denied or hidden name. */
static void
test_home_link(void)
{
	struct server s;
	struct ftp c;

	CHECK(mkdir("/home/.data", 0755) == 0);
	CHECK(rename("/home/anna", "/home/.data/anna") == 0);
	CHECK(symlink(".data/anna", "/home/anna") == 0);
	files_write_as("anna", "/home/.data/anna/f", "1", 1);
	files_write_as("anna", "/home/.data/anna/.rc", "1", 1);
	if (!SERVER(&s, "session.show_hidden=no",
		    "session.deny_names=*data") || !ftp_enter(&c, "anna"))
		return;
	EXPECT(&c, 200, "TYPE I");
	EXPECT(&c, 213, "SIZE f");
	EXPECT(&c, 213, "SIZE /home/anna/f");
	EXPECT(&c, 550, "SIZE .rc");
	EXPECT(&c, 257, "MKD d");
	EXPECT(&c, 250, "CWD d");
	EXPECT(&c, 250, "CDUP");
	EXPECT(&c, 550, "MKD mydata");
	ftp_close(&c);
	server_stop(&s);
}

/* "~" is the home directory, also where that is a link and links are not
 * followed. */
static void
test_home_link_denied(void)
{
	struct server s;
	struct ftp c;

	CHECK(rename("/home/anna", "/home/real") == 0);
	CHECK(symlink("real", "/home/anna") == 0);
	files_write_as("anna", "/home/real/f", "1", 1);
	CHECK(symlink("f", "/home/real/link") == 0);
	if (!SERVER(&s, "session.symlinks=deny") || !ftp_enter(&c, "anna"))
		return;
	EXPECT(&c, 200, "TYPE I");
	EXPECT(&c, 250, "CWD /");
	EXPECT(&c, 213, "SIZE ~/f");
	EXPECT(&c, 250, "MLST ~");
	EXPECT(&c, 550, "SIZE ~/link");
	EXPECT(&c, 550, "SIZE /home/anna/f");
	EXPECT(&c, 250, "CWD ~");
	EXPECT(&c, 213, "SIZE f");
	ftp_close(&c);
	server_stop(&s);
}

CU_TestInfo functional_tests[] = {
	{ "LIST -R and deny_names", test_denied_walk },
	{ "symlinks = inside and links that only go up", test_links_up },
	{ "overwrite = rename and links", test_numbered_link },
	{ "overwrite = rename and deny_names", test_numbered_denied },
	{ "allow_names and links", test_allowed_link },
	{ "facts of directories and [directory]", test_facts },
	{ "denied names and MFF", test_denied_facts },
	{ "deny_names and a home directory that is a link", test_home_link },
	{ "symlinks = deny and a home directory that is a link",
		test_home_link_denied },
	CU_TEST_INFO_NULL,
};
