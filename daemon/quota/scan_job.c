/*
 * scan_job.c - scanners that count a directory for the bookkeeper.
 *
 * Runs in: bookkeeper.
 */
#include "common/base.h"
#include "daemon/quota/scan_job.h"

#include "common/clock.h"
#include "common/io.h"
#include "common/log/log.h"

static int
send_request(struct channel *master, const struct store_book *b, int fd)
{
	const struct quota_attach *a = &b->attach;
	const struct quota_inode ledger = book_path_inode(&b->path);
	struct message m UNINITIALIZED;

	message_begin(&m, MESSAGE_quota_scan);
	m.fds[0] = fd;
	m.quota_scan.kinds = a->kinds;
	m.quota_scan.uid = a->uid;
	m.quota_scan.gid = a->gid;
	m.quota_scan.ngroups = a->ngroups;
	memcpy(m.quota_scan.groups, a->groups, sizeof(m.quota_scan.groups));
	m.quota_scan.ledger_device = ledger.device;
	m.quota_scan.ledger_inode = ledger.inode;
	memcpy(m.quota_scan.root, a->root, sizeof(m.quota_scan.root));
	return channel_send(master, &m);
}

struct scan_job *
scan_job_begin(struct channel *master, struct store_book *b)
{
	struct scan_job *j = calloc(1, sizeof(*j));
	int fds[2] = { -1, -1 };
	int error = j == NULL ? -ENOMEM : channel_pair(fds);

	if (error == 0)
		error = send_request(master, b, fds[1]);
	io_close(&fds[1]);
	if (error < 0) {
		log_error("cannot count %s: %s", b->attach.root,
			log_errno(error));
		io_close(&fds[0]);
		free(j);
		store_scanned(b, NULL);
		return NULL;
	}
	j->watched = WATCHED_SCAN;
	j->book = b;
	channel_open(&j->channel, fds[0], PARTY_BOOKKEEPER, PARTY_SCANNER,
		&channel_any_phase);
	b->scan = j;
	book_scan(&b->book);
	return j;
}

void
scan_job_end_walk(struct scan_job *j)
{
	struct message m UNINITIALIZED;

	j->walked = false;
	j->ended = clock_ns();
	message_begin(&m, MESSAGE_quota_scan_end);
	/* If that fails, the scanner exits without a result. */
	if (channel_send(&j->channel, &m) < 0)
		log_error("cannot reach the scanner of %s",
			j->book->attach.root);
}

enum scan_job_place
scan_job_change(struct scan_job *j, const struct quota_change *change)
{
	struct message m UNINITIALIZED;

	if (j->ended != 0)
		return change->from >= j->ended ? SCAN_JOB_AFTER :
			SCAN_JOB_LOST;
	message_begin(&m, MESSAGE_quota_changed);
	m.quota_changed.change = *change;
	return channel_send(&j->channel, &m) == 0 ? SCAN_JOB_PLACED :
		SCAN_JOB_LOST;
}

bool
scan_job_receive(struct scan_job *j)
{
	struct message m UNINITIALIZED;
	int r = channel_recv(&j->channel, &m);

	if (r == -EAGAIN)
		return true;
	if (r != 1)
		return false;
	j->found = m.quota_scanned.count;
	j->error = m.quota_scanned.error;
	j->unreadable = m.quota_scanned.unreadable;
	j->links_full = m.quota_scanned.links_full != 0;
	if (m.quota_scanned.inexact != 0)
		j->book->book.disturbed = true;
	j->walked = m.quota_scanned.state == QUOTA_SCAN_WALKED;
	j->done = m.quota_scanned.state == QUOTA_SCAN_DONE;
	return j->walked || m.quota_scanned.state == QUOTA_SCAN_RUNNING;
}

static void
report_result(const struct scan_job *j)
{
	const struct store_book *b = j->book;

	log_debug("counted %s: %" PRId64 " bytes and %" PRId64 " files%s",
		b->attach.root, j->found.bytes, j->found.files,
		b->book.suspect ? "; files changed during the count" : "");
}

/* Once for each directory that is in use. */
static void
report_gaps(struct scan_job *j)
{
	struct store_book *b = j->book;

	if (j->unreadable > 0 && !b->gaps_logged)
		log_warning("counting %s: %s cannot examine %" PRIu64 " files "
			"or directories, which are not counted", b->attach.root,
			b->attach.user, j->unreadable);
	if (j->links_full && !b->gaps_logged)
		log_warning("counting %s: too many files with several hard "
			"links, some are counted more than once",
			b->attach.root);
	b->gaps_logged |= j->unreadable > 0 || j->links_full;
}

void
scan_job_end(struct scan_job *j)
{
	struct store_book *b = j->book;
	bool good = j->done && j->error == 0;

	b->scan = NULL;
	if (good) {
		report_gaps(j);
		b->scanned_to = j->ended;
	} else {
		log_error("cannot count %s: %s", b->attach.root,
			j->error != 0 ? log_errno(-j->error) :
			"the scanner exited");
	}
	store_scanned(b, good ? &j->found : NULL);
	if (good)
		report_result(j);
	channel_close(&j->channel);
	free(j);
}
