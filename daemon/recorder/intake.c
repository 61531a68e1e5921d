/*
 * intake.c - reads the events of all other processes, in rounds.
 *
 * Runs in: recorder.
 * Never: takes the identity of a greeter or a session from its own events.
 */
#include "common/base.h"
#include "daemon/recorder/intake.h"

#include "common/clock.h"
#include "common/io.h"
#include "common/log/log.h"
#include "common/process/service_socket.h"
#include "daemon/recorder/datagram.h"
#include "daemon/recorder/missed.h"
#include "daemon/recorder/origin.h"
#include "daemon/recorder/poller.h"
#include "daemon/recorder/sources.h"

#include <sys/epoll.h>

#define ROUND_SOURCES 16	/* sockets read in a round */
#define ROUND_ATTACHED (ROUND_SOURCES * DATAGRAM_BATCH)
#define ROUND_ROOT    4096	/* more than the service socket can hold */
#define LATE_BATCHES  64	/* of a session that has ended */
#define FINISH_MS     1000	/* to read pending events after the signal */

struct intake {
	int epoll;
	int service;		/* -1 after all senders have closed it */
	int signals;
	uid_t trusted;
	int64_t max_rate;
	struct sources *sources;
	int64_t now, wall;	/* clock_ms() and clock_wall_ns(), set once per
				 * round */
	int64_t finish_by;	/* CLOCK_NEVER before the signal */
	bool quiet;		/* this round had no events */
	struct missed missed;
	int64_t newest_root;	/* time of the newest event from root */

	struct datagram *buffer;	/* one datagram of the service socket */
	struct datagram *root[ROUND_ROOT];	/* copies */
	size_t nroot;
	struct datagram *attached;
	size_t nattached;
	struct datagram *round[ROUND_ROOT + ROUND_ATTACHED];
	size_t count, given;	/* index in round[] */
	struct datagram *late;	/* see read_late() */
	size_t nlate, late_given, late_batches;
	intake_other *other;	/* see intake_on_other() */
	void *other_context;
	struct event report;	/* on dropped events, with its text */
	char report_text[128];
};

static bool
begin(struct intake *in)
{
	in->sources = sources_new();
	in->buffer = datagram_new(1);
	in->attached = datagram_new(ROUND_ATTACHED);
	in->late = datagram_new(DATAGRAM_BATCH);
	in->epoll = epoll_create1(EPOLL_CLOEXEC);
	return in->sources != NULL && in->buffer != NULL &&
		in->attached != NULL && in->late != NULL && in->epoll >= 0 &&
		poller_add(in->epoll, in->service, &in->service) == 0 &&
		(in->signals < 0 ||
		poller_add(in->epoll, in->signals, &in->signals) == 0);
}

struct intake *
intake_new(int service, int signals, uid_t trusted, int64_t max_rate)
{
	struct intake *in = calloc(1, sizeof(*in));

	if (in == NULL)
		return NULL;
	in->service = service;
	in->signals = signals;
	in->trusted = trusted;
	in->max_rate = max_rate;
	in->finish_by = CLOCK_NEVER;
	missed_init(&in->missed);
	if (begin(in))
		return in;
	intake_free(in);
	return NULL;
}

void
intake_on_other(struct intake *in, intake_other *other, void *context)
{
	in->other = other;
	in->other_context = context;
}

int
intake_fd(const struct intake *in)
{
	return in->epoll;
}

int64_t
intake_due(const struct intake *in)
{
	return in->finish_by != CLOCK_NEVER ||
	    (in->service < 0 && sources_count(in->sources) == 0) ? in->now :
	    clock_earlier(sources_due(in->sources), in->missed.retry_at);
}

bool
intake_waits_for_runner(const struct intake *in)
{
	return in->service < 0 &&
		sources_only(in->sources, LOG_SOURCE_RUNNER);
}

static void
forget_root(struct intake *in)
{
	while (in->nroot > 0)
		free(in->root[--in->nroot]);
}

void
intake_free(struct intake *in)
{
	if (in == NULL)
		return;
	forget_root(in);
	sources_free(in->sources);
	free(in->buffer);
	free(in->attached);
	free(in->late);
	io_close(&in->epoll);
	free(in);
}

/* --- the service socket: master and monitors */

static void
attach(struct intake *in, const struct log_identity *identity, int fd)
{
	struct source *source = sources_attach(in->sources, identity, fd,
		in->max_rate, in->now);

	if (source == NULL)
		return;
	int error = poller_add(in->epoll, fd, source);
	if (error == 0)
		return;
	log_error("cannot attach a log: %s", log_errno(error));
	sources_remove(in->sources, source);
}

static void
handle_attachment(struct intake *in, const struct datagram *d, int fd)
{
	struct log_identity identity;

	if (in->other != NULL && d->uid == in->trusted &&
	    in->other(in->other_context, d->data, d->len, fd))
		return;
	if (origin_identity(d, in->trusted, &identity))
		attach(in, &identity, fd);
	else
		close(fd);
}

static void
keep_root(struct intake *in, const struct datagram *received)
{
	struct datagram *d = datagram_copy(received);

	if (d == NULL) {
		log_error("lost a log event: out of memory");
		return;
	}
	if (!origin_root(d, in->trusted, in->wall)) {
		free(d);
		return;
	}
	datagram_order(d, &in->newest_root);
	in->root[in->nroot++] = d;
	if (d->event.lost > 0)
		log_warning("process %d lost %" PRIu32 " log events",
			(int)d->pid, d->event.lost);
}

