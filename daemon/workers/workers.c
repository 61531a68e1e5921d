/*
 * workers.c - the master's workers: forks them ahead of demand, passes clients
 * to them, handles their messages, reaps them.
 *
 * Runs in: master.
 */
#include "common/base.h"
#include "daemon/workers/workers.h"

#include "common/clock.h"
#include "common/log/log.h"
#include "common/process/child.h"
#include "daemon/master_memory.h"
#include "daemon/workers/pool.h"
#include "daemon/workers/spawn.h"
#include "daemon/workers/workers_internal.h"

#include <sys/wait.h>

#define LAST_MESSAGES 4		/* messages read from a worker that has ended */

/* Added to the greeter's own timeout, so that the client still gets its 421. */
#define LOGIN_SLACK_MS 5000
#define REFUSAL_MS     5000	/* for a refusal: one reply */

struct workers *
workers_new(struct loop *loop, const struct configuration *configuration)
{
	struct workers *w = master_memory_new(sizeof(*w));

	if (w == NULL)
		return NULL;
	w->loop = loop;
	w->configuration = configuration;
	w->sessions = sessions_new();
	w->charges = charges_new(configuration);
	w->rates = board_new(&w->board) == 0 ? rates_new(w->board) : NULL;
	if (w->sessions != NULL && w->charges != NULL && w->rates != NULL &&
	    reports_open(&w->reports, w->sessions, w->charges, w->rates) == 0) {
		w->reports.configuration = configuration;
		w->reports.limits = &w->limits;
		w->reports.board = w->board;
		return w;
	}
	workers_free(w);
	return NULL;
}

void
workers_free(struct workers *w)
{
	if (w == NULL)
		return;
	reports_close(&w->reports);
	sessions_free(w->sessions);
	rates_free(w->rates);
	board_free(w->board);
	charges_free(w->charges);
	master_memory_free(w);
}

static const struct server_settings *
rules(const struct workers *w)
{
	return &w->configuration->settings->server;
}

const struct sessions *
workers_sessions(const struct workers *w)
{
	return w->sessions;
}

struct board *
workers_board(const struct workers *w)
{
	return w->board;
}

uint64_t
workers_crashes(const struct workers *w)
{
	return charges_crashes(w->charges);
}

struct limits *
workers_limits(struct workers *w)
{
	return &w->limits;
}

struct charges *
workers_charges(const struct workers *w)
{
	return w->charges;
}

static void
close_channel(struct slot *slot)
{
	if (slot->channel.fd < 0)
		return;
	loop_unwatch(slot->workers->loop, &slot->watch);
	channel_close(&slot->channel);
	LIST_INSERT_HEAD(&slot->workers->ending, slot, in_ending);
}

/* An idle worker exits when its channel is closed. */
static void
retire(struct workers *w, struct slot *slot)
{
	close_channel(slot);
	sessions_retire(w->sessions, slot);
}

void
workers_retire_spares(struct workers *w)
{
	struct slot *slot;

	while ((slot = sessions_spare(w->sessions)) != NULL)
		retire(w, slot);
}

/* It has exited, or is about to, and will be reaped: no client for it. */
static void
give_up(struct workers *w, struct slot *slot)
{
	if (slot->state == SLOT_SPARE)
		retire(w, slot);
	else
		close_channel(slot);
}

void
workers_kill(struct workers *w, struct slot *slot, enum outcome reason)
{
	slot->killed = true;
	slot->reason = reason;
	sessions_end_deadline(w->sessions, slot);
	give_up(w, slot);
	if (!slot->reaped)
		child_kill_group(slot->pid);
}

static void
receive(struct workers *w, struct slot *slot)
{
	switch (reports_receive(&w->reports, slot)) {
	case REPORT_NONE:
	case REPORT_HANDLED:
		break;
	case REPORT_END:
		give_up(w, slot);
		break;
	case REPORT_VIOLATION:
		workers_kill(w, slot, OUTCOME_VIOLATION);
		break;
	case REPORT_ERROR:
		workers_kill(w, slot, OUTCOME_ERROR);
		break;
	}
}

/* loop.h */
static void
channel_ready(void *context)
{
	struct slot *slot = context;
	struct workers *w = slot->workers;

	if (slot->held.channel >= 0) {
		spawn_receive_start(slot);
		return;
	}
	receive(w, slot);
	if (slot->channel.fd < 0)
		workers_reap(w, slot->pid);
}

int
workers_watch(struct workers *w, struct slot *slot)
{
	return loop_watch(w->loop, &slot->watch, slot->channel.fd,
		channel_ready, slot);
}

static int
fork_spare(struct workers *w)
{
	struct slot *slot = sessions_reserve();

	if (slot == NULL)
		return -ENOMEM;
	slot->workers = w;
	int error = spawn_worker(slot, w->configuration, w->board);
	if (error < 0) {
		master_memory_free(slot);
		return error;
	}
	sessions_add(w->sessions, slot);
	error = workers_watch(w, slot);
	if (error < 0)
		retire(w, slot);
	return error;
}

/* Only the first of consecutive failures is logged. */
static int
fork_worker(struct workers *w)
{
	int error = fork_spare(w);

	if (error < 0) {
		if (w->fork_pause.length == 0)
			log_error("cannot fork a worker: %s",
				log_errno(error));
		pause_begin(&w->fork_pause, clock_ms());
	}
	return error;
}

