/*
 * runner.c - the process that runs event commands.
 *
 * Runs in: runner.
 */
#include "common/base.h"
#include "daemon/runner/runner.h"

#include "common/clock.h"
#include "common/io.h"
#include "common/log/log.h"
#include "common/process/role.h"
#include "common/process/run_pass.h"
#include "common/process/service_socket.h"
#include "daemon/runner/command.h"
#include "daemon/runner/strays.h"
#include "daemon/runner/upload_check.h"

#include <poll.h>
#include <sys/signalfd.h>

#define COMMANDS_MAX 100	/* as events.max_commands */
#define CHECKS_QUEUED_MAX 1000
#define CHECKS_OF_SESSION 2	/* at the same time */
#define RECEIVE_ROUND 64
#define REPORT_MS 10000

/* The running commands of one kind, and their queue. */
struct lane {
	struct command running[COMMANDS_MAX];
	size_t count, max;
	struct queue waiting;
	size_t max_waiting;
};

enum { LANE_CHECKS, LANE_EVENTS, LANES };

struct runner {
	const struct runner_start *start;
	int signals;
	bool finishing;		/* nothing more is received */
	bool as_session;
	struct lane lanes[LANES];
	uint64_t refused;	/* session with too many checks */
	uint64_t dropped;	/* since the last report */
	int64_t report_at;
	size_t watched;		/* descriptors in fds[] */
	struct pollfd fds[2 + LANES * COMMANDS_MAX];
	char data[RUNNER_REQUEST_MAX];
	char check[RUNNER_REQUEST_MAX];
};

/* The request that is next. */
static struct queued *
take(struct lane *lane)
{
	uint64_t running[COMMANDS_MAX];
	size_t n = 0;

	for (size_t i = 0; i < COMMANDS_MAX; i++)
		if (lane->running[i].pid != 0)
			running[n++] = lane->running[i].request->head.session;
	return queue_take(&lane->waiting, running, n);
}

static void
run(struct runner *r, struct lane *lane)
{
	for (size_t i = 0; i < COMMANDS_MAX && lane->count < lane->max; i++) {
		struct command *c = &lane->running[i];
		struct queued *q;

		if (c->pid != 0)
			continue;
		q = take(lane);
		if (q == NULL)
			return;
		r->start->metrics->commands++;
		if (command_start(c, r->start->settings, q, r->as_session)) {
			lane->count++;
			continue;
		}
		r->start->metrics->commands_failed++;
		queued_free(q);
		*c = (struct command){ .output = -1 };
	}
}

static void
drop(struct runner *r, struct queued *q)
{
	queued_free(q);
	r->start->metrics->commands_dropped++;
	if (r->dropped++ == 0)
		r->report_at = clock_ms() + REPORT_MS;
}

static void
report_dropped(struct runner *r)
{
	if (r->dropped > 0)
		log_warning("max_queued_events reached, dropped %" PRIu64
			" events", r->dropped);
	r->dropped = 0;
	r->report_at = CLOCK_NEVER;
}

/* Only root's processes may request checks, and only the recorder event
 * commands. */
static bool
is_trusted(const struct runner *r, const struct service_datagram *d,
	bool check)
{
	return d->uid == (check ? 0 : r->start->recorder);
}

/* A session waits for each check, but one that was taken over may ask for more:
 * those of others must not wait for them. */
static bool
is_too_much(const struct lane *lane, const struct queued *q)
{
	size_t count = queue_count_of(&lane->waiting, q->head.session);

	for (size_t i = 0; i < COMMANDS_MAX; i++)
		count += lane->running[i].pid != 0 &&
			lane->running[i].request->head.session ==
			q->head.session;
	return count >= CHECKS_OF_SESSION;
}

/* Logged once for each session. */
static void
refuse_check(struct runner *r, struct queued *q)
{
	if (r->refused != q->head.session)
		log_warning("session %" PRIu64 " asks for more than %d checks "
			"at the same time", q->head.session, CHECKS_OF_SESSION);
	r->refused = q->head.session;
	queued_free(q);
}

/* NULL if the datagram is malformed, or out of memory. */
static struct queued *
make_request(struct runner *r, const struct service_datagram *d)
{
	const struct server_settings *s = &r->start->settings->server;
	bool check = d->attached >= 0;
	struct buffer b;

	if (d->len > sizeof(r->data) || !is_trusted(r, d, check))
		return NULL;
	if (!check)
		return queued_new(s, r->data, d->len, -1);
	buffer_init(&b, r->check, sizeof(r->check));
	if (upload_check_expand(r->data, d->len, d->attached, &b) < 0)
		return NULL;
	return queued_new(s, b.data, b.len, d->attached);
}

/* A recorder that was taken over would name any account. */
static bool
is_of_session(const struct runner *r, const struct queued *q)
{
	const struct runner_request *head = &q->head;

	return !r->as_session || head->hook == RUNNER_CHECK ||
	    head->uid == EVENT_NO_UID ||
	    head->pass == run_pass(r->start->key, head->session, head->uid);
}

static void
handle(struct runner *r, struct service_datagram *d)
{
	bool check = d->attached >= 0;
	struct lane *lane = &r->lanes[check ? LANE_CHECKS : LANE_EVENTS];
	struct queued *q = make_request(r, d);

	if (q == NULL || (q->head.hook == RUNNER_CHECK) != check) {
		log_error("process %d, uid %u, sent a malformed request",
			(int)d->pid, (unsigned)d->uid);
		if (q == NULL)
			io_close(&d->attached);
		queued_free(q);
	} else if (!is_of_session(r, q)) {
		log_error("process %d sent a request for uid %" PRIu32
			", which has no session %" PRIu64, (int)d->pid,
			q->head.uid, q->head.session);
		queued_free(q);
	} else if (check && is_too_much(lane, q)) {
		refuse_check(r, q);
	} else if (queue_is_full(&lane->waiting, lane->max_waiting,
	    q->head.session)) {
		drop(r, q);
	} else {
		queue_add(&lane->waiting, q);
	}
}

