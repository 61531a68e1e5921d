/*
 * workers.c - forking workers, hearing from them, and burying them.
 *
 * Runs in: master; worker_main() begins in the monitor.
 */
#include "common/base.h"
#include "daemon/workers.h"

#include "common/clock.h"
#include "common/log/event.h"
#include "common/io.h"
#include "common/log/log.h"
#include "common/process/child.h"
#include "common/process/empty_root.h"
#include "common/process/role.h"
#include "daemon/admission.h"
#include "daemon/clients.h"
#include "daemon/pool.h"
#include "daemon/recording.h"
#include "pam/monitor.h"

#include <sys/wait.h>

#define LAST_WORDS 4	/* of a worker that has ended */

static void NORETURN
worker_main(const struct master *m, int fd)
{
	const struct monitor_start start = {
		.master_fd = fd,
		.settings = m->settings,
		.tls = m->tls,
		.names = m->names,
	};
	const int keep[] = { fd, log_descriptor(), empty_root_fd() };

	child_new_group(0);
	child_begin(keep, ARRAY_SIZE(keep));
	monitor_main(&start);
}

static int
fork_into(struct master *m, struct slot *slot)
{
	int fd;

	slot->pid = child_fork_with_channel(&fd);
	if (slot->pid < 0)
		return slot->pid;
	if (slot->pid == 0)
		worker_main(m, fd);
	child_new_group(slot->pid);
	channel_open(&slot->channel, fd, PARTY_MASTER, PARTY_MONITOR,
		&channel_any_phase);
	return 0;
}

static int
fork_worker(struct master *m)
{
	struct slot *slot = sessions_reserve();

	if (slot == NULL)
		return -ENOMEM;
	int error = fork_into(m, slot);
	if (error < 0) {
		free(slot);
		return error;
	}
	sessions_add(m->sessions, slot);
	error = master_watch(m, slot->channel.fd, MASTER_WORKER,
		(uint32_t)slot->pid);
	if (error < 0)
		workers_retire(m, slot);
	return error;
}

int
workers_fork(struct master *m)
{
	int error = fork_worker(m);

	if (error < 0) {
		if (m->fork_pause.length == 0)
			log_error("cannot fork a worker: %s",
				log_errno(error));
		pause_begin(&m->fork_pause, clock_ms());
	}
	return error;
}

static size_t
missing(const struct master *m)
{
	return pool_missing(&m->settings->server,
		sessions_in(m->sessions, SLOT_SPARE),
		sessions_workers(m->sessions));
}

bool
workers_fill_pool(struct master *m)
{
	if (m->stop != STOP_NOT || missing(m) == 0 ||
	    pause_holds(&m->fork_pause, clock_ms()))
		return false;
	return workers_fork(m) == 0 && missing(m) > 0;
}

static void
close_channel(struct master *m, struct slot *slot)
{
	if (slot->channel.fd < 0)
		return;
	master_unwatch(m, slot->channel.fd);
	channel_close(&slot->channel);
}

void
workers_retire(struct master *m, struct slot *slot)
{
	close_channel(m, slot);
	sessions_retire(m->sessions, slot);
}

void
workers_retire_spares(struct master *m)
{
	struct slot *slot;

	while ((slot = sessions_spare(m->sessions)) != NULL)
		workers_retire(m, slot);
}

void
workers_kill(struct master *m, struct slot *slot, enum outcome reason)
{
	slot->killed = true;
	slot->reason = reason;
	slot->deadline = CLOCK_NEVER;
	close_channel(m, slot);
	if (!slot->reaped)
		child_kill_group(slot->pid);
}

void
workers_kill_late(struct master *m, int64_t now)
{
	static const enum slot_state states[] = { SLOT_LOGIN, SLOT_REFUSED };

	if (now < sessions_deadline(m->sessions))
		return;
	for (size_t i = 0; i < ARRAY_SIZE(states); i++) {
		struct slot *slot = NULL;

		while ((slot = sessions_next(m->sessions, states[i], slot)))
			if (slot->deadline <= now) {
				master_speak_of(slot);
				log_warning("no login in time: killed");
				workers_kill(m, slot, OUTCOME_LOGIN_TIMEOUT);
			}
	}
	master_speak_of(NULL);
}

/* The gate (messages.def) leaves it to us that only a session that is logging
 * in may ask, and only one that has a client may give it back. */
static void
breach(struct master *m, struct slot *slot, enum message_type type)
{
	struct event e = event_new(EVENT_violation);

	e.text = channel_message_name(type);
	event_send(&e);
	workers_kill(m, slot, OUTCOME_VIOLATION);
}

