/*
 * test_scanner.c - the scanner as a process: it counts as the account, and what
 * changes meanwhile is in the result.
 */
#include "common/base.h"
#include "daemon/quota/scanner.h"

#include "common/clock.h"
#include "common/io.h"
#include "common/log/log.h"
#include "common/process/channel.h"
#include "common/process/empty_root.h"
#include "common/process/role.h"
#include "common/process/role_prepare.h"
#include "daemon/quota/scanners.h"
#include "tests/unit/child.h"
#include "tests/unit/scratch.h"
#include "tests/unit/unit.h"

#include <signal.h>
#include <sys/stat.h>

const char *const unit_name = "scanner";

#define ACCOUNT 54321

static struct scratch scratch;
static struct scanners scanners;
static struct channel scanner;
static struct message_quota_scan order;

static bool
begin(void)
{
	struct stat st;

	if (child_skip_without_root("the scanner becomes an account"))
		return false;
	if (empty_root_fd() < 0)
		CU_ASSERT_EQUAL_FATAL(role_prepare("nobody", "nobody",
			"nobody"), 0);
	scratch_open(&scratch);
	CU_ASSERT_EQUAL(chmod(".", 0755), 0);
	CU_ASSERT_EQUAL(stat(".", &st), 0);
	order = (struct message_quota_scan){ .uid = ACCOUNT, .gid = ACCOUNT,
		.device = st.st_dev, .inode = st.st_ino };
	memcpy(order.root, scratch.top, sizeof(scratch.top));
	scanners_init(&scanners);
	return true;
}

static void
start(void)
{
	int pair[2];

	CU_ASSERT_EQUAL_FATAL(channel_pair(pair), 0);
	scanners_start(&scanners, &order, pair[1]);
	channel_open(&scanner, pair[0], PARTY_BOOKKEEPER, PARTY_SCANNER,
		&channel_any_phase);
}

/* The next report that is not about progress. */
static struct message_quota_scanned
await(void)
{
	struct message m = { 0 };

	do {
		CU_ASSERT_TRUE_FATAL(unit_await(scanner.fd, POLLIN));
		CU_ASSERT_EQUAL_FATAL(channel_recv(&scanner, &m), 1);
	} while (m.quota_scanned.state == QUOTA_SCAN_RUNNING);
	return m.quota_scanned;
}

static void
end_scan(void)
{
	struct message m;

	message_begin(&m, MESSAGE_quota_scan_end);
	CU_ASSERT_EQUAL(channel_send(&scanner, &m), 0);
}

static void
finish(void)
{
	pid_t pid = scanners.list[0].pid;

	channel_close(&scanner);
	if (pid != 0)
		CU_ASSERT_TRUE(unit_await_exit(pid));
	scanners_reap(&scanners);
	CU_ASSERT_EQUAL(scanners.list[0].pid, 0);
	scanners_close(&scanners);
	scratch_close(&scratch);
}

static void
test_counts(void)
{
	if (!begin())
		return;
	scratch_file("one", 100, 1);
	scratch_directory("closed");
	scratch_file("closed/two", 100, 1);
	CU_ASSERT_EQUAL(chmod("closed", 0700), 0);
	start();
	struct message_quota_scanned m = await();
	CU_ASSERT_EQUAL(m.state, QUOTA_SCAN_WALKED);
	end_scan();
	m = await();
	CU_ASSERT_EQUAL(m.state, QUOTA_SCAN_DONE);
	CU_ASSERT_EQUAL(m.count.bytes, 100);
	CU_ASSERT_EQUAL(m.count.files, 1);
	CU_ASSERT_EQUAL(m.unreadable, 1);
	CU_ASSERT_EQUAL(m.inexact, 0);
	finish();
}

/* A change after the walk, which the scanner is told of before its end. */
static void
test_change(void)
{
	struct message m;
	struct stat st;

	if (!begin())
		return;
	scratch_file("one", 100, 1);
	start();
	CU_ASSERT_EQUAL(await().state, QUOTA_SCAN_WALKED);
	CU_ASSERT_EQUAL(stat(".", &st), 0);
	message_begin(&m, MESSAGE_quota_changed);
	m.quota_changed.change = (struct quota_change){
		.kind = QUOTA_CHANGE_ENTRY, .files = -1, .before = 100,
		.dir_dev = st.st_dev, .dir_ino = st.st_ino,
		.from = clock_ns(), .to = clock_ns() };
	CU_ASSERT_EQUAL(channel_send(&scanner, &m), 0);
	end_scan();
	struct message_quota_scanned done = await();
	CU_ASSERT_EQUAL(done.state, QUOTA_SCAN_DONE);
	CU_ASSERT_EQUAL(done.count.bytes, 0);
	CU_ASSERT_EQUAL(done.count.files, 0);
	finish();
}

static void
test_failures(void)
{
	if (!begin())
		return;
	/* Another directory than the one that was meant. */
	order.inode++;
	start();
	struct message_quota_scanned m = await();
	CU_ASSERT_EQUAL(m.state, QUOTA_SCAN_FAILED);
	CU_ASSERT_EQUAL(m.error, ESTALE);
	channel_close(&scanner);
	CU_ASSERT_TRUE(unit_await_exit(scanners.list[0].pid));
	scanners_reap(&scanners);
	/* One that the account cannot read. */
	order.inode--;
	CU_ASSERT_EQUAL(chmod(".", 0700), 0);
	start();
	m = await();
	CU_ASSERT_EQUAL(m.state, QUOTA_SCAN_FAILED);
	CU_ASSERT_EQUAL(m.error, EACCES);
	finish();
}

/* Nobody is there any more to report to. */
static void
test_bookkeeper_exits(void)
{
	if (!begin())
		return;
	start();
	finish();
}

static void
check_refused(void)
{
	struct message m;

	start();
	CU_ASSERT_TRUE(unit_await(scanner.fd, POLLIN));
	CU_ASSERT_EQUAL(channel_recv(&scanner, &m), 0);
	channel_close(&scanner);
}

static void
test_refused(void)
{
	if (!begin())
		return;
	order.uid = 0;
	check_refused();
	order.uid = ACCOUNT;
	order.ngroups = MESSAGE_QUOTA_GROUPS + 1;
	check_refused();
	order.ngroups = 0;
	for (size_t i = 0; i < SCANNERS_MAX; i++)
		scanners.list[i].pid = INT_MAX;
	check_refused();
	scanners_init(&scanners);
	scratch_close(&scratch);
}

CU_TestInfo unit_tests[] = {
	{ "counts as the account", test_counts },
	{ "a change meanwhile is in the result", test_change },
	{ "another directory, an unreadable directory", test_failures },
	{ "exits with the bookkeeper", test_bookkeeper_exits },
	{ "orders that are refused", test_refused },
	CU_TEST_INFO_NULL
};