static void
receive(struct runner *r)
{
	for (int i = 0; i < RECEIVE_ROUND && !r->finishing; i++) {
		struct service_datagram d;
		int n = service_socket_receive(r->start->service, r->data,
			sizeof(r->data), &d);

		if (n == -EAGAIN)
			return;
		if (n == 1)
			handle(r, &d);
		else if (n != -EMFILE)
			r->finishing = true;
	}
}

/* How many have ended. */
static size_t
reap(struct runner *r, struct lane *lane)
{
	size_t ended = 0;
	bool failed;

	for (size_t i = 0; i < COMMANDS_MAX; i++) {
		struct command *c = &lane->running[i];
		bool counted = c->pid != 0 && !c->stuck;

		if (c->pid != 0 && command_reap(c, &failed)) {
			lane->count -= counted;
			ended++;
			r->start->metrics->commands_failed += failed;
		}
	}
	return ended;
}

static void
kill_strays(const struct runner *r)
{
	pid_t running[LANES * COMMANDS_MAX];
	size_t count = 0;

	for (size_t k = 0; k < LANES; k++)
		for (size_t i = 0; i < COMMANDS_MAX; i++)
			if (r->lanes[k].running[i].pid != 0)
				running[count++] = r->lanes[k].running[i].pid;
	strays_kill(running, count);
}

static void
read_signals(struct runner *r)
{
	struct signalfd_siginfo info;

	while (read(r->signals, &info, sizeof(info)) == (ssize_t)sizeof(info))
		if (info.ssi_signo == RUNNER_FINISH)
			r->finishing = true;
}

/* Not even a signal ends a program that waits for a file system: others need
 * not wait for it.  True when it has left its place to them. */
static bool
end_late(struct lane *lane, struct command *c)
{
	if (!c->late) {
		command_kill(c);
		return false;
	}
	command_give_up(c);
	lane->count--;
	return true;
}

/* Kill commands whose deadline has passed.  Returns when to go on. */
static int64_t
check_time(struct runner *r)
{
	int64_t now = clock_ms(), due = r->report_at;

	if (now >= r->report_at)
		report_dropped(r);
	for (size_t k = 0; k < LANES; k++)
		for (size_t i = 0; i < COMMANDS_MAX; i++) {
			struct command *c = &r->lanes[k].running[i];

			if (c->pid != 0 && now >= c->deadline &&
			    end_late(&r->lanes[k], c))
				due = now;	/* the next one can begin */
			if (c->pid != 0)
				due = clock_earlier(due, c->deadline);
		}
	return due;
}

static void
watch(struct runner *r, int fd)
{
	r->fds[r->watched++] = (struct pollfd){ .fd = fd, .events = POLLIN };
}

static void
wait(struct runner *r)
{
	int64_t due = check_time(r);

	r->watched = 0;
	watch(r, r->signals);
	watch(r, r->finishing ? -1 : r->start->service);
	for (size_t k = 0; k < LANES; k++)
		for (size_t i = 0; i < COMMANDS_MAX; i++)
			if (r->lanes[k].running[i].pid != 0)
				watch(r, r->lanes[k].running[i].output);
	(void)!poll(r->fds, r->watched, clock_poll(due));
}

static bool
is_idle(const struct runner *r)
{
	for (size_t k = 0; k < LANES; k++)
		if (r->lanes[k].count + r->lanes[k].waiting.count > 0)
			return false;
	return true;
}

static void
loop(struct runner *r)
{
	while (!r->finishing || !is_idle(r)) {
		size_t ended = 0;

		wait(r);
		read_signals(r);
		receive(r);
		for (size_t k = 0; k < LANES; k++) {
			for (size_t i = 0; i < COMMANDS_MAX; i++)
				command_read(&r->lanes[k].running[i]);
			ended += reap(r, &r->lanes[k]);
			run(r, &r->lanes[k]);
		}
		if (ended > 0)
			kill_strays(r);
	}
}

static int
open_signals(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	sigaddset(&set, RUNNER_FINISH);
	sigprocmask(SIG_BLOCK, &set, NULL);
	signal(SIGCHLD, SIG_DFL);
	return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

static void
open_lane(struct lane *lane, int64_t max, int64_t max_waiting)
{
	queue_init(&lane->waiting);
	lane->max = (size_t)max;
	lane->max_waiting = (size_t)max_waiting;
	for (size_t i = 0; i < COMMANDS_MAX; i++)
		lane->running[i].output = -1;
}

void
runner_main(const struct runner_start *start)
{
	const struct server_settings *s = &start->settings->server;
	static struct runner r;

	r.start = start;
	r.signals = open_signals();
	r.as_session = s->run_as == RUN_AS_SESSION;
	r.report_at = CLOCK_NEVER;
	open_lane(&r.lanes[LANE_CHECKS], s->max_commands, CHECKS_QUEUED_MAX);
	open_lane(&r.lanes[LANE_EVENTS], s->max_commands,
		s->max_queued_events);
	log_set_role("runner");
	role_enter(r.as_session ? ROLE_RUNNER_SESSION : ROLE_RUNNER, NULL);
	strays_adopt();
	loop(&r);
	report_dropped(&r);
	_exit(0);
}