/* TLS tickets are good for one account at one address. */
static int
fill_ticket_keys(const struct master *m, const struct slot *slot, uid_t uid,
	uint8_t *keys)
{
	char account[32];

	snprintf(account, sizeof(account), "uid %u", uid);
	return tls_account_keys(m->ticket_secret, account, &slot->peer, keys);
}

static void
answer_login(struct master *m, struct slot *slot,
	const struct message_login *asked)
{
	struct message answer;

	if (slot->state != SLOT_LOGIN) {
		breach(m, slot, MESSAGE_login);
		return;
	}
	bool granted = admission_account(asked->limit,
		sessions_of_user(m->sessions, asked->uid));
	if (granted)
		sessions_login(m->sessions, slot, asked);

	message_zero(&answer);
	answer.type = MESSAGE_login_verdict;
	answer.login_verdict.granted = granted;
	int error = fill_ticket_keys(m, slot, asked->uid,
		answer.login_verdict.ticket_keys);
	if (error == 0)
		error = channel_send(&slot->channel, &answer);
	message_zero(&answer);
	if (error < 0 && error != -EPIPE)
		workers_kill(m, slot, OUTCOME_ERROR);
}

/* It has ended, or is about to, and will be reaped. */
static void
hung_up(struct master *m, struct slot *slot)
{
	if (slot->state == SLOT_SPARE)
		workers_retire(m, slot);
	else
		close_channel(m, slot);
}

void
workers_hear(struct master *m, struct slot *slot)
{
	struct message message;

	if (slot->channel.fd < 0)
		return;
	master_speak_of(slot);
	int r = channel_recv(&slot->channel, &message);
	if (r == 1)
		answer_login(m, slot, &message.login);
	else if (r == -EPROTO)
		workers_kill(m, slot, OUTCOME_VIOLATION);
	else if (r != -EAGAIN)
		hung_up(m, slot);
	master_speak_of(NULL);
}

/* What a worker that could not say so itself owes the log. */
static void
report_death(const struct slot *slot, enum outcome outcome, int64_t now)
{
	struct event e = event_new(EVENT_disconnect);

	e.ok = false;
	e.code = (int32_t)outcome;
	e.duration_ms = now - slot->started;
	e.text = outcome_name(outcome);
	event_send(&e);
}

static void
client_ended(struct master *m, const struct slot *slot, int status)
{
	enum outcome outcome = slot->killed ? slot->reason :
	    child_outcome(status);
	int64_t now = clock_ms();
	int64_t most = m->settings->server.max_penalty * 1000;

	master_speak_of(slot);
	if (WIFSIGNALED(status))
		report_death(slot, outcome, now);
	if (penalty_add(m->penalties, &slot->prefix, outcome, most, now))
		log_warning("address is refused for %" PRId64 " seconds",
			penalty_owed(m->penalties, &slot->prefix, now) / 1000);
	master_speak_of(NULL);
}

/* A spare that was told to go exits by itself; anything else may happen to
 * the next one as well, so there is no hurry to fork it. */
static void
spare_ended(struct master *m, const struct slot *slot, int status)
{
	enum outcome outcome = child_outcome(status);

	if (WIFEXITED(status) && outcome == OUTCOME_STOPPED &&
	    slot->state == SLOT_RETIRED)
		return;
	if (WIFSIGNALED(status))
		log_error("spare worker %d was ended by signal %d",
			(int)slot->pid, WTERMSIG(status));
	else
		log_error("spare worker %d ended unasked: %s",
			(int)slot->pid, outcome_name(outcome));
	pause_begin(&m->fork_pause, clock_ms());
}

/* It has said something before it ended, perhaps that its client goes on. */
static void
hear_out(struct master *m, struct slot *slot)
{
	for (int i = 0; i < LAST_WORDS && slot->channel.fd >= 0; i++)
		workers_hear(m, slot);
}

static void
worker_ended(struct master *m, struct slot *slot, int status)
{
	slot->reaped = true;
	if (slot->session != 0) {
		pause_clear(&m->fork_pause);
		hear_out(m, slot);
		client_ended(m, slot, status);
	} else if (m->stop == STOP_NOT) {
		spare_ended(m, slot, status);
	}
	close_channel(m, slot);
	sessions_remove(m->sessions, slot);
}

void
workers_reap(struct master *m)
{
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
		struct slot *slot = sessions_find(m->sessions, pid);

		if (slot != NULL)
			worker_ended(m, slot, status);
		else if (pid == m->recorder.pid)
			recording_ended(m, status);
		/* Else an orphan that only came to us as process 1. */
	}
}
