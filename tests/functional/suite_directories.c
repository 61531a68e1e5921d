/*
 * suite_directories.c - [directory] sections: which permissions they remove and
 * grant, to whom, and that no other name bypasses them.
 */
#include "common/base.h"
#include "tests/functional/functional.h"

#include "tests/functional/files.h"
#include "tests/functional/lists.h"

#include <sys/mount.h>
#include <sys/stat.h>

const char *const functional_name = "directories";

#define ANNA "info session=1 peer=127.0.0.1 user=anna "
#define SECRET "directory \"/home/anna/secret\"."
#define NOTHING SECRET "permissions=", SECRET "recursive=yes"

/* secret/file and secret/sub/file; open/file. */
static void
make_tree(void)
{
	files_mkdir_as("anna", "/home/anna/secret", 0755);
	files_mkdir_as("anna", "/home/anna/secret/sub", 0755);
	files_mkdir_as("anna", "/home/anna/open", 0755);
	files_write_as("anna", "/home/anna/secret/file", "12345", 5);
	files_write_as("anna", "/home/anna/secret/sub/file", "12345", 5);
	files_write_as("anna", "/home/anna/open/file", "123", 3);
}

static void
expect_refused(struct ftp *c, const char *line)
{
	EXPECT(c, 550, "%s", line);
	CHECK_SAYS(strstr(c->text, "550 No permission to ") != NULL,
		"%s got %s", line, c->text);
}

static void
expect_no_upload(struct ftp *c, const char *line)
{
	CHECK_NUMBER(ftp_put(c, "x", 1, "%s", line), 550);
	CHECK_HAS(c->text, "550 No permission to ");
}

/* Everything that can be done with a directory, none of which is allowed. */
static void
expect_closed(struct ftp *c, const char *dir)
{
	static const char *const commands[] = { "CWD %s", "LIST %s",
		"NLST %s", "MLSD %s", "STAT %s/", "LIST %s/file",
		"LIST %s/*", "SIZE %s/file", "MDTM %s/file", "MLST %s/file",
		"RETR %s/file", "DELE %s/file", "RNFR %s/file", "MKD %s/new",
		"RMD %s/sub", "SITE CHMOD 600 %s/file",
		"MFMT 20200101000000 %s/file" };
	char line[256];

	EXPECT(c, 200, "TYPE I");
	for (size_t i = 0; i < ARRAY_SIZE(commands); i++) {
		const char *at = strstr(commands[i], "%s");
		snprintf(line, sizeof(line), "%.*s%s%s",
			(int)(at - commands[i]), commands[i], dir, at + 2);
		expect_refused(c, line);
	}
	snprintf(line, sizeof(line), "STOR %s/new", dir);
	expect_no_upload(c, line);
	snprintf(line, sizeof(line), "APPE %s/file", dir);
	expect_no_upload(c, line);
	EXPECT(c, 350, "RNFR open/file");
	snprintf(line, sizeof(line), "RNTO %s/moved", dir);
	expect_refused(c, line);
	CHECK(files_same("/home/anna/secret/file", "12345", 5));
}

static void
test_takes_away(void)
{
	struct server s;
	struct ftp c;

	make_tree();
	if (!SERVER(&s, NOTHING) || !ftp_enter(&c, "anna"))
		return;
	expect_closed(&c, "secret");
	expect_closed(&c, "open/../secret/.");
	expect_refused(&c, "SIZE secret/sub/file");
	CHECK_LOGGED(0, ANNA "could not create directory "
		"\"/home/anna/secret/new\": No permission to make directories "
		"here");
	/* beside it everything is as before */
	CHECK_NUMBER(ftp_put(&c, "x", 1, "STOR open/new"), 226);
	ftp_close(&c);
	server_stop(&s);
}

