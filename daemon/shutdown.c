/*
 * shutdown.c - how the server ends.
 *
 * Runs in: master.
 */
#include "common/base.h"
#include "daemon/shutdown.h"

#include "common/clock.h"
#include "common/log/log.h"

#define STAGE_MS 2000	/* for ending at once, and for dying */

static void
end_sessions(const struct shutdown *s, bool now)
{
	static const enum slot_state with_client[] = {
		SLOT_LOGIN, SLOT_SESSION, SLOT_REFUSED,
	};
	const struct sessions *sessions = workers_sessions(s->workers);
	struct message message UNINITIALIZED;

	message_begin(&message, MESSAGE_shutdown);
	message.shutdown.now = now;
	for (size_t i = 0; i < ARRAY_SIZE(with_client); i++) {
		struct slot *slot = NULL;

		while ((slot = sessions_next(sessions, with_client[i], slot))) {
			/* One that does not receive it is ending, or is
			 * killed later. */
			if (slot->channel.fd >= 0)
				(void)!channel_send(&slot->channel, &message);
		}
	}
}

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
	notify_stopping(s->notify);
	log_info("shutting down, %zu sessions",
		sessions_clients(workers_sessions(s->workers)));
	clients_close(s->clients);
	admin_close(s->admin);
	workers_close(s->workers);
	end_sessions(s, false);
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
		end_sessions(s, true);
		break;
	case SHUTDOWN_KILL:
		kill_all(s);
		break;
	default:
		log_error("%zu workers do not exit",
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
