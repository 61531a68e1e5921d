/*
 * suite_files.c - directories, files and their names.
 */
#include "common/base.h"
#include "tests/functional/functional.h"

#include "tests/functional/accounts.h"
#include "tests/functional/files.h"

#include <sys/stat.h>

const char *const functional_name = "files";

static void
check_owner(const char *path, const char *account, mode_t mode)
{
	const struct account *a = accounts_find(account);
	struct stat st = { 0 };

	CHECK_SAYS(lstat(path, &st) == 0, "%s is missing", path);
	CHECK_SAYS(st.st_uid == a->uid && st.st_gid == a->gid,
		"%s belongs to %u:%u", path, st.st_uid, st.st_gid);
	CHECK_SAYS((st.st_mode & 07777) == mode, "%s has mode %o", path,
		st.st_mode & 07777);
}

static void
test_directories(void)
{
	static const char *const verbs[][4] = {
		{ "MKD", "CWD", "CDUP", "RMD" },
		{ "XMKD", "XCWD", "XCUP", "XRMD" },
	};
	struct server s;
	struct ftp c;

	if (!SERVER(&s) || !ftp_enter(&c, "anna"))
		return;
	for (size_t i = 0; i < ARRAY_SIZE(verbs); i++) {
		EXPECT(&c, 257, "%s d", verbs[i][0]);
		CHECK_HAS(c.text, "257 \"/home/anna/d\"");
		check_owner("/home/anna/d", "anna", 0755);
		EXPECT(&c, 550, "%s d", verbs[i][0]);
		EXPECT(&c, 250, "%s d", verbs[i][1]);
		EXPECT(&c, 257, i == 0 ? "PWD" : "XPWD");
		CHECK_HAS(c.text, "257 \"/home/anna/d\"");
		EXPECT(&c, 550, "%s missing", verbs[i][1]);
		EXPECT(&c, 250, "%s", verbs[i][2]);
		EXPECT(&c, 257, "PWD");
		CHECK_HAS(c.text, "257 \"/home/anna\"");
		EXPECT(&c, 250, "%s d", verbs[i][3]);
		CHECK(!files_exist("/home/anna/d"));
		EXPECT(&c, 550, "%s d", verbs[i][3]);
	}
	EXPECT(&c, 257, "MKD full");
	EXPECT(&c, 257, "MKD full/inner");
	EXPECT(&c, 550, "RMD full");
	EXPECT(&c, 550, "DELE full");
	EXPECT(&c, 250, "CWD full/./inner/../inner");
	EXPECT(&c, 257, "PWD");
	CHECK_HAS(c.text, "\"/home/anna/full/inner\"");
	EXPECT(&c, 250, "CWD ../../../../../../..");
	EXPECT(&c, 257, "PWD");
	CHECK_HAS(c.text, "257 \"/\"");
	EXPECT(&c, 250, "CDUP");
	ftp_close(&c);
	server_stop(&s);
}

static void
test_rename(void)
{
	struct server s;
	struct ftp c;

	if (!SERVER(&s) || !ftp_enter(&c, "anna"))
		return;
	files_write_as("anna", "/home/anna/old", "old", 3);
	EXPECT(&c, 350, "RNFR old");
	EXPECT(&c, 250, "RNTO new name");
	CHECK(files_same("/home/anna/new name", "old", 3));
	CHECK(!files_exist("/home/anna/old"));
	EXPECT(&c, 503, "RNTO again");
	EXPECT(&c, 550, "RNFR missing");
	EXPECT(&c, 503, "RNTO x");
	/* Any other command between them cancels RNFR, except NOOP, which
	 * clients send to keep the connection alive. */
	EXPECT(&c, 350, "RNFR new name");
	EXPECT(&c, 257, "PWD");
	EXPECT(&c, 503, "RNTO x");
	EXPECT(&c, 350, "RNFR new name");
	EXPECT(&c, 200, "NOOP");
	EXPECT(&c, 250, "RNTO new name");
	EXPECT(&c, 350, "RNFR new name");
	EXPECT(&c, 501, "RNTO");
	EXPECT(&c, 503, "RNTO x");
	EXPECT(&c, 350, "RNFR new name");
	EXPECT(&c, 501, "RNFR");
	EXPECT(&c, 503, "RNTO x");
	/* Over an existing file, as rename(2) does. */
	files_write_as("anna", "/home/anna/other", "x", 1);
	EXPECT(&c, 350, "RNFR other");
	EXPECT(&c, 250, "RNTO new name");
	CHECK(files_same("/home/anna/new name", "x", 1));
	EXPECT(&c, 350, "RNFR new name");
	EXPECT(&c, 550, "RNTO missing/x");
	files_mkdir_as("anna", "/home/anna/d", 0755);
	files_mkdir_as("anna", "/home/anna/d/e", 0755);
	EXPECT(&c, 350, "RNFR d");
	EXPECT(&c, 550, "RNTO d/e/d");
	CHECK_TEXT(c.text, "550 A directory cannot be moved into itself.");
	CHECK(files_exist("/home/anna/new name"));
	ftp_close(&c);
	server_stop(&s);
}

