/*
 * suite_upload_owner.c - upload_user: uploads belong to another account before
 * they are visible.
 */
#include "common/base.h"
#include "tests/functional/functional.h"

#include "tests/functional/ctl.h"
#include "tests/functional/files.h"
#include "tests/functional/procs.h"
#include "tests/functional/world.h"

#include <linux/capability.h>
#include <sysexits.h>

const char *const functional_name = "upload_owner";

#define HOME "/home/anna/"
#define BIT(capability) (UINT64_C(1) << (capability))

static const char *const ways[] = { "session.atomic_uploads=no",
	"session.atomic_uploads=yes" };

/* 1002 is bert. */
static void
try_uploads(struct ftp *c)
{
	EXPECT(c, 200, "TYPE I");
	CHECK_NUMBER(ftp_put(c, "new", 3, "STOR f"), 226);
	files_check_owner(HOME "f", 1002, 1001, 0600);
	CHECK(files_same(HOME "f", "new", 3));
	/* anna no longer owns it. */
	EXPECT(c, 229, "EPSV");
	EXPECT(c, 550, "RETR f");
	CHECK_NUMBER(ftp_put(c, "x", 1, "STOR f"), 550);
	CHECK_NUMBER(ftp_put(c, "x", 1, "APPE f"), 550);
	EXPECT(c, 350, "REST 3");
	CHECK(ftp_put(c, "x", 1, "STOR f") >= 550);
	CHECK(files_same(HOME "f", "new", 3));
	CHECK_NUMBER(ftp_put(c, "new", 3, "APPE log"), 226);
	files_check_owner(HOME "log", 1002, 1001, 0600);
	/* An existing file is replaced, and its owner changed as well. */
	files_write_as("anna", HOME "old", "older", 5);
	CHECK_NUMBER(ftp_put(c, "new", 3, "STOR old"), 226);
	files_check_owner(HOME "old", 1002, 1001, 0600);
	CHECK(files_same(HOME "old", "new", 3));
	/* In a sticky directory of another user, which cannot be read. */
	CHECK_NUMBER(ftp_put(c, "new", 3, "STOR sticky/f"), 226);
	files_check_owner(HOME "sticky/f", 1002, 1001, 0600);
	EXPECT(c, 550, "DELE sticky/f");
	/* Directories are not uploads. */
	EXPECT(c, 257, "MKD d");
	files_check_owner(HOME "d", 1001, 1001, 0775);
}

static void
test_given(void)
{
	static const char *const given[] = { "f", "log", "old", "sticky/f" };
	struct server s;
	struct ftp c;

	for (size_t i = 0; i < ARRAY_SIZE(ways); i++) {
		if (!SERVER(&s, ways[i], "user anna.upload_user=bert",
			"user anna.umask=002"))
			return;
		CHECK(mkdir(HOME "sticky", 0700) == 0);
		CHECK(chmod(HOME "sticky", 01733) == 0);
		if (!ftp_enter(&c, "anna"))
			return;
		try_uploads(&c);
		ftp_close(&c);
		/* Other accounts are not affected. */
		if (!ftp_enter(&c, "bert"))
			return;
		CHECK_NUMBER(ftp_put(&c, "x", 1, "STOR own"), 226);
		files_check_owner("/home/bert/own", 1002, 1002, 0644);
		ftp_close(&c);
		server_stop(&s);
		for (size_t k = 0; k < ARRAY_SIZE(given); k++) {
			char path[64];
			snprintf(path, sizeof(path), HOME "%s", given[k]);
			CHECK(unlink(path) == 0);
		}
		CHECK(rmdir(HOME "sticky") == 0 && rmdir(HOME "d") == 0);
	}
}

/* Incomplete uploads do not belong to the session's user either. */
static void
test_incomplete(void)
{
	struct server s;
	struct ftp c;

	if (!SERVER(&s, "session.upload_user=bert",
		"session.upload_mode=604") || !ftp_enter(&c, "anna"))
		return;
	EXPECT(&c, 200, "TYPE I");
	CHECK_NUMBER(ftp_start(&c, "STOR f"), 150);
	CHECK_NUMBER(ftp_data_send(&c, "half", 4), 4);
	CHECK(files_wait_for_text(HOME "f", "half"));
	files_check_owner(HOME "f", 1002, 1001, 0604);
	EXPECT(&c, 426, "ABOR");
	EXPECT_REPLY(&c, 226);
	files_check_owner(HOME "f", 1002, 1001, 0604);
	CHECK_NUMBER(ftp_put(&c, "x", 1, "STOR f"), 550);
	ftp_close(&c);
	server_stop(&s);
}

