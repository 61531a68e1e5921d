/*
 * suite_facts.c - what MFF and SITE CHGRP change, and the facts that MLST shows
 * on request.
 */
#include "common/base.h"
#include "tests/functional/functional.h"

#include "tests/functional/accounts.h"
#include "tests/functional/files.h"
#include "tests/functional/logged.h"

#include <sys/stat.h>

const char *const functional_name = "facts";

#define F "/home/anna/a file"

static void
test_mff(void)
{
	struct stat st = { 0 };
	struct server s;
	struct ftp c;

	if (!SERVER(&s) || !ftp_enter(&c, "anna"))
		return;
	files_write_as("anna", F, "x", 1);
	EXPECT(&c, 211, "FEAT");
	CHECK_HAS(c.text, "\n MFF modify;UNIX.group;UNIX.mode;\n");
	size_t mark = logged_mark();
	EXPECT(&c, 213, "MFF UNIX.mode=0604;UNIX.group=team;"
		"Modify=20200229123456; a file");
	CHECK_TEXT(c.text, "213 UNIX.mode=0604;UNIX.group=team;"
		"Modify=20200229123456; a file");
	CHECK(stat(F, &st) == 0);
	CHECK_NUMBER(st.st_mode & 07777, 0604);
	CHECK_NUMBER(st.st_gid, ACCOUNTS_TEAM_GID);
	CHECK_NUMBER(st.st_mtime, 1582979696);
	CHECK_LOGGED(mark, "*changed group of \"" F "\" to %d",
		ACCOUNTS_TEAM_GID);
	CHECK_LOGGED(mark, "*changed mode of \"" F "\" to 0604");
	/* Not files of others, not other groups, and no owner. */
	EXPECT(&c, 504, "MFF UNIX.owner=1002; a file");
	EXPECT(&c, 550, "MFF UNIX.group=0; a file");
	EXPECT(&c, 550, "MFF UNIX.mode=666; /etc/passwd");
	EXPECT(&c, 550, "MFF UNIX.group=team; /etc/passwd");
	CHECK(stat(F, &st) == 0);
	CHECK_NUMBER(st.st_gid, ACCOUNTS_TEAM_GID);
	ftp_close(&c);
	server_stop(&s);
}

static void
test_chgrp(void)
{
	struct stat st = { 0 };
	struct server s;
	struct ftp c;

	if (!SERVER(&s) || !ftp_enter(&c, "anna"))
		return;
	files_write_as("anna", F, "x", 1);
	CHECK(symlink("a file", "/home/anna/link") == 0);
	EXPECT(&c, 214, "SITE HELP");
	CHECK_HAS(c.text, "SITE CHGRP <group> <path>");
	EXPECT(&c, 200, "SITE CHGRP team link");
	CHECK(stat(F, &st) == 0);
	CHECK_NUMBER(st.st_gid, ACCOUNTS_TEAM_GID);
	CHECK(lstat("/home/anna/link", &st) == 0);
	CHECK_NUMBER(st.st_gid, 0);
	EXPECT(&c, 550, "SITE CHGRP root a file");
	EXPECT(&c, 550, "SITE CHGRP 0 a file");
	EXPECT(&c, 550, "SITE CHGRP team missing");
	ftp_close(&c);
	server_stop(&s);
}

/* MFF needs the permissions mode and time for their facts. */
static void
test_permissions(void)
{
	struct stat st = { 0 };
	struct server s;
	struct ftp c;

	if (!SERVER(&s, "session.permissions=elrT") ||
	    !ftp_enter(&c, "anna"))
		return;
	files_write_as("anna", F, "x", 1);
	CHECK(chmod(F, 0644) == 0);
	EXPECT(&c, 213, "MFF modify=20200229123456; a file");
	EXPECT(&c, 550, "MFF UNIX.mode=600; a file");
	CHECK_HAS(c.text, "550 No permission to change file modes");
	EXPECT(&c, 550, "MFF UNIX.group=team; a file");
	EXPECT(&c, 550, "SITE CHGRP team a file");
	CHECK(stat(F, &st) == 0);
	CHECK_NUMBER(st.st_mode & 07777, 0644);
	ftp_close(&c);
	server_stop(&s);
}

/* A link is not followed to where its target must not be changed. */
static void
test_links_denied(void)
{
	struct stat st = { 0 };
	struct server s;
	struct ftp c;

	if (!SERVER(&s, "session.symlinks=deny") || !ftp_enter(&c, "anna"))
		return;
	files_write_as("anna", F, "x", 1);
	CHECK(stat(F, &st) == 0);
	gid_t before = st.st_gid;
	CHECK(symlink("a file", "/home/anna/link") == 0);
	EXPECT(&c, 550, "SITE CHGRP team link");
	EXPECT(&c, 550, "MFF UNIX.group=team; link");
	CHECK(stat(F, &st) == 0);
	CHECK_NUMBER(st.st_gid, before);
	EXPECT(&c, 200, "SITE CHGRP team a file");
	ftp_close(&c);
	server_stop(&s);
}

static void
test_names(void)
{
	struct server s;
	struct ftp c;

	if (!SERVER(&s) || !ftp_enter(&c, "anna"))
		return;
	files_write_as("anna", F, "x", 1);
	EXPECT(&c, 200, "SITE CHGRP team a file");
	EXPECT(&c, 250, "MLST a file");
	CHECK_LACKS(c.text, "UNIX.ownername");
	EXPECT(&c, 200, "OPTS MLST UNIX.ownername;UNIX.groupname;");
	EXPECT(&c, 250, "MLST a file");
	CHECK_HAS(c.text, "UNIX.ownername=anna;UNIX.groupname=team; /home");
	EXPECT(&c, 211, "FEAT");
	CHECK_HAS(c.text, "UNIX.ownername*;UNIX.groupname*;create;\n");
	ftp_close(&c);
	server_stop(&s);
}

CU_TestInfo functional_tests[] = {
	{ "MFF changes time, mode and group", test_mff },
	{ "SITE CHGRP", test_chgrp },
	{ "each fact needs its permission", test_permissions },
	{ "symlinks = deny also applies", test_links_denied },
	{ "MLST names owner and group on request", test_names },
	CU_TEST_INFO_NULL,
};