static void
test_facts_of_files(void)
{
	struct server s;
	struct ftp c;
	struct stat st = { 0 };

	if (!SERVER(&s) || !ftp_enter(&c, "anna"))
		return;
	files_write_as("anna", "/home/anna/f", "12345", 5);
	EXPECT(&c, 200, "TYPE I");
	EXPECT(&c, 213, "SIZE f");
	CHECK_TEXT(c.text, "213 5");
	EXPECT(&c, 550, "SIZE .");
	EXPECT(&c, 200, "TYPE A");
	EXPECT(&c, 550, "SIZE f");
	EXPECT(&c, 213, "MFMT 20010203040506 f");
	CHECK_HAS(c.text, "Modify=20010203040506; f");
	EXPECT(&c, 213, "MDTM f");
	CHECK_TEXT(c.text, "213 20010203040506");
	CHECK(stat("/home/anna/f", &st) == 0);
	CHECK_NUMBER(st.st_mtim.tv_sec, 981173106);
	EXPECT(&c, 213, "MFMT 20380119031408.5 f");
	CHECK(stat("/home/anna/f", &st) == 0);
	CHECK_NUMBER(st.st_mtim.tv_sec, 2147483648);
	EXPECT(&c, 550, "MFMT 20010203040506 missing");
	EXPECT(&c, 550, "MFMT 20010203040506 /etc/passwd");
	EXPECT(&c, 250, "DELE f");
	CHECK(!files_exist("/home/anna/f"));
	EXPECT(&c, 550, "DELE f");
	ftp_close(&c);
	server_stop(&s);
}

/* All operations with one name. */
static void
round_trip(struct ftp *c, const char *name, const char *wire,
	const char *quoted)
{
	char path[600], expected[1200];

	if (!EXPECT(c, 257, "MKD %s", wire))
		return;
	snprintf(path, sizeof(path), "/home/anna/%s", name);
	CHECK_SAYS(files_exist(path), "%s was not made", path);
	EXPECT(c, 250, "CWD %s", wire);
	EXPECT(c, 257, "PWD");
	snprintf(expected, sizeof(expected), "257 \"/home/anna/%s\"", quoted);
	CHECK_HAS(c->text, expected);
	EXPECT(c, 250, "CWD /home/anna");
	EXPECT(c, 350, "RNFR %s", wire);
	EXPECT(c, 250, "RNTO plain");
	EXPECT(c, 250, "RMD plain");
	CHECK_NUMBER(ftp_put(c, "data", 4, "STOR %s", wire), 226);
	CHECK_SAYS(files_same(path, "data", 4), "%s was not stored", path);
	EXPECT(c, 250, "DELE %s", wire);
	CHECK(!files_exist(path));
}