/* S22: not recursive by default. */
static void
test_one_directory(void)
{
	struct server s;
	struct ftp c;

	make_tree();
	if (!SERVER(&s, SECRET "permissions=e") || !ftp_enter(&c, "anna"))
		return;
	EXPECT(&c, 200, "TYPE I");
	expect_refused(&c, "SIZE secret/file");
	EXPECT(&c, 250, "CWD secret");
	expect_refused(&c, "LIST");
	EXPECT(&c, 213, "SIZE sub/file");
	EXPECT(&c, 250, "CWD sub");
	expect_refused(&c, "SIZE ../file");
	ftp_close(&c);
	server_stop(&s);
}

/* The nearest directory with a section applies. */
static void
test_gives(void)
{
	struct server s;
	struct ftp c;

	make_tree();
	files_mkdir_as("anna", "/home/anna/open/deep", 0755);
	files_mkdir_as("anna", "/home/anna/open/deep/down", 0755);
	if (!SERVER(&s, "session.permissions=elr",
		    "directory \"/home/anna/open\".permissions=elrwm",
		    "directory \"/home/anna/open\".recursive=yes",
		    "directory \"/home/anna/open/deep\".permissions=elr") ||
	    !ftp_enter(&c, "anna"))
		return;
	expect_no_upload(&c, "STOR new");
	expect_no_upload(&c, "STOR secret/new");
	CHECK_NUMBER(ftp_put(&c, "x", 1, "STOR open/new"), 226);
	expect_no_upload(&c, "STOR open/deep/new");
	CHECK_NUMBER(ftp_put(&c, "x", 1, "STOR open/deep/down/new"), 226);
	expect_refused(&c, "DELE open/new");
	expect_refused(&c, "SITE CHMOD 600 open/new");
	ftp_close(&c);
	server_stop(&s);
}

/* The perm fact in MLSD is about the directory of the entry. */
static void
test_facts(void)
{
	struct server s;
	struct ftp c;

	make_tree();
	CHECK(symlink("secret/file", "/home/anna/link") == 0);
	if (!SERVER(&s, SECRET "permissions=el", "session.permissions=elrw") ||
	    !ftp_enter(&c, "anna"))
		return;
	EXPECT(&c, 200, "OPTS MLST type;size;perm;");
	CHECK_LISTING(&c, "MLSD open", "type=cdir;perm=elc; .\r\n"
		"type=pdir;perm=elc; ..\r\n"
		"type=file;size=3;perm=rw; file\r\n");
	char *list = lists_get(&c, "MLSD secret");
	CHECK_HAS(list, "type=file;size=5;perm=; file\r\n");
	free(list);
	EXPECT(&c, 250, "MLST secret/file");
	CHECK_HAS(c.text, " type=file;size=5;perm=; /home/anna/secret/file");
	EXPECT(&c, 250, "MLST link");
	CHECK_HAS(c.text, " type=file;size=5;perm=; /home/anna/secret/file");
	ftp_close(&c);
	server_stop(&s);
	if (!SERVER(&s, NOTHING) || !ftp_enter(&c, "anna"))
		return;
	EXPECT(&c, 200, "OPTS MLST type;size;perm;");
	/* a link into it is shown as a link, a walk passes it over */
	list = lists_get(&c, "MLSD");
	CHECK_HAS(list, "type=OS.unix=symlink;size=11;perm=df; link\r\n");
	free(list);
	list = lists_get(&c, "LIST -R");
	CHECK_HAS(list, "./open:\r\n");
	CHECK_HAS(list, " secret\r\n");
	CHECK_LACKS(list, "sub");
	free(list);
	ftp_close(&c);
	server_stop(&s);
}

