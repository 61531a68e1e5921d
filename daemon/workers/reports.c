/*
 * reports.c - handles the messages of a worker's monitor to the master.
 *
 * Runs in: master.
 */
#include "common/base.h"
#include "daemon/workers/reports.h"

#include "common/io.h"
#include "common/log/event.h"
#include "common/process/run_pass.h"
#include "common/process/secret.h"
#include "daemon/admission/admission.h"
#include "daemon/admission/judge.h"
#include "daemon/sessions/who.h"
#include "daemon/state/state.h"

#include <sys/random.h>

int
reports_open(struct reports *r, struct sessions *sessions,
	struct charges *charges, struct rates *rates)
{
	*r = (struct reports){
		.sessions = sessions, .charges = charges, .rates = rates,
		.ticket_secret = secret_new(TLS_SECRET_SIZE),
	};
	if (r->ticket_secret == NULL)
		return -ENOMEM;
	return getrandom(r->ticket_secret, TLS_SECRET_SIZE, 0) ==
	    TLS_SECRET_SIZE ? 0 : -EIO;
}

void
reports_close(struct reports *r)
{
	secret_free(r->ticket_secret, TLS_SECRET_SIZE);
	r->ticket_secret = NULL;
}

/* messages.def allows the message, but the state of its worker does not. */
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

	/* If the monitor has exited, the next receive reports it. */
	return error < 0 && error != -EPIPE ? REPORT_ERROR : REPORT_HANDLED;
}

/* TLS tickets are valid for one account at one address; only sessions with TLS
 * need their keys. */
static int
make_ticket_keys(const struct reports *r, const struct slot *slot,
	const struct message_login *login, uint8_t *keys)
{
	if (login->tls.version[0] == '\0')
		return 0;
	return tls_account_keys(r->ticket_secret, login->account, &slot->peer,
		keys);
}

static uint64_t
make_run_pass(const struct reports *r, const struct slot *slot, uint32_t uid)
{
	return r->configuration == NULL ? 0 :
	    run_pass(r->configuration->run_key, slot->session, uid);
}

static int
set_rates(const struct reports *r, struct slot *slot,
	const struct message_login *login)
{
	if (r->rates == NULL)
		return 0;
	slot->rates = rates_join(r->rates, slot->place, login, slot->listener);
	return slot->rates != NULL ? 0 : -ENOMEM;
}

/* Count the session.  Out of memory, nothing of it is counted, and the client
 * may try again. */
static bool
grant(const struct reports *r, struct slot *slot,
	const struct message_login *login)
{
	if (set_rates(r, slot, login) < 0)
		return false;
	if (sessions_login(r->sessions, slot, login) == 0)
		return true;
	rates_leave(r->rates, slot->rates);
	slot->rates = NULL;
	return false;
}

/* The limit that this login would exceed. */
static enum login_limit
find_limit(const struct reports *r, const struct slot *slot,
	const struct message_login *login)
{
	const struct session_limits *l = &login->limits;

	if (!charges_allow_login(r->charges, slot))
		return LOGIN_LIMIT_RATE;
	if (!admission_account(l->per_user,
	    sessions_of_account(r->sessions, login->account)))
		return LOGIN_LIMIT_USER;
	if (l->group[0] != '\0' && !admission_account(l->per_group,
	    sessions_of_group(r->sessions, l->group)))
		return LOGIN_LIMIT_GROUP;
	return LOGIN_LIMIT_NONE;
}

static enum report
handle_login(const struct reports *r, struct slot *slot,
	const struct message_login *login)
{
	struct message verdict UNINITIALIZED;

	if (slot->state != SLOT_LOGIN)
		return violation(MESSAGE_login);
	message_begin(&verdict, MESSAGE_login_verdict);
	enum login_limit limit = find_limit(r, slot, login);
	verdict.login_verdict.limit = (int32_t)limit;
	verdict.login_verdict.granted = limit == LOGIN_LIMIT_NONE &&
		grant(r, slot, login);
	if (verdict.login_verdict.granted)
		charges_login(r->charges, slot, login->given);
	verdict.login_verdict.run_pass = make_run_pass(r, slot, login->uid);
	limits_count(r->limits, limits_of_login(limit), &slot->peer,
		login->user);
	int error = make_ticket_keys(r, slot, login,
		verdict.login_verdict.ticket_keys);
	enum report report = error < 0 ? REPORT_ERROR : reply(slot, &verdict);
	secret_wipe(&verdict.login_verdict, sizeof(verdict.login_verdict));
	return report;
}

