/*
 * greeting.c - greets, serves the few commands before login, and asks whether
 * the password is right.
 *
 * Runs in: greeter.
 */
#include "common/base.h"

#include "worker/greeting.h"

#include "common/clock.h"
#include "common/process/secret.h"
#include "common/text.h"
#include "worker/conversation.h"
#include "worker/tls_control.h"

static const char *const refusals[VERDICTS] = {
	[VERDICT_FULL] = "Too many clients, try again later.",
	[VERDICT_ADDRESS_FULL] = "Too many connections from your address.",
	[VERDICT_LOGINS_FULL] = "Too many logins in progress, try again later.",
	[VERDICT_PENALTY] = "Too many failures from your address, "
			    "try again later.",
	[VERDICT_STOPPING] = "Server is shutting down.",
};

/* TLS where the listener wants it at once, then the 220. */
static void
welcome(struct session *s)
{
	if (s->listener->tls == TLS_IMPLICIT && !tls_control_handshake(s))
		return;
	if (s->client.verdict != VERDICT_WELCOME) {
		reply(&s->reply, 421, "%s", refusals[s->client.verdict]);
		session_end(s, OUTCOME_REFUSED);
	} else {
		reply_text(&s->reply, 220, s->settings->server.banner);
	}
}

static void
denied(struct session *s, enum denial denial)
{
	s->login.failed++;
	if (denial == DENIAL_BUSY) {
		reply(&s->reply, 530, "Too many sessions for this account.");
		return;
	}
	reply(&s->reply, 530, "Login incorrect.");
	if (denial != DENIAL_LAST)
		return;
	reply(&s->reply, 421, "Too many failed logins. Closing.");
	session_end(s, OUTCOME_LOGIN_FAILED);
}

/* PASS came: ask, and answer the client unless it has logged in. */
static bool
authenticate(struct session *s, struct message *m)
{
	s->login.requested = false;
	message_begin(m, MESSAGE_auth);
	m->auth.tls = s->tls;
	(void)!text_copy(m->auth.user, sizeof(m->auth.user), s->login.user);
	(void)!text_copy(m->auth.password, sizeof(m->auth.password),
		s->login.password);
	secret_wipe(s->login.password, sizeof(s->login.password));
	s->login.user[0] = '\0';
	if (!s->authority.log_in(s->authority.context, m))
		return false;
	if (m->type != MESSAGE_denied)
		return true;
	denied(s, (enum denial)m->denied.denial);
	return false;
}

bool
greeting_run(struct session *s, struct message *m)
{
	s->login.deadline = clock_after(s->settings->server.login_timeout);
	welcome(s);
	while (conversation_run(s) == CONVERSATION_LOGIN)
		if (authenticate(s, m))
			return true;
	return false;
}