static size_t
missing(const struct workers *w)
{
	return pool_missing(rules(w), sessions_in(w->sessions, SLOT_SPARE),
		sessions_workers(w->sessions));
}

bool
workers_fill_pool(struct workers *w)
{
	if (w->closed || w->paused || missing(w) == 0 ||
	    pause_holds(&w->fork_pause, clock_ms()))
		return false;
	return fork_worker(w) == 0 && missing(w) > 0;
}

void
workers_renew(struct workers *w)
{
	spawn_make_room(rules(w)->max_workers);
	workers_retire_spares(w);
}

static int
send_client(struct workers *w, struct slot *slot, const struct message *message)
{
	const struct message_client *client = &message->client;
	int64_t now = clock_ms();
	int64_t deadline = client->verdict == VERDICT_WELCOME ?
	    now + rules(w)->login_timeout * 1000 + LOGIN_SLACK_MS :
	    now + REFUSAL_MS;
	int error = channel_send(&slot->channel, message);
	if (error < 0)
		return error;
	slot->listener = master_memory_text(w->configuration->settings->
		listeners[client->listener].name);
	if (slot->listener == NULL ||
	    sessions_assign(w->sessions, slot, client, now, deadline) < 0)
		workers_kill(w, slot, OUTCOME_ERROR);
	else if (client->verdict == VERDICT_WELCOME && w->configuration->
	    settings->listeners[client->listener].proxy_protocol ==
	    PROXY_PROTOCOL_REQUIRE)
		sessions_await_name(slot);
	return 0;
}

static int
give_to_spare(struct workers *w, const struct message *message)
{
	struct slot *slot;

	while ((slot = sessions_spare(w->sessions)) != NULL) {
		int error = send_client(w, slot, message);
		if (error != -EPIPE)
			return error;
		/* Already killed; not reaped yet. */
		retire(w, slot);
	}
	return -ENOENT;
}

int
workers_give(struct workers *w, const struct message *client)
{
	bool refused = client->client.verdict != VERDICT_WELCOME;

	if (refused && !pool_may_refuse(sessions_in(w->sessions,
	    SLOT_REFUSED)))
		return -ENOENT;
	int error = give_to_spare(w, client);
	if (error != -ENOENT)
		return error;
	if (!pool_may_grow(rules(w), sessions_workers(w->sessions)))
		return -ENOENT;
	/* A refused client must not keep the next ones waiting. */
	if (pause_holds(&w->fork_pause, clock_ms()) || fork_worker(w) < 0)
		return refused ? -ENOENT : -EAGAIN;
	return give_to_spare(w, client);
}

struct rates *
workers_rates(const struct workers *w)
{
	return w->rates;
}

int64_t
workers_due(const struct workers *w, int64_t now)
{
	const struct slot *first = sessions_first_deadline(w->sessions);
	int64_t at = pause_end(&w->fork_pause, now);

	return first == NULL ? at : clock_earlier(at, first->deadline);
}

void
workers_close(struct workers *w)
{
	w->closed = true;
	workers_retire_spares(w);
}

/* If an idle worker exited without being asked, the next one may do so as well,
 * so pause before forking it. */
static void
spare_exited(struct workers *w, const struct slot *slot, int status)
{
	enum outcome outcome = child_outcome(status);

	if (w->closed || w->paused || (WIFEXITED(status) &&
	    outcome == OUTCOME_STOPPED && slot->state == SLOT_RETIRED))
		return;
	if (WIFSIGNALED(status))
		log_error("idle worker %d was killed by signal %d",
			(int)slot->pid, WTERMSIG(status));
	else
		log_error("idle worker %d exited unexpectedly: %s",
			(int)slot->pid, outcome_name(outcome));
	pause_begin(&w->fork_pause, clock_ms());
}

bool
workers_exited(struct workers *w, pid_t pid, int status)
{
	struct slot *slot = sessions_find(w->sessions, pid);
	struct page_report page;

	if (slot == NULL)
		return false;
	slot->reaped = true;
	spawn_end(slot);
	/* It may have sent messages before it exited. */
	for (int i = 0; i < LAST_MESSAGES && slot->session != 0 &&
	    slot->channel.fd >= 0; i++)
		receive(w, slot);
	if (slot->session != 0) {
		pause_clear(&w->fork_pause);
		charges_exited(w->charges, slot, board_report(w->board,
			slot->place, &page, clock_ms()) ? &page : NULL,
			status);
	} else {
		spare_exited(w, slot, status);
	}
	close_channel(slot);
	LIST_REMOVE(slot, in_ending);
	rates_leave(w->rates, slot->rates);
	board_give_back(w->board, slot->place);
	sessions_remove(w->sessions, slot);
	return true;
}

void
workers_reap(struct workers *w, pid_t pid)
{
	int status;

	if (sessions_find(w->sessions, pid) != NULL &&
	    waitpid(pid, &status, WNOHANG) == pid)
		(void)workers_exited(w, pid, status);
}

void
workers_reap_ending(struct workers *w)
{
	struct slot *slot, *next;

	for (slot = LIST_FIRST(&w->ending); slot != NULL; slot = next) {
		next = LIST_NEXT(slot, in_ending);
		workers_reap(w, slot->pid);
	}
}
