/*
 * stop.c - how the server ends.
 *
 * Runs in: master.
 */
#include "common/base.h"
#include "daemon/stop.h"

#include "common/clock.h"
#include "common/log/log.h"
#include "daemon/clients.h"
#include "daemon/workers.h"

#define STAGE_MS 2000	/* for ending at once, and for dying */

static const enum slot_state with_client[] = {
	SLOT_LOGIN, SLOT_SESSION, SLOT_REFUSED,
};

static void
tell_all(struct master *m, bool now)
{
	struct message message;

	message_zero(&message);
	message.type = MESSAGE_shutdown;
	message.shutdown.now = now;
	for (size_t i = 0; i < ARRAY_SIZE(with_client); i++) {
		struct slot *slot = NULL;

		while ((slot = sessions_next(m->sessions, with_client[i],
		    slot))) {
			/* Who cannot hear it is ending, or is killed later. */
			if (slot->channel.fd >= 0)
				(void)!channel_send(&slot->channel, &message);
		}
	}
}

static void
kill_all(struct master *m)
{
	for (enum slot_state state = 0; state < SLOT_STATES; state++) {
		struct slot *slot = NULL;

		while ((slot = sessions_next(m->sessions, state, slot)))
			workers_kill(m, slot, OUTCOME_STOPPED);
	}
}

static void
begin(struct master *m)
{
	notify_stopping(&m->notify);
	log_info("stopping; %zu sessions", sessions_clients(m->sessions));
	master_listen(m, false);
	listener_close_all(&m->listeners);
	admin_close(m);
	clients_forget(m);
	workers_retire_spares(m);
	tell_all(m, false);
}

static void
enter(struct master *m, enum stop_stage stage)
{
	int64_t length = STAGE_MS;

	m->stop = stage;
	switch (stage) {
	case STOP_GRACE:
		begin(m);
		length = m->settings->server.shutdown_grace * 1000;
		break;
	case STOP_NOW:
		tell_all(m, true);
		break;
	case STOP_KILL:
		kill_all(m);
		break;
	default:
		log_error("%zu workers do not end",
			sessions_all(m->sessions));
		break;
	}
	m->stop_next = clock_ms() + length;
}

void
stop_ask(struct master *m)
{
	if (m->stop < STOP_KILL)
		enter(m, m->stop + 1);
}

void
stop_step(struct master *m)
{
	while (m->stop != STOP_NOT && m->stop != STOP_OVER &&
	    clock_passed(m->stop_next))
		enter(m, m->stop + 1);
}

bool
stop_done(const struct master *m)
{
	return m->stop == STOP_OVER ||
	    (m->stop != STOP_NOT && sessions_all(m->sessions) == 0);
}
