/*
 * shutdown.c - shuts the server down.
 *
 * Runs in: master.
 */
#include "common/base.h"
#include "daemon/shutdown.h"

#include "common/clock.h"
#include "common/log/log.h"
#include "daemon/workers/broadcast.h"

#define STAGE_MS  2000	/* for ending at once, and for exiting after SIGKILL */
#define MARGIN    15	/* seconds beyond shutdown_grace until the exit */

static void
kill_all(const struct shutdown *s)
{
	const struct sessions *sessions = workers_sessions(s->workers);

	for (enum slot_state state = 0; state < SLOT_STATES; state++) {
		struct slot *slot = NULL;

		while ((slot = sessions_next(sessions, state, slot)))
			workers_kill(s->workers, slot, OUTCOME_STOPPED);
	}
}

static void
begin(const struct shutdown *s)
{
	size_t clients = sessions_clients(workers_sessions(s->workers));

	notify_stopping(s->notify,
		s->configuration->settings->server.shutdown_grace + MARGIN);
	notify_status(s->notify, "Shutting down, %zu sessions", clients);
	log_info("shutting down, %zu sessions", clients);
	clients_close(s->clients);
	admin_close(s->admin);
	workers_close(s->workers);
	broadcast_shutdown(workers_sessions(s->workers), false);
}

static void
enter(struct shutdown *s, enum shutdown_stage stage)
{
	int64_t length = STAGE_MS;

	s->stage = stage;
	switch (stage) {
	case SHUTDOWN_GRACE:
		begin(s);
		length = s->configuration->settings->server.shutdown_grace *
		    1000;
		break;
	case SHUTDOWN_NOW:
		broadcast_shutdown(workers_sessions(s->workers), true);
		break;
	case SHUTDOWN_KILL:
		kill_all(s);
		break;
	default:
		log_error("%zu workers did not exit after SIGKILL",
			sessions_all(workers_sessions(s->workers)));
		break;
	}
	s->next = clock_ms() + length;
}

void
shutdown_request(struct shutdown *s)
{
	if (s->stage < SHUTDOWN_KILL)
		enter(s, s->stage + 1);
}

bool
shutdown_begun(const struct shutdown *s)
{
	return s->stage != SHUTDOWN_NONE;
}

void
shutdown_step(struct shutdown *s)
{
	while (shutdown_begun(s) && s->stage != SHUTDOWN_OVER &&
	    clock_passed(s->next))
		enter(s, s->stage + 1);
}

int64_t
shutdown_due(const struct shutdown *s)
{
	return shutdown_begun(s) ? s->next : CLOCK_NEVER;
}

bool
shutdown_done(const struct shutdown *s)
{
	return s->stage == SHUTDOWN_OVER || (shutdown_begun(s) &&
	    sessions_all(workers_sessions(s->workers)) == 0);
}