static void
test_unknown_account(void)
{
	struct server s;
	struct ftp c;

	for (size_t i = 0; i < ARRAY_SIZE(ways); i++) {
		if (!SERVER(&s, ways[i], "session.upload_user=nobody.at.all") ||
			!ftp_enter(&c, "anna"))
			return;
		CHECK_LOGGED(0, "error session=1 peer=127.0.0.1 user=anna "
			"upload_user: there is no account nobody.at.all; "
			"uploads are refused");
		CHECK(ftp_put(&c, "x", 1, "STOR f") >= 450);
		CHECK_HAS(c.text, "Permission denied");
		CHECK(!files_exist(HOME "f"));
		files_write_as("anna", HOME "old", "old", 3);
		CHECK(ftp_put(&c, "x", 1, "STOR old") >= 450);
		CHECK(files_same(HOME "old", "old", 3));
		EXPECT(&c, 250, "DELE old");
		EXPECT(&c, 200, "NOOP");
		ftp_close(&c);
		server_stop(&s);
	}
}

/* The monitor has the rights for it, and only with the setting. */
static void
test_rights(void)
{
	const uint64_t give = BIT(CAP_CHOWN) | BIT(CAP_FOWNER);
	struct server s;
	struct ftp a, b;
	struct proc p;

	if (!SERVER(&s, "user anna.upload_user=bert") || !ftp_enter(&a, "anna"))
		return;
	EXPECT(&a, 200, "NOOP");
	CHECK(procs_read(procs_serving(PROCS_MONITOR), &p));
	CHECK_NUMBER(p.permitted & give, give);
	CHECK_NUMBER(p.permitted & BIT(CAP_SETUID), 0);
	CHECK_NUMBER(p.no_new_privs, 1);
	ftp_close(&a);
	CHECK(procs_wait_for_count(PROCS_SESSION, 0, 5000));
	if (!ftp_enter(&b, "bert"))
		return;
	EXPECT(&b, 200, "NOOP");
	CHECK(procs_read(procs_serving(PROCS_MONITOR), &p));
	CHECK_NUMBER(p.permitted & give, 0);
	ftp_close(&b);
	server_stop(&s);
}

/* --check reports it for all accounts, for one, and for anonymous logins; the
 * server starts nevertheless. */
static void
test_check(void)
{
	static const char *const arguments[] = { "-C", SERVER_CONFIG,
		"--check", NULL };
	struct ctl_result r;

	files_write_text(SERVER_CONFIG, "[session]\nupload_user = nosuch1\n"
		"[user anna]\nupload_user = nosuch2\n"
		"[user bert]\nupload_user = root\n"
		"[anonymous]\nupload_user = nosuch3\n");
	CHECK_NUMBER(ctl_run_program(&r, WORLD_SERVER, NULL, arguments),
		EX_CONFIG);
	CHECK_HAS(r.err, SERVER_CONFIG ":2: upload_user: there is no account "
		"nosuch1; uploads will be refused\n");
	CHECK_HAS(r.err, SERVER_CONFIG ":4: upload_user: there is no account "
		"nosuch2; ");
	CHECK_HAS(r.err, SERVER_CONFIG ":8: upload_user: there is no account "
		"nosuch3; ");
	CHECK(strstr(r.err, "root") == NULL);
	files_write_text(SERVER_CONFIG, "[session]\nupload_user = bert\n");
	CHECK_NUMBER(ctl_run_program(&r, WORLD_SERVER, NULL, arguments),
		EX_OK);
}

CU_TestInfo functional_tests[] = {
	{ "uploads of every kind belong to upload_user", test_given },
	{ "incomplete uploads belong to upload_user, too", test_incomplete },
	{ "an upload_user that does not exist: uploads fail",
		test_unknown_account },
	{ "--check reports accounts that do not exist", test_check },
	{ "only monitors that need it can change owners", test_rights },
	CU_TEST_INFO_NULL,
};