/* After too many failures, each connection of the address ends with its next
 * failure. */
static enum report
handle_login_failed(struct slot *slot, struct charges *charges,
	const struct message_login_failed *failed)
{
	struct message enough UNINITIALIZED;

	if (slot->state != SLOT_LOGIN && slot->state != SLOT_SESSION)
		return violation(MESSAGE_login_failed);
	charges_failed_login(charges, slot, &failed->guess);
	bool allowed = charges_allow_login(charges, slot);
	if (allowed && !charges_banned(charges, &slot->peer))
		return REPORT_HANDLED;
	message_begin(&enough, MESSAGE_login_enough);
	return reply(slot, &enough);
}

static void
refuse(const struct reports *r, enum verdict verdict,
	const struct address *peer)
{
	struct event e = event_new(EVENT_refuse);

	e.ok = false;
	e.text = admission_reason(verdict);
	event_send(&e);
	limits_count(r->limits, limits_of_verdict(verdict), peer, "");
}

/* A proxy has named its client: judge it as if it had just connected. */
static enum report
handle_proxied(const struct reports *r, struct slot *slot,
	const struct message_proxied *named)
{
	struct address peer = address_is_set(&named->peer) ? named->peer :
	    slot->peer;
	struct message answer UNINITIALIZED;

	if (slot->state != SLOT_LOGIN || !slot->unnamed)
		return violation(MESSAGE_proxied);
	const struct settings *settings = r->configuration->settings;
	const struct judge j = { .settings = settings,
		.sessions = r->sessions, .charges = r->charges };
	enum verdict verdict = judge_proxied(&j,
		settings_listener(settings, slot->listener), &peer);
	if (sessions_name(r->sessions, slot, &peer,
	    verdict == VERDICT_WELCOME) < 0)
		return REPORT_ERROR;
	charges_log_about(slot);
	if (verdict != VERDICT_WELCOME)
		refuse(r, verdict, &peer);
	message_begin(&answer, MESSAGE_proxied_verdict);
	answer.proxied_verdict.peer = peer;
	answer.proxied_verdict.verdict = (int32_t)verdict;
	return reply(slot, &answer);
}

/* The monitor has checked that the account is an administrator. */
static enum report
handle_ask_who(const struct reports *r, struct slot *slot)
{
	struct message answer UNINITIALIZED;

	if (slot->state != SLOT_SESSION)
		return violation(MESSAGE_ask_who);
	int fd = !r->configuration->settings->server.allow_site_who ? -EPERM :
		who_make(r->sessions, r->board);
	message_begin(&answer, fd < 0 ? MESSAGE_who_refused : MESSAGE_who);
	if (fd < 0)
		answer.who_refused.error = -fd;
	else
		answer.fds[0] = fd;
	enum report report = reply(slot, &answer);
	if (fd >= 0)
		close(fd);
	return report;
}

static enum report
handle(const struct reports *r, struct slot *slot, struct message *message)
{
	switch (message->type) {
	case MESSAGE_login:
		return handle_login(r, slot, &message->login);
	case MESSAGE_proxied:
		return handle_proxied(r, slot, &message->proxied);
	case MESSAGE_login_failed:
		return handle_login_failed(slot, r->charges,
			&message->login_failed);
	case MESSAGE_ask_who:
		return handle_ask_who(r, slot);
	default:
		for (size_t i = 0; i < CHANNEL_MAX_FDS; i++)
			io_close(&message->fds[i]);
		return violation(message->type);
	}
}

enum report
reports_receive(const struct reports *r, struct slot *slot)
{
	enum report report = REPORT_END;
	struct message message UNINITIALIZED;

	charges_log_about(slot);
	int n = channel_recv(&slot->channel, &message);
	if (n == 1)
		report = handle(r, slot, &message);
	else if (n == -EPROTO)
		report = REPORT_VIOLATION;
	else if (n == -EAGAIN)
		report = REPORT_NONE;
	charges_log_about(NULL);
	return report;
}

void
reports_save(const struct reports *r, struct state_writer *w)
{
	state_put(w, r->ticket_secret, TLS_SECRET_SIZE);
}

void
reports_restore(struct reports *r, struct state_reader *from)
{
	state_get(from, r->ticket_secret, TLS_SECRET_SIZE);
}