static void
test_links(void)
{
	static const char *const names[] = { "link", "open/up", "chain",
		"absolute" };
	struct server s;
	struct ftp c;

	make_tree();
	CHECK(symlink("secret", "/home/anna/link") == 0);
	CHECK(symlink("../secret", "/home/anna/open/up") == 0);
	CHECK(symlink("open/up", "/home/anna/chain") == 0);
	CHECK(symlink("/home/anna/secret", "/home/anna/absolute") == 0);
	CHECK(symlink("secret/file", "/home/anna/to_file") == 0);
	CHECK(symlink("secret/new", "/home/anna/to_new") == 0);
	CHECK(symlink("to_file", "/home/anna/chain_file") == 0);
	CHECK(symlink("round", "/home/anna/round") == 0);
	CHECK(symlink("open/file", "/home/anna/good") == 0);
	if (!SERVER(&s, NOTHING) || !ftp_enter(&c, "anna"))
		return;
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		expect_closed(&c, names[i]);
	expect_refused(&c, "RETR to_file");
	expect_refused(&c, "SIZE chain_file");
	expect_refused(&c, "MDTM to_file");
	expect_refused(&c, "SITE CHMOD 600 to_file");
	expect_refused(&c, "MFMT 20200101000000 to_file");
	expect_no_upload(&c, "APPE to_file");
	expect_no_upload(&c, "STOR chain_file");
	expect_no_upload(&c, "STOR to_new");
	CHECK(!files_exist("/home/anna/secret/new"));
	EXPECT(&c, 550, "SIZE round");
	/* A link to another directory is followed. */
	EXPECT(&c, 213, "SIZE good");
	CHECK_HAS(c.text, "213 3");
	EXPECT(&c, 200, "SITE CHMOD 640 good");
	EXPECT(&c, 213, "MFMT 20200101000000 good");
	CHECK_NUMBER(ftp_put(&c, "4", 1, "APPE good"), 226);
	CHECK(files_same("/home/anna/open/file", "1234", 4));
	ftp_close(&c);
	server_stop(&s);
}

static void
test_mounts(void)
{
	struct server s;
	struct ftp c;

	make_tree();
	files_mkdir_as("anna", "/home/anna/mounted", 0755);
	files_mkdir_as("anna", "/home/anna/above", 0755);
	CHECK(mount("/home/anna/secret", "/home/anna/mounted", NULL, MS_BIND,
		NULL) == 0);
	CHECK(mount("/home/anna/secret/sub", "/home/anna/above", NULL, MS_BIND,
		NULL) == 0);
	if (!SERVER(&s, NOTHING) || !ftp_enter(&c, "anna"))
		return;
	expect_closed(&c, "mounted");
	EXPECT(&c, 200, "TYPE I");
	expect_refused(&c, "SIZE mounted/sub/file");
	/* A bind mount of a subdirectory has another parent. */
	EXPECT(&c, 213, "SIZE above/file");
	ftp_close(&c);
	server_stop(&s);
	umount2("/home/anna/mounted", MNT_DETACH);
	umount2("/home/anna/above", MNT_DETACH);
}

/* The account can reach the directory by another path than the section's. */
static void
test_hidden_way(void)
{
	struct server s;
	struct ftp c;

	mkdir("/home/vault", 0700);
	files_mkdir_as("anna", "/home/vault/in", 0755);
	files_write_as("anna", "/home/vault/in/file", "1", 1);
	files_mkdir_as("anna", "/home/anna/mounted", 0755);
	CHECK(mount("/home/vault/in", "/home/anna/mounted", NULL, MS_BIND,
		NULL) == 0);
	if (!SERVER(&s, "directory \"/home/vault/in\".permissions=e") ||
	    !ftp_enter(&c, "anna"))
		return;
	EXPECT(&c, 200, "TYPE I");
	expect_refused(&c, "SIZE mounted/file");
	expect_no_upload(&c, "STOR mounted/new");
	ftp_close(&c);
	server_stop(&s);
	umount2("/home/anna/mounted", MNT_DETACH);
}

static void
expect_busy(struct ftp *c, const char *from, const char *to)
{
	EXPECT(c, 350, "RNFR %s", from);
	EXPECT(c, 550, "RNTO %s", to);
	CHECK_HAS(c->text, "busy");
}