static void
test_odd_names(void)
{
	static const char *const names[][3] = {
		{ "a b", "a b", "a b" },
		{ " leading", " leading", " leading" },
		{ "trailing ", "trailing ", "trailing " },
		{ "-la", "-la", "-la" },
		{ "a\"b\"\"c", "a\"b\"\"c", "a\"\"b\"\"\"\"c" },
		{ "\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80",
			"\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80",
			"\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80" },
		{ "\xe9t\xe9", "\xe9t\xe9", "\xe9t\xe9" },
		{ "x\xffy", "x\xff\xffy", "x\xff\xffy" },
		{ "\xff", "\xff\xff", "\xff\xff" },
		{ "*?[x]{y}", "*?[x]{y}", "*?[x]{y}" },
		{ "%s%n\\", "%s%n\\", "%s%n\\" },
		{ "tab\there", "tab\there", "tab\there" },
		{ "~root", "~root", "~root" },
		{ "...", "...", "..." },
	};
	struct server s;
	struct ftp c;
	char longest[256];

	if (!SERVER(&s) || !ftp_enter(&c, "anna"))
		return;
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		round_trip(&c, names[i][0], names[i][1], names[i][2]);
	memset(longest, 'n', 255);
	longest[255] = '\0';
	round_trip(&c, longest, longest, longest);
	/* One more byte is a name that no file can have. */
	EXPECT(&c, 553, "MKD %sn", longest);
	ftp_close(&c);
	server_stop(&s);
}

static void
test_deep_paths(void)
{
	struct server s;
	struct ftp c;
	char name[201];

	if (!SERVER(&s) || !ftp_enter(&c, "anna"))
		return;
	memset(name, 'd', 200);
	name[200] = '\0';
	/* Deeper than PATH_MAX: PWD must be correct or fail. */
	for (int i = 0; i < 40; i++) {
		EXPECT(&c, 257, "MKD %s", name);
		EXPECT(&c, 250, "CWD %s", name);
	}
	EXPECT(&c, 550, "PWD");
	CHECK_NUMBER(ftp_put(&c, "x", 1, "STOR f"), 226);
	EXPECT(&c, 250, "MLST f");
	for (int i = 0; i < 40; i++)
		EXPECT(&c, 250, "CDUP");
	EXPECT(&c, 257, "PWD");
	CHECK_HAS(c.text, "\"/home/anna\"");
	ftp_close(&c);
	server_stop(&s);
}

/* The kernel decides, with the account's own ids and groups (S76). */
static void
test_kernel_decides(void)
{
	struct server s;
	struct ftp c;

	if (!SERVER(&s) || !ftp_enter(&c, "anna"))
		return;
	files_write_as("bert", "/home/bert/secret", "x", 1);
	files_write_as("bert", "/home/readable", "x", 1);
	EXPECT(&c, 550, "CWD /home/bert");
	EXPECT(&c, 550, "CWD /root");
	EXPECT(&c, 550, "MLST /home/bert/secret");
	EXPECT(&c, 550, "RETR /home/bert/secret");
	EXPECT(&c, 550, "DELE /home/bert/secret");
	EXPECT(&c, 550, "RETR /etc/shadow");
	EXPECT(&c, 550, "MKD /home/x");
	EXPECT(&c, 550, "DELE /home/readable");
	CHECK_NUMBER(ftp_put(&c, "y", 1, "STOR /home/readable"), 550);
	CHECK_NUMBER(ftp_put(&c, "y", 1, "APPE /home/readable"), 550);
	CHECK(files_same("/home/readable", "x", 1));
	CHECK(files_same("/home/bert/secret", "x", 1));
	ftp_close(&c);
	server_stop(&s);
}

static void
test_supplementary_groups(void)
{
	struct server s;
	struct ftp c;

	if (!SERVER(&s))
		return;
	CHECK(mkdir("/home/team", 0700) == 0);
	CHECK(chown("/home/team", 0, ACCOUNTS_TEAM_GID) == 0);
	CHECK(chmod("/home/team", 02770) == 0);
	if (!ftp_enter(&c, "anna"))
		return;
	EXPECT(&c, 250, "CWD /home/team");
	CHECK_NUMBER(ftp_put(&c, "x", 1, "STOR shared"), 226);
	struct stat st = { 0 };
	CHECK(stat("/home/team/shared", &st) == 0);
	CHECK_NUMBER(st.st_uid, 1001);
	CHECK_NUMBER(st.st_gid, ACCOUNTS_TEAM_GID);
	ftp_close(&c);
	if (!ftp_enter(&c, "jan"))
		return;
	EXPECT(&c, 550, "CWD /home/team");
	ftp_close(&c);
	server_stop(&s);
}

