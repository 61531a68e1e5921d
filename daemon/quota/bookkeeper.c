/*
 * bookkeeper.c - the process that keeps the counts of quotas.
 *
 * Runs in: bookkeeper.
 * Never: waits for a session, a scanner or the master.
 */
#include "common/base.h"
#include "daemon/quota/bookkeeper.h"

#include "common/clock.h"
#include "common/io.h"
#include "common/log/event.h"
#include "common/log/log.h"
#include "common/process/role.h"
#include "common/process/service_socket.h"
#include "common/process/title.h"
#include "daemon/quota/member_requests.h"
#include "daemon/quota/members.h"
#include "daemon/quota/scan_job.h"

#include <signal.h>
#include <sys/epoll.h>
#include <sys/resource.h>

#define EVENTS	   64
#define ROUNDS	   16		/* of events before a question is answered */
#define SCANS_MAX  2		/* at a time */
#define WAITING_MS 100		/* while sessions wait for a count */
#define STREAM	   8		/* wake-ups in a row without a question, */
#define STREAM_MS  10		/* each so soon after the one before, and */
#define ASKED_MS   100		/* so long after the last question */

struct bookkeeper {
	enum watched service_watched, master_watched;	/* for epoll */
	int service;		/* -1 when all senders have ended */
	struct channel master;
	struct members members;
	struct store store;
	size_t scans;
	uid_t root;		/* who may attach sessions */
	int epoll;
	uint64_t questions;	/* until the last wake-up, */
	int64_t woken_at, asked_at;	/* clock_ms() of that, and of those */
	unsigned reports;	/* wake-ups since, each soon after another */
};

static int
watch(const struct bookkeeper *k, int fd, void *what)
{
	struct epoll_event e = { .events = EPOLLIN, .data.ptr = what };

	return epoll_ctl(k->epoll, EPOLL_CTL_ADD, fd, &e) < 0 ? -errno : 0;
}

/* The monitor has the same end open, so closing it here does not remove it from
 * the set. */
static void
unwatch(const struct bookkeeper *k, int fd)
{
	(void)epoll_ctl(k->epoll, EPOLL_CTL_DEL, fd, NULL);
}

/* --- sessions */

static void
remove_member(struct bookkeeper *k, struct member *m)
{
	unwatch(k, m->channel.fd);
	members_remove(&k->members, m);
}

/* After the bookkeeper was replaced, a monitor may have sent it twice. */
static void
attach(struct bookkeeper *k, const struct quota_attach *a, int fd)
{
	struct member *m;

	if (members_have(&k->members, a->session)) {
		io_close(&fd);
		return;
	}
	m = members_add(&k->members, &k->store, a, fd);
	if (m == NULL || watch(k, m->channel.fd, m) == 0)
		return;
	log_error("cannot attach the session of %s to the bookkeeper: %s",
		a->user, strerror(errno));
	members_remove(&k->members, m);
}

/* Only processes of root have the sending end; the sender's uid, as reported by
 * the kernel, is checked anyway. */
static void
serve_monitors(struct bookkeeper *k)
{
	static struct quota_attach a;
	struct service_datagram d;

	for (;;) {
		int r = service_socket_receive(k->service, &a, sizeof(a), &d);
		if (r < 0 && r != -EMFILE)
			return;
		if (r == 0) {
			unwatch(k, k->service);
			io_close(&k->service);
			return;
		}
		if (r == -EMFILE) {
			log_error("cannot attach a session to the bookkeeper: "
				"%s", log_errno(r));
			continue;
		}
		if (d.uid == k->root && d.len == sizeof(a) &&
		    d.attached >= 0 && quota_attach_valid(&a)) {
			attach(k, &a, d.attached);
			continue;
		}
		log_error("process %d, uid %u, sent a malformed request",
			(int)d.pid, (unsigned)d.uid);
		io_close(&d.attached);
	}
}

/* --- scans */

static void
begin_scans(struct bookkeeper *k, int64_t now)
{
	struct store_book *b;

	while (k->master.fd >= 0 && k->scans < SCANS_MAX &&
	    (b = store_needs_scan(&k->store, now)) != NULL) {
		struct scan_job *j = scan_job_begin(&k->master, b);

		if (j == NULL)
			return;
		k->scans++;
		/* Then it ends without a result. */
		if (watch(k, j->channel.fd, j) < 0) {
			k->scans--;
			scan_job_end(j);
		}
	}
}

static void
serve_scan(struct bookkeeper *k, struct scan_job *j)
{
	if (scan_job_receive(j)) {
		if (j->walked)
			j->end_at = clock_ms() + (members_allowed(&k->members,
				j->book) ? SCAN_JOB_LATE_MS : 0);
		return;
	}
	unwatch(k, j->channel.fd);
	k->scans--;
	scan_job_end(j);
	member_answer_all(&k->members);
}

