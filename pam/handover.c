/*
 * handover.c - from the greeter's last message to a running session.
 *
 * Runs in: monitor.
 * Never: starts a session on what does not make sense.
 */
#include "common/base.h"
#include "pam/handover.h"

#include "common/clock.h"
#include "common/io.h"
#include "common/log/log.h"
#include "common/process/role.h"
#include "common/process/secret.h"
#include "pam/partner.h"
#include "pam/session_start.h"

/* relay is -1 where there is none.  Takes both descriptors over. */
static void
start_session(struct monitor *m, const struct message_handover *handover,
	int stream, int relay)
{
	if (!session_start_is_sound(handover, stream)) {
		io_close(&stream);
		io_close(&relay);
		monitor_breach(m, "a hand-over that makes no sense");
		return;
	}
	int error = session_start_fork(m, handover, stream, relay);
	io_close(&stream);
	io_close(&relay);
	if (error < 0) {
		log_error("forking the session: %s", log_errno(error));
		monitor_end(m, OUTCOME_ERROR);
		return;
	}
	m->stage = STAGE_SESSION;
	role_enter(ROLE_MONITOR_SESSION, NULL);
	/* The greeter heard it when it had nothing left to do. */
	if (m->told_to_leave)
		partner_leave(m, m->kill_at != CLOCK_NEVER);
}

/* The inbox is empty in a forked child: hence the copies. */
static void
take_clear(struct monitor *m)
{
	struct message_handover handover = m->inbox->handover;

	m->control_tls = (struct tls_facts){ .version = "" };
	start_session(m, &handover, m->inbox->fds[0], -1);
}

static void
take_tls(struct monitor *m)
{
	const struct message_handover_tls *state = &m->inbox->handover_tls;
	struct message_handover handover = state->handover;

	m->binding.handshake = state->handshake;
	m->control_tls = state->tls;
	m->control_saved = state->saved;
	start_session(m, &handover, m->inbox->fds[0], m->inbox->fds[1]);
	secret_wipe(&m->control_saved, sizeof(m->control_saved));
}

void
handover_take(struct monitor *m)
{
	switch (m->inbox->type) {
	case MESSAGE_handover:
		take_clear(m);
		return;
	case MESSAGE_handover_tls:
		take_tls(m);
		return;
	default:
		bug("no hand-over");
	}
}