static void
test_umask(void)
{
	static const struct {
		const char *option;
		mode_t file, directory;
	} rows[] = {
		{ "session.umask=pam", 0644, 0755 },
		{ "session.umask=027", 0640, 0750 },
		{ "session.umask=077", 0600, 0700 },
		{ "session.umask=000", 0666, 0777 },
	};
	struct server s;
	struct ftp c;

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		char path[64];
		if (!SERVER(&s, rows[i].option) || !ftp_enter(&c, "anna"))
			return;
		CHECK_NUMBER(ftp_put(&c, "x", 1, "STOR f%zu", i), 226);
		snprintf(path, sizeof(path), "/home/anna/f%zu", i);
		check_owner(path, "anna", rows[i].file);
		EXPECT(&c, 257, "MKD d%zu", i);
		snprintf(path, sizeof(path), "/home/anna/d%zu", i);
		check_owner(path, "anna", rows[i].directory);
		ftp_close(&c);
		server_stop(&s);
	}
}

/* No command may follow a link to a file that it should not change. */
static void
test_links_and_special_files(void)
{
	struct server s;
	struct ftp c;

	if (!SERVER(&s) || !ftp_enter(&c, "anna"))
		return;
	CHECK(mkfifo("/home/anna/fifo", 0666) == 0);
	CHECK(files_give("/home/anna/fifo", "anna"));
	CHECK(symlink("/home/bert/x", "/home/anna/link") == 0);
	CHECK(symlink("loop", "/home/anna/loop") == 0);
	/* A FIFO without a reader must not block the session. */
	EXPECT(&c, 550, "RETR fifo");
	CHECK_NUMBER(ftp_put(&c, "x", 1, "STOR fifo"), 550);
	CHECK_NUMBER(ftp_put(&c, "x", 1, "APPE fifo"), 550);
	EXPECT(&c, 550, "RETR /dev/zero");
	EXPECT(&c, 550, "RETR .");
	CHECK_NUMBER(ftp_put(&c, "x", 1, "STOR ."), 550);
	CHECK_NUMBER(ftp_put(&c, "x", 1, "STOR link"), 550);
	EXPECT(&c, 550, "CWD loop");
	EXPECT(&c, 550, "RETR loop");
	EXPECT(&c, 250, "MLST loop");
	EXPECT(&c, 250, "DELE loop");
	EXPECT(&c, 250, "DELE link");
	EXPECT(&c, 250, "DELE fifo");
	ftp_close(&c);
	server_stop(&s);
}

/* The working directory is removed by another process. */
static void
test_vanished_directory(void)
{
	struct server s;
	struct ftp c;

	if (!SERVER(&s) || !ftp_enter(&c, "anna"))
		return;
	EXPECT(&c, 257, "MKD gone");
	EXPECT(&c, 250, "CWD gone");
	CHECK(rmdir("/home/anna/gone") == 0);
	EXPECT(&c, 550, "PWD");
	EXPECT(&c, 550, "MKD x");
	CHECK_NUMBER(ftp_put(&c, "x", 1, "STOR x"), 550);
	EXPECT(&c, 250, "CWD /home/anna");
	EXPECT(&c, 257, "PWD");
	ftp_close(&c);
	server_stop(&s);
}

CU_TestInfo functional_tests[] = {
	{ "directories are made, entered, left and removed",
		test_directories },
	{ "RNTO must immediately follow RNFR", test_rename },
	{ "SIZE, MDTM, MFMT and DELE", test_facts_of_files },
	{ "names with blanks, quotes, UTF-8, any byte, 255 long",
		test_odd_names },
	{ "directories deeper than a path name can be", test_deep_paths },
	{ "file permissions are enforced by the kernel", test_kernel_decides },
	{ "supplementary groups count", test_supplementary_groups },
	{ "new files get the account's owner, group and umask", test_umask },
	{ "links, fifos and devices do not block",
		test_links_and_special_files },
	{ "a removed working directory is handled", test_vanished_directory },
	CU_TEST_INFO_NULL,
};