static void
end_service(struct intake *in, int error)
{
	if (error < 0)
		log_error("service socket: %s", log_errno(error));
	poller_remove(in->epoll, in->service);
	in->service = -1;
}

/* Read one datagram.  False when there is none left. */
static bool
receive_root(struct intake *in)
{
	struct datagram *d = in->buffer;
	struct service_datagram from;
	int r = service_socket_receive(in->service, d->data, DATAGRAM_SIZE,
		&from);

	if (r == -EAGAIN)
		return false;
	if (r == 0 || (r < 0 && r != -EMFILE)) {
		end_service(in, r);
		return false;
	}
	in->quiet = false;
	if (r == -EMFILE) {
		missed_add(&in->missed, r, in->now);
		return true;
	}
	d->pid = from.pid;
	d->uid = from.uid;
	/* A truncated one is still too long. */
	d->len = from.len < DATAGRAM_SIZE ? from.len : DATAGRAM_SIZE;
	if (from.attached >= 0)
		handle_attachment(in, d, from.attached);
	else
		keep_root(in, d);
	return true;
}

/* Read at least everything that was sent before this call. */
static void
drain_service(struct intake *in)
{
	for (int i = 0; i < ROUND_ROOT && in->service >= 0; i++)
		if (!receive_root(in))
			return;
}

/* --- attached sockets: greeters and sessions */

static size_t
read_source(struct intake *in, struct source *source, struct datagram *list)
{
	bool ended;
	size_t n = datagram_read(source->fd, list, &ended);

	for (size_t i = 0; i < n; i++)
		list[i].source = source;
	in->quiet = false;
	if (ended) {
		poller_remove(in->epoll, source->fd);
		sources_end(in->sources, source, in->now);
	}
	return n;
}

static bool
accept_attached(struct intake *in, struct datagram *d)
{
	struct source *source = d->source;

	if (!flood_allows(&source->flood, in->now)) {
		sources_count_dropped(in->sources, source, in->now);
		return false;
	}
	origin_attached(d, in->wall);
	datagram_order(d, &source->newest);
	sources_count_lost(in->sources, source, d->event.lost, in->now);
	return true;
}

/* --- rounds */

void
intake_finish(struct intake *in)
{
	if (in->finish_by == CLOCK_NEVER && in->signals >= 0) {
		poller_remove(in->epoll, in->signals);
		in->finish_by = in->now + FINISH_MS;
	}
}

static void
collect(struct intake *in, int64_t due)
{
	struct epoll_event events[ROUND_SOURCES];
	int n = epoll_wait(in->epoll, events, ROUND_SOURCES, clock_poll(due));

	in->now = clock_ms();
	in->wall = clock_wall_ns();
	in->quiet = true;
	in->nattached = 0;
	for (int i = 0; i < n; i++) {
		void *what = events[i].data.ptr;

		if (what == &in->signals)
			intake_finish(in);
		else if (what != &in->service)
			in->nattached += read_source(in, what,
				&in->attached[in->nattached]);
	}
}

/* After the service socket was drained, so that the attached sockets have the
 * identities that belong to the events read from them. */
static void
put_in_order(struct intake *in)
{
	memcpy(in->round, in->root, in->nroot * sizeof(*in->root));
	in->count = in->nroot;
	for (size_t i = 0; i < in->nattached; i++)
		if (accept_attached(in, &in->attached[i]))
			in->round[in->count++] = &in->attached[i];
	datagram_sort(in->round, in->count);
}

/* The signal has arrived, and everything sent before it was read. */
static bool
is_finished(const struct intake *in)
{
	return in->finish_by != CLOCK_NEVER &&
		(in->quiet || in->now >= in->finish_by);
}

/* Without waiting if it was called because it was due: what was due may be over
 * when the sources that have ended are removed. */
bool
intake_wait(struct intake *in)
{
	int64_t due = intake_due(in);

	in->count = in->given = 0;
	forget_root(in);
	sources_remove_ended(in->sources);
	if (is_finished(in) ||
	    (in->service < 0 && sources_count(in->sources) == 0))
		return false;
	collect(in, due);
	if (missed_ends(&in->missed, in->now))
		in->finish_by = in->now + FINISH_MS;
	drain_service(in);
	put_in_order(in);
	return true;
}

static struct event *
next_report(struct intake *in)
{
	struct source *source = sources_next_report(in->sources, in->now,
		is_finished(in));

	if (source == NULL)
		return NULL;
	in->report = origin_report(source, in->report_text,
		sizeof(in->report_text), in->wall);
	return &in->report;
}

/* If this event is the end of a session: its processes have exited, but their
 * last events may not have been read in this round.  Read those first.  False
 * when none are left. */
static bool
read_late(struct intake *in, const struct event *e)
{
	struct source *source = NULL;

	in->nlate = in->late_given = 0;
	if ((e->type != EVENT_disconnect && e->type != EVENT_logout) ||
	    e->session == 0 ||
	    in->late_batches++ == LATE_BATCHES)
		return false;
	while (in->nlate == 0 && (source = sources_of_session(in->sources,
	    e->session, source)))
		if (!source->ended)
			in->nlate = read_source(in, source, in->late);
	return in->nlate > 0;
}

struct event *
intake_next(struct intake *in)
{
	for (;;) {
		while (in->late_given < in->nlate) {
			struct datagram *d = &in->late[in->late_given++];
			if (accept_attached(in, d))
				return &d->event;
		}
		if (in->given == in->count)
			return next_report(in);
		struct event *e = &in->round[in->given]->event;
		if (!read_late(in, e)) {
			in->late_batches = 0;
			in->given++;
			return e;
		}
	}
}
