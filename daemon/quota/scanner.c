/*
 * scanner.c - the process that scans one directory tree.
 *
 * Runs in: scanner.
 */
#include "common/base.h"
#include "daemon/quota/scanner.h"

#include "common/clock.h"
#include "common/io.h"
#include "common/log/log.h"
#include "common/process/channel.h"
#include "common/process/outcome.h"
#include "common/process/role.h"
#include "daemon/quota/scan.h"

#include <fcntl.h>
#include <linux/ioprio.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#define BATCH	  250
#define MOST	  5000	/* entries without a pause, in a large directory */
#define REPORT_MS 500
#define NICE	  10

struct scanner {
	struct channel bookkeeper;
	struct scan scan;
	int64_t begun, report;	/* clock_ns(), clock_ms() */
	bool ended;		/* quota_scan_end has come */
};

/* Low priority for CPU and disk.  It does not matter if that fails. */
static void
stand_back(void)
{
	(void)setpriority(PRIO_PROCESS, 0, NICE);
	(void)!syscall(SYS_ioprio_set, IOPRIO_WHO_PROCESS, 0,
		IOPRIO_PRIO_VALUE(IOPRIO_CLASS_BE, 7));
}

static void
become_account(const struct message_quota_scan *order)
{
	static gid_t groups[MESSAGE_QUOTA_GROUPS];
	static struct identity identity = { .root = -1 };

	identity.uid = order->uid;
	identity.gid = order->gid;
	identity.groups = groups;
	identity.ngroups = order->ngroups;
	for (size_t i = 0; i < identity.ngroups; i++)
		groups[i] = order->groups[i];
	role_enter(ROLE_SCANNER, &identity);
}

/* --- messages */

static void
send_report(struct scanner *s, enum quota_scan_state state, int error,
	const struct scan_sum *sum)
{
	struct message m;

	message_begin(&m, MESSAGE_quota_scanned);
	m.quota_scanned = (struct message_quota_scanned){
		.state = (int32_t)state, .error = -error,
		.count = sum->count, .entries = sum->entries,
		.directories = sum->directories,
		.unreadable = sum->unreadable,
		.links_full = sum->links_full, .inexact = sum->inexact,
	};
	if (channel_send(&s->bookkeeper, &m) < 0)
		_exit(EXIT_SUCCESS);
	s->report = clock_ms() + REPORT_MS;
}

static void
receive(struct scanner *s)
{
	struct message m;
	int got = channel_recv(&s->bookkeeper, &m);

	if (got == -EAGAIN)
		return;
	if (got <= 0)
		_exit(got == 0 ? EXIT_SUCCESS : OUTCOME_ERROR);
	if (m.type == MESSAGE_quota_changed)
		scan_change(&s->scan, &m.quota_changed.change);
	else
		s->ended = true;
}

/* Receive what has come, at least until this time (clock_ms()). */
static void
receive_until(struct scanner *s, int64_t until)
{
	struct pollfd p = { .fd = s->bookkeeper.fd, .events = POLLIN };

	while (!s->ended && poll(&p, 1, clock_poll(until)) > 0)
		receive(s);
}

/* --- the scan */

static void
fail(struct scanner *s, int error)
{
	struct scan_sum none = { 0 };

	send_report(s, QUOTA_SCAN_FAILED, error, &none);
	_exit(EXIT_SUCCESS);
}

/* Open the directory of the quota, and no other that has taken its path. */
static int
open_root(const struct message_quota_scan *order)
{
	struct stat st;
	int fd = open(order->root, O_RDONLY | O_DIRECTORY | O_CLOEXEC |
		O_NONBLOCK | O_NOCTTY);

	if (fd < 0)
		return -errno;
	int error = fstat(fd, &st) < 0 ? -errno : order->inode != 0 &&
	    (st.st_dev != order->device || st.st_ino != order->inode) ?
	    -ESTALE : 0;
	if (error == 0)
		return fd;
	close(fd);
	return error;
}

static void
start(struct scanner *s, const struct message_quota_scan *order)
{
	const struct scan_rules rules = {
		.kinds = order->kinds, .skip_dev = order->ledger_device,
		.skip_ino = order->ledger_inode,
	};
	int root = open_root(order);
	int error = root < 0 ? root : scan_start(&s->scan, root, &rules);

	if (error < 0)
		fail(s, error);
	s->begun = clock_ns();
	s->report = clock_ms() + REPORT_MS;
}

/* The time at which so many entries may have been looked at. */
static int64_t
due(const struct scanner *s)
{
	uint64_t ms = s->scan.sum.entries * 1000 / SCANNER_RATE;

	return s->begun / 1000000 + (int64_t)ms;
}

/* A file system that does not answer, such as one of the account's own, would
 * hold up this process, and with it the scans for others.  The signal ends it;
 * nothing less would. */
static void
expect_progress(void)
{
	(void)alarm(SCANNER_PATIENCE);
}

static void
walk(struct scanner *s)
{
	int more;

	while ((more = scan_step(&s->scan, BATCH)) > 0) {
		expect_progress();
		for (int i = 0; i < MOST && more > 0 &&
		    scan_is_reading(&s->scan); i++) {
			more = scan_step(&s->scan, 1);
			if (i % BATCH == 0)
				expect_progress();
		}
		if (more <= 0)
			break;
		receive_until(s, due(s));
		if (clock_passed(s->report))
			send_report(s, QUOTA_SCAN_RUNNING, 0, &s->scan.sum);
	}
	if (more < 0)
		fail(s, more);
	(void)alarm(0);
}

void
scanner_main(const struct message_quota_scan *order, int fd)
{
	struct scanner s = { 0 };
	struct scan_sum sum;

	stand_back();
	become_account(order);
	channel_open(&s.bookkeeper, fd, PARTY_SCANNER, PARTY_BOOKKEEPER,
		&channel_any_phase);
	(void)io_nonblocking(fd, false);
	expect_progress();
	start(&s, order);
	walk(&s);
	send_report(&s, QUOTA_SCAN_WALKED, 0, &s.scan.sum);
	receive_until(&s, CLOCK_NEVER);
	scan_result(&s.scan, &sum);
	send_report(&s, QUOTA_SCAN_DONE, 0, &sum);
	_exit(EXIT_SUCCESS);
}