/* Renaming the directory would bypass the section. */
static void
test_renames(void)
{
	struct server s;
	struct ftp c;

	make_tree();
	files_mkdir_as("anna", "/home/anna/open/in", 0755);
	if (!SERVER(&s, NOTHING, "directory \"/home/anna/open/in\"."
		    "permissions=elradfmwMT") || !ftp_enter(&c, "anna"))
		return;
	expect_busy(&c, "secret", "other");
	expect_busy(&c, "secret/", "other");
	expect_busy(&c, "open", "other");
	expect_busy(&c, "open/in", "other");
	EXPECT(&c, 550, "RMD open/in");
	CHECK_HAS(c.text, "busy");
	EXPECT(&c, 257, "MKD mine");
	expect_busy(&c, "mine", "open/in");
	EXPECT(&c, 350, "RNFR mine");
	EXPECT(&c, 250, "RNTO yours");
	/* It still applies to a session in it while others rename it. */
	EXPECT(&c, 200, "TYPE I");
	CHECK(rename("/home/anna/secret", "/home/anna/moved") == 0);
	expect_refused(&c, "SIZE moved/file");
	CHECK(rename("/home/anna/moved", "/home/anna/secret") == 0);
	ftp_close(&c);
	server_stop(&s);
}

static void
test_accounts(void)
{
	struct server s;
	struct ftp c;

	mkdir("/home/shared", 0755);
	mkdir("/home/shared/in", 0777);
	chmod("/home/shared/in", 0777);
	server_configure("[directory \"/home/shared/in\"]\n"
		"permissions = elrw\ngroups = nosuchgroup team\n"
		"[directory \"/home/shared/in\"]\npermissions = e\n"
		"users = bert nosuchuser\n"
		"[directory \"/home/none\"]\npermissions = e\n"
		"[session]\npermissions = elr\n");
	if (!SERVER(&s))
		return;
	/* in the group */
	if (ftp_enter(&c, "anna")) {
		CHECK_NUMBER(ftp_put(&c, "x", 1, "STOR /home/shared/in/a"),
			226);
		expect_no_upload(&c, "STOR new");
	}
	CHECK_LOGGED(0, ANNA "session: [directory \"/home/none\"] has no "
		"effect on this session: No such file or directory");
	ftp_close(&c);
	/* in the group, too, but named by the later one */
	if (ftp_enter(&c, "bert")) {
		expect_no_upload(&c, "STOR /home/shared/in/b");
		expect_refused(&c, "LIST /home/shared/in");
	}
	ftp_close(&c);
	/* neither */
	if (ftp_enter(&c, "jan")) {
		expect_no_upload(&c, "STOR /home/shared/in/c");
		free(lists_get(&c, "LIST /home/shared/in"));
	}
	ftp_close(&c);
	server_stop(&s);
}

static void
test_jails(void)
{
	struct server s;
	struct ftp c;

	make_tree();
	if (!SERVER(&s, "session.jail=home", NOTHING,
		    "directory \"/home\".permissions=elradfm",
		    "directory \"/home\".recursive=yes") ||
	    !ftp_enter(&c, "anna"))
		return;
	expect_closed(&c, "secret");
	/* sections above the jail apply in it */
	expect_no_upload(&c, "STOR open/new");
	EXPECT(&c, 257, "MKD open/new");
	ftp_close(&c);
	server_stop(&s);
	if (!SERVER(&s, "session.jail=home",
		    "directory \"/home\".permissions=el") ||
	    !ftp_enter(&c, "anna"))
		return;
	CHECK_NUMBER(ftp_put(&c, "x", 1, "STOR new"), 226);
	ftp_close(&c);
	server_stop(&s);
}

CU_TestInfo functional_tests[] = {
	{ "permissions are taken away", test_takes_away },
	{ "in one directory, not below, by default", test_one_directory },
	{ "permissions are granted; the nearest section applies", test_gives },
	{ "facts and recursive listings respect them", test_facts },
	{ "no symbolic link bypasses them", test_links },
	{ "a bind mount does not bypass them", test_mounts },
	{ "they apply if the account cannot reach their path",
		test_hidden_way },
	{ "renaming does not bypass them", test_renames },
	{ "they can be limited to users and groups", test_accounts },
	{ "they apply inside and around jails", test_jails },
	CU_TEST_INFO_NULL,
};