/* When the next one can end. */
static int64_t
end_walks(struct bookkeeper *k, int64_t now)
{
	int64_t next = CLOCK_NEVER;

	for (struct store_book *b = k->store.books; b != NULL; b = b->next) {
		struct scan_job *j = b->scan;

		if (j == NULL || !j->walked)
			continue;
		if (j->end_at > now) {
			next = clock_earlier(next, j->end_at);
			continue;
		}
		members_weigh(&k->members, b);
		scan_job_end_walk(j);
	}
	return next;
}

/* The master never sends anything: it has ended. */
static void
master_ended(struct bookkeeper *k)
{
	unwatch(k, k->master.fd);
	channel_close(&k->master);
}

/* --- the loop */

static void
handle(struct bookkeeper *k, void *what)
{
	switch (*(const enum watched *)what) {
	case WATCHED_SERVICE:
		serve_monitors(k);
		break;
	case WATCHED_MASTER:
		master_ended(k);
		break;
	case WATCHED_MEMBER:
		if (!member_receive(&k->members, what))
			remove_member(k, what);
		break;
	case WATCHED_SCAN:
		serve_scan(k, what);
		break;
	}
}

/* When the loop has to go on without an event. */
static int64_t
do_due(struct bookkeeper *k)
{
	int64_t now = clock_ms(), next = store_step(&k->store, now);

	begin_scans(k, now);
	next = clock_earlier(next, end_walks(k, now));
	if (k->members.asking == NULL)
		return next;
	member_answer_all(&k->members);
	return clock_earlier(next, now + WAITING_MS);
}

static bool
goes_on(const struct bookkeeper *k)
{
	return k->service >= 0 || k->members.count > 0;
}

/* How many there were. */
static int
handle_events(struct bookkeeper *k, int timeout)
{
	struct epoll_event events[EVENTS];
	int n = epoll_wait(k->epoll, events, EVENTS, timeout);

	if (n < 0 && errno != EINTR)
		bug("epoll_wait");
	/* An event frees only what it belongs to. */
	for (int i = 0; i < n; i++)
		handle(k, events[i].data.ptr);
	return n;
}

/* What sessions have sent before others asked must be read before that is
 * answered; what is sent meanwhile may be read as well, for some time. */
static void
handle_queued(struct bookkeeper *k)
{
	int n = k->members.count > 1 ? 1 : 0;

	for (int i = 0; i < ROUNDS && n > 0 && k->members.asking != NULL; i++)
		n = handle_events(k, 0);
}

/* Of several sessions with one quota_root, each reports every change at once.
 * While one of them makes many, let some reports arrive together: a wake-up
 * costs both processes more than the report itself. */
static void
gather_reports(struct bookkeeper *k)
{
	int64_t now = clock_ms();
	bool asked = k->members.questions != k->questions;

	if (asked)
		k->asked_at = now;
	if (asked || now - k->woken_at > STREAM_MS)
		k->reports = 0;
	k->questions = k->members.questions;
	k->woken_at = now;
	if (++k->reports > STREAM && now - k->asked_at > ASKED_MS)
		clock_sleep_until(now + 1);
}

static void
serve(struct bookkeeper *k)
{
	while (goes_on(k)) {
		(void)handle_events(k, clock_poll(do_due(k)));
		handle_queued(k);
		member_answer_all(&k->members);
		gather_reports(k);
	}
	/* What is scanned now has to be scanned again. */
	k->master.fd = -1;
	for (struct store_book *b = k->store.books; b != NULL; b = b->next)
		if (b->scan != NULL)
			scan_job_end(b->scan);
	(void)store_step(&k->store, INT64_MAX / 2);
}

/* Two for each session that uploads: more than the master has. */
static void
allow_descriptors(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) < 0)
		return;
	limit.rlim_cur = limit.rlim_max;
	(void)setrlimit(RLIMIT_NOFILE, &limit);
}

void
bookkeeper_main(const struct bookkeeper_start *start)
{
	static struct bookkeeper bookkeeper = {
		.service_watched = WATCHED_SERVICE,
		.master_watched = WATCHED_MASTER,
	};
	struct bookkeeper *k = &bookkeeper;

	allow_descriptors();
	/* A full log queue must not delay uploads. */
	event_never_wait(true);
	k->service = start->service;
	k->root = geteuid();
	k->epoll = epoll_create1(EPOLL_CLOEXEC);
	channel_open(&k->master, start->master, PARTY_BOOKKEEPER, PARTY_MASTER,
		&channel_any_phase);
	role_enter(ROLE_BOOKKEEPER, NULL);
	title_begin("bookkeeper");
	if (k->epoll < 0 ||
	    watch(k, k->service, &k->service_watched) < 0 ||
	    watch(k, k->master.fd, &k->master_watched) < 0)
		fatal(OUTCOME_ERROR, "epoll: %s", strerror(errno));
	serve(k);
	_exit(0);
}
