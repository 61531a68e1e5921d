/*
 * recorder.c - the process that writes all logs.
 *
 * Runs in: recorder.  Never: ends before the last sender has exited, unless
 * another recorder takes its place; has a sending end open.
 */
#include "common/base.h"
#include "daemon/recorder/recorder.h"

#include "common/clock.h"
#include "common/log/log.h"
#include "common/process/message.h"
#include "common/process/role.h"
#include "common/process/title.h"

#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/stat.h>

#define OWN_DESCRIPTORS 96	/* other than attached sockets */
#define WORKER_DESCRIPTORS 2	/* attached sockets: its greeter's and its
				 * session's */
#define ROUND_FULL 16		/* events: there may be more already */
#define GATHER_MS 5

/* The recorder's own lines go to the text log only, so that an error in a log
 * file cannot cause another one there. */
static void
deliver_own(void *recorder, struct event *e)
{
	struct recorder *r = recorder;

	e->pid = getpid();
	sinks_write_text(&r->sinks, e);
}

/* intake.h */
static bool
attach_other(void *recorder, const void *data, size_t len, int fd)
{
	struct recorder *r = recorder;

	return followers_add(&r->followers, data, len, fd);
}

static void
handle(struct recorder *r, const struct event *e)
{
	event_fields(&r->fields, e);
	sinks_write(&r->sinks, e, &r->fields);
	followers_send(&r->followers, e, &r->fields);
	hooks_event(&r->hooks, e, &r->fields);
	if (r->metrics != NULL)
		metrics_count(r->metrics, e);
}

/* Wait for events, and serve metrics clients, followers and hooks meanwhile. */
static void
wait_for_events(struct recorder *r, const struct intake *in)
{
	struct watchers *w = &r->watchers;

	for (;;) {
		watchers_clear(w);
		exporter_watch(&r->exporter, w);
		followers_watch(&r->followers, w);
		hooks_watch(&r->hooks, w);
		/* Nothing else to watch: intake_wait() waits. */
		if (w->count == 0 && w->due == CLOCK_NEVER)
			return;
		watchers_add(w, intake_fd(in));
		watchers_wake_at(w, intake_due(in));
		watchers_wait(w);
		exporter_serve(&r->exporter, w);
		followers_serve(&r->followers, w);
		hooks_serve(&r->hooks);
		if (watchers_ready(w, intake_fd(in)) ||
		    clock_passed(intake_due(in)))
			return;
	}
}

/* Write one round of events.  Returns their number. */
static size_t
write_round(struct recorder *r, struct intake *in)
{
	const struct event *e;
	size_t count = 0;

	for (; (e = intake_next(in)) != NULL; count++)
		handle(r, e);
	return count;
}

/* Events that arrive after a pause are written immediately.  After each round
 * that was not full the recorder sleeps a little, so that a busy server does
 * not wake it for each event. */
void
recorder_loop(struct recorder *r, struct intake *in)
{
	intake_on_other(in, attach_other, r);
	for (;;) {
		wait_for_events(r, in);
		if (!intake_wait(in))
			return;
		int64_t began = clock_ms();
		if (write_round(r, in) < ROUND_FULL)
			clock_sleep_until(began + GATHER_MS);
		/* The next recorder begins as root, and opens the files. */
		if (sinks_need_root(&r->sinks))
			intake_finish(in);
		/* The runner exits when its queue is closed. */
		if (intake_waits_for_runner(in))
			hooks_close(&r->hooks);
	}
}

struct recorder *
recorder_open(const struct recorder_start *start,
	const struct role_account *owner)
{
	const struct server_settings *s = &start->settings->server;
	struct recorder *r = calloc(1, sizeof(*r));

	if (r == NULL)
		return NULL;
	r->metrics = start->metrics;
	event_divert(deliver_own, r);
	log_set_level((enum log_level)s->level);
	sinks_open(&r->sinks, s, owner);
	followers_init(&r->followers, r->sinks.line);
	hooks_init(&r->hooks, s, start->runner, r->metrics);
	exporter_open(&r->exporter, r->metrics, s);
	return r;
}

void
recorder_close(struct recorder *r)
{
	event_divert(NULL, NULL);
	exporter_close(&r->exporter);
	followers_close(&r->followers);
	sinks_close(&r->sinks);
	free(r);
}

static int
open_signals(void)
{
	sigset_t finish;

	sigemptyset(&finish);
	sigaddset(&finish, RECORDER_FINISH);
	sigprocmask(SIG_BLOCK, &finish, NULL);
	return signalfd(-1, &finish, SFD_CLOEXEC | SFD_NONBLOCK);
}

/* Set the limit of open files to what is needed. */
static void
set_descriptor_limit(int64_t workers)
{
	rlim_t wanted = (rlim_t)workers * WORKER_DESCRIPTORS + OWN_DESCRIPTORS;
	struct rlimit limit = { wanted, wanted };

	if (setrlimit(RLIMIT_NOFILE, &limit) == 0 ||
	    getrlimit(RLIMIT_NOFILE, &limit) < 0)
		return;
	log_warning("max_workers needs %ju open files for logs, the limit is "
		"%ju", (uintmax_t)wanted, (uintmax_t)limit.rlim_max);
	limit.rlim_cur = limit.rlim_max;
	(void)setrlimit(RLIMIT_NOFILE, &limit);
}

void
recorder_main(const struct recorder_start *start)
{
	const struct server_settings *s = &start->settings->server;

	int signals = open_signals();
	tzset();
	umask(027);
	log_connect(-1);
	log_set_role("recorder");
	struct recorder *r = recorder_open(start,
		role_service_account(ROLE_RECORDER));
	set_descriptor_limit(s->max_workers);
	struct intake *in = intake_new(start->service, signals, geteuid(),
		s->max_rate);
	if (signals < 0 || r == NULL || in == NULL)
		fatal(OUTCOME_ERROR, "recorder: %s", strerror(errno));
	role_enter(ROLE_RECORDER, NULL);
	title_begin("recorder");
	recorder_loop(r, in);
	_exit(0);
}
