/*
 * reports.c - what a worker's monitor reports to the master, and the answers.
 *
 * Runs in: master.
 */
#include "common/base.h"
#include "daemon/reports.h"

#include "common/io.h"
#include "common/log/event.h"
#include "daemon/admission.h"

/* Of what the gate (messages.def) lets through. */
static enum report
violation(enum message_type type)
{
	struct event e = event_new(EVENT_violation);

	e.text = channel_message_name(type);
	event_send(&e);
	return REPORT_VIOLATION;
}

static enum report
reply(struct slot *slot, const struct message *message)
{
	int error = channel_send(&slot->channel, message);

	/* That a monitor has gone is seen when it is received from. */
	return error < 0 && error != -EPIPE ? REPORT_ERROR : REPORT_HANDLED;
}

static enum report
handle_login(struct slot *slot, struct sessions *sessions,
	const struct message_login *login)
{
	struct message verdict;

	if (slot->state != SLOT_LOGIN)
		return violation(MESSAGE_login);
	message_zero(&verdict);
	verdict.type = MESSAGE_login_verdict;
	verdict.login_verdict.granted = admission_account(login->limit,
		sessions_of_account(sessions, login->account)) &&
		sessions_login(sessions, slot, login) == 0;
	return reply(slot, &verdict);
}

/* An address that has failed too often gets no further attempt: each of its
 * connections ends with its next failure. */
static enum report
handle_login_failed(struct slot *slot, struct charges *charges)
{
	struct message enough;

	if (slot->state != SLOT_LOGIN && slot->state != SLOT_SESSION)
		return violation(MESSAGE_login_failed);
	charges_failed_login(charges, slot);
	if (!charges_refuse(charges, &slot->prefix))
		return REPORT_HANDLED;
	message_zero(&enough);
	enough.type = MESSAGE_login_enough;
	return reply(slot, &enough);
}

static enum report
handle(struct slot *slot, struct sessions *sessions, struct charges *charges,
	struct message *message)
{
	switch (message->type) {
	case MESSAGE_login:
		return handle_login(slot, sessions, &message->login);
	case MESSAGE_login_failed:
		return handle_login_failed(slot, charges);
	default:
		for (size_t i = 0; i < CHANNEL_MAX_FDS; i++)
			io_close(&message->fds[i]);
		return violation(message->type);
	}
}

enum report
reports_receive(struct slot *slot, struct sessions *sessions,
	struct charges *charges)
{
	enum report report = REPORT_END;
	struct message message;

	charges_log_about(slot);
	int r = channel_recv(&slot->channel, &message);
	if (r == 1)
		report = handle(slot, sessions, charges, &message);
	else if (r == -EPROTO)
		report = REPORT_VIOLATION;
	else if (r == -EAGAIN)
		report = REPORT_NONE;
	charges_log_about(NULL);
	return report;
}
