/*
 * suite_upload_check.c - no upload avoids upload_check: none that is aborted or
 * renamed, and none that changes a file which has passed.
 */
#include "common/base.h"
#include "tests/functional/functional.h"

#include "tests/functional/files.h"
#include "tests/functional/fuse.h"
#include "tests/functional/quotas.h"

#include <sys/stat.h>

const char *const functional_name = "upload_check";

#define CHECKER "/etc/sureftpd/checker"
#define BAD	"a virus"

static bool
begin(struct server *s, struct ftp *c, const char *atomic)
{
	if (!CHECK(files_writef(CHECKER, "#!/bin/sh\n"
		"! grep -q virus <&3\n")) ||
	    !CHECK(chmod(CHECKER, 0755) == 0) ||
	    !SERVER(s, "session.upload_check=" CHECKER,
		"session.incomplete_uploads=keep", atomic) ||
	    !ftp_enter(c, "anna"))
		return false;
	EXPECT(c, 200, "TYPE I");
	CHECK_NUMBER(ftp_put(c, "fine", 4, "STOR good"), 226);
	return true;
}

static void
end(struct server *s, struct ftp *c)
{
	CHECK(files_same("/home/anna/good", "fine", 4));
	CHECK_NUMBER(ftp_put(c, BAD, 7, "STOR bad"), 550);
	CHECK(!files_exist("/home/anna/bad"));
	ftp_close(c);
	server_stop(s);
}

/* All of it is there, but the client says that it is not complete. */
static void
test_aborted(void)
{
	struct server s;
	struct ftp c, other;

	if (!begin(&s, &c, "session.atomic_uploads=no"))
		return;
	CHECK_NUMBER(ftp_start(&c, "STOR bad"), 150);
	ftp_data_send(&c, BAD, 7);
	CHECK(files_wait_for_size("/home/anna/bad", 7));
	EXPECT(&c, 426, "ABOR");
	EXPECT_REPLY(&c, 226);
	ftp_data_close(&c);
	CHECK(!files_exist("/home/anna/bad"));
	size_t mark = logged_mark();
	if (!ftp_enter(&other, "anna"))
		return;
	EXPECT(&other, 200, "TYPE I");
	CHECK_NUMBER(ftp_start(&other, "STOR lost"), 150);
	ftp_data_send(&other, BAD, 7);
	CHECK(files_wait_for_size("/home/anna/lost", 7));
	ftp_close(&other);
	CHECK_LOGGED(mark, "* user=anna session ended: *");
	CHECK(!files_exist("/home/anna/lost"));
	end(&s, &c);
}

/* What was moved away meanwhile, by another session of the account. */
static void
test_renamed(void)
{
	struct server s;
	struct ftp c, other;

	if (!begin(&s, &c, "session.atomic_uploads=no") ||
	    !ftp_enter(&other, "anna"))
		return;
	CHECK_NUMBER(ftp_start(&c, "STOR bad"), 150);
	ftp_data_send(&c, BAD, 7);
	CHECK(files_wait_for_size("/home/anna/bad", 7));
	EXPECT(&other, 350, "RNFR bad");
	EXPECT(&other, 250, "RNTO away");
	ftp_data_close(&c);
	EXPECT_REPLY(&c, 550);
	CHECK_NUMBER(files_size("/home/anna/away"), 0);
	ftp_close(&other);
	end(&s, &c);
}

/* And their space is free again: of an upload that fits into the session's
 * allowance, and of one that has asked for room. */
