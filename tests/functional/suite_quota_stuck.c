/*
 * suite_quota_stuck.c - file systems that do not answer, in places where a
 * quota counts, or where a session looks.
 */
#include "common/base.h"
#include "tests/functional/functional.h"

#include "common/buffer.h"
#include "tests/functional/ctl.h"
#include "tests/functional/files.h"
#include "tests/functional/fuse.h"
#include "tests/functional/procs.h"
#include "tests/functional/quotas.h"
#include "tests/functional/world.h"

#include <signal.h>
#include <sysexits.h>

const char *const functional_name = "quota_stuck";

#define ROOT	"/home/anna"
#define SCANNER "sureftpd-scan"

static bool
has_ended(void *pid)
{
	return kill(*(const pid_t *)pid, 0) < 0;
}

/* Two accounts have a file system of their own that does not answer, where it
 * is counted: others are counted anyway. */
static void
test_stuck_file_system(void)
{
	static const char *const names[] = { "anna", "bert" };
	struct proc scanners[2];
	struct ftp c[2], other;
	struct server s;

	for (unsigned i = 0; i < ARRAY_SIZE(names); i++) {
		BUFFER(path, 64);
		buffer_addf(&path, "/home/%s/stuck", names[i]);
		files_mkdir_as(names[i], buffer_text(&path), 0755);
		if (!fuse_mount(buffer_text(&path), 1001 + i, 1001 + i)) {
			printf("no FUSE here: not tested\n");
			return;
		}
		fuse_hang();
	}
	files_mkdir_as("finn", "/home/finn", 0755);
	if (!SERVER(&s, QUOTAS_BYTES, "quota.quota_bytes=100k"))
		return;
	for (unsigned i = 0; i < ARRAY_SIZE(names); i++)
		CHECK(ftp_enter(&c[i], names[i]));
	CHECK(procs_wait_for_count(SCANNER, 2, 5000));
	CHECK_NUMBER(procs_list(SCANNER, scanners, 2), 2);
	for (unsigned i = 0; i < ARRAY_SIZE(scanners); i++)
		CHECK(wait_until(has_ended, &scanners[i].pid, 30000));
	CHECK(ftp_enter(&other, "finn") && EXPECT(&other, 200, "TYPE I"));
	CHECK_NUMBER(quotas_put(&other, 1000, "STOR f"), 226);
	CHECK_NUMBER(quotas_used(&other), 1000);
	CHECK_LOGGED(0, "error a scanner was ended: a file system did not "
		"answer for * s");
	CHECK_LOGGED(0, "error bookkeeper: cannot count /home/anna: *");
	ftp_close(&other);
	for (unsigned i = 0; i < ARRAY_SIZE(names); i++)
		ftp_close(&c[i]);
	server_stop(&s);
}

/* Anna has one as her home directory; whoever else closes or examines a file
 * there may wait for ever. */
static void
check_stuck_home(bool mounted, int reply)
{
	struct ftp c, other;
	struct server s;

	files_mkdir_as("finn", "/home/finn", 0755);
	if (!mounted) {
		printf("no FUSE here: not tested\n");
		return;
	}
	if (!SERVER(&s, QUOTAS_BYTES, "quota.quota_bytes=10M",
		"limits.data_timeout=9") || !ftp_enter(&c, "anna"))
		return;
	EXPECT(&c, 200, "TYPE I");
	CHECK_NUMBER(quotas_put(&c, 10, "APPE hello"), reply);
	CHECK(ftp_enter(&other, "finn") && EXPECT(&other, 200, "TYPE I"));
	CHECK_NUMBER(quotas_put(&other, 1000, "STOR f"), 226);
	CHECK_NUMBER(quotas_used(&other), 1000);
	ftp_close(&other);
	fuse_end();
	ftp_close(&c);
	server_stop(&s);
	fuse_unmount(ROOT);
}

static void
test_stuck_home(void)
{
	check_stuck_home(fuse_mount_stuck(ROOT, 1001, 1001), 452);
}

/* Of a network file system as well, or one that the administrator lets
 * everybody use. */
static void
test_shared_home(void)
{
	check_stuck_home(fuse_mount_shared(ROOT, 1001, 1001), 226);
}

/* A session that looks at a file there cannot even be killed, but it does not
 * keep its place. */
static void
test_stuck_session(void)
{
	struct ctl_result r;
	struct ftp c, next;
	struct server s;

	files_mkdir_as("finn", "/home/finn", 0755);
	if (!fuse_mount_shared(ROOT, 1001, 1001)) {
		printf("no FUSE here: not tested\n");
		return;
	}
	if (!SERVER(&s, "limits.max_per_user=1", "log.level=debug") ||
	    !ftp_enter(&c, "finn"))
		return;
	CHECK(ftp_send_text(&c, "SIZE " ROOT "/hello\r\n"));
	CHECK_LOGGED(0, "* user=finn command: SIZE *");
	CHECK_NUMBER(CTL(&r, "kick", "--user", "finn"), EX_OK);
	CHECK_LOGGED(0, "* user=finn session ended: *");
	CHECK(ftp_enter(&next, "finn"));
	ftp_close(&next);
	fuse_end();
	ftp_close(&c);
	server_stop(&s);
	fuse_unmount(ROOT);
}

CU_TestInfo functional_tests[] = {
	{ "a file system that does not answer", test_stuck_file_system },
	{ "a home directory that does not answer", test_stuck_home },
	{ "a home directory that answers its account only", test_shared_home },
	{ "a session that a file system holds can be ended",
		test_stuck_session },
	CU_TEST_INFO_NULL,
};