static void
test_renamed_quota(void)
{
	static const size_t sizes[] = { 20000, 3000000 };
	struct server s;
	struct ftp c, other;

	CHECK(files_writef(CHECKER, "#!/bin/sh\nexit 1\n"));
	CHECK(chmod(CHECKER, 0755) == 0);
	if (!SERVER(&s, "session.upload_check=" CHECKER,
		"session.atomic_uploads=no", "quota.quota_bytes=10M",
		QUOTAS_BYTES) || !ftp_enter(&c, "anna") ||
	    !ftp_enter(&other, "anna"))
		return;
	EXPECT(&c, 200, "TYPE I");
	int64_t before = quotas_used(&other);
	char *data = calloc(1, sizes[1]);
	for (size_t i = 0; data != NULL && i < ARRAY_SIZE(sizes); i++) {
		CHECK_NUMBER(ftp_start(&c, "STOR bad"), 150);
		ftp_data_send(&c, data, sizes[i]);
		CHECK(files_wait_for_size("/home/anna/bad",
			(off_t)sizes[i]));
		EXPECT(&other, 350, "RNFR bad");
		EXPECT(&other, 250, "RNTO away");
		ftp_data_close(&c);
		EXPECT_REPLY(&c, 550);
		CHECK_NUMBER(files_size("/home/anna/away"), 0);
		CHECK(quotas_become(&other, before));
		EXPECT(&other, 250, "DELE away");
	}
	free(data);
	ftp_close(&other);
	ftp_close(&c);
	server_stop(&s);
}

/* Only what is new would have been refused, not what was there before. */
static void
test_changed(void)
{
	static const char *const atomic[] = { "session.atomic_uploads=no",
		"session.atomic_uploads=yes" };
	struct server s;
	struct ftp c;

	for (size_t i = 0; i < ARRAY_SIZE(atomic); i++) {
		if (!begin(&s, &c, atomic[i]))
			return;
		CHECK_NUMBER(ftp_put(&c, BAD, 7, "APPE new"), 550);
		CHECK(!files_exist("/home/anna/new"));
		CHECK_NUMBER(ftp_put(&c, BAD, 7, "APPE good"), 550);
		CHECK_HAS(c.text, "upload_check");
		EXPECT(&c, 350, "REST 4");
		CHECK_NUMBER(ftp_put(&c, BAD, 7, "STOR good"), 554);
		end(&s, &c);
	}
}

/* Anna's home directory does not answer those who examine or close her file,
 * the checker among them.  One command at a time: the next upload is checked
 * when the first command is given up. */
static void
test_stuck(void)
{
	struct server s;
	struct ftp c, other;

	files_mkdir_as("finn", "/home/finn", 0755);
	if (!fuse_mount_shared("/home/anna", 1001, 1001)) {
		printf("no FUSE here: not tested\n");
		return;
	}
	if (!SERVER(&s, "session.upload_check=/bin/true",
		"session.atomic_uploads=no", "events.max_commands=1",
		"user anna.upload_check_timeout=1") ||
	    !ftp_enter(&c, "anna") || !ftp_enter(&other, "finn"))
		return;
	EXPECT(&c, 200, "TYPE I");
	EXPECT(&other, 200, "TYPE I");
	CHECK_NUMBER(ftp_start(&c, "STOR nosize"), 150);
	ftp_data_send(&c, "fine", 4);
	ftp_data_close(&c);
	CHECK_NUMBER(ftp_start(&other, "STOR f"), 150);
	ftp_data_send(&other, "fine", 4);
	ftp_data_close(&other);
	CHECK_LOGGED(0, "error runner: upload_check /bin/true (session 1): "
		"was killed, but does not end: a file system does not answer");
	EXPECT_REPLY(&other, 226);
	CHECK(files_same("/home/finn/f", "fine", 4));
	ftp_close(&other);
	fuse_end();
	ftp_close(&c);
	server_stop(&s);
	fuse_unmount("/home/anna");
}

CU_TestInfo functional_tests[] = {
	{ "aborted uploads are not kept", test_aborted },
	{ "renamed uploads lose what was refused", test_renamed },
	{ "renamed uploads leave nothing in the quota", test_renamed_quota },
	{ "files that have passed are not changed in place", test_changed },
	{ "a file system that does not answer makes no other account wait",
		test_stuck },
	CU_TEST_INFO_NULL,
};
