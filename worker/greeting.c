/*
 * greeting.c - greets the client, serves the commands before login, and
 * requests logins.
 *
 * Runs in: greeter.
 */
#include "common/base.h"

#include "worker/greeting.h"

#include "common/clock.h"
#include "common/process/secret.h"
#include "common/text.h"
#include "worker/conversation.h"
#include "worker/message.h"
#include "worker/tls_control.h"

static const char *const refusals[VERDICTS] = {
	[VERDICT_ADDRESS_FULL] = "Too many connections from your address.",
	[VERDICT_LOGINS_FULL] = "Too many logins in progress, try again later.",
	[VERDICT_BANNED] = "Your address is banned, try again later.",
	[VERDICT_NETWORK] = "Connections from your address are not allowed.",
	[VERDICT_NETWORK_FULL] = "Too many connections from your network.",
	[VERDICT_TOO_FAST] = "Too many new connections from your address, "
			     "try again later.",
	[VERDICT_STOPPING] = "Server is shutting down.",
	[VERDICT_DRAINING] = "Server is in maintenance, try again later.",
};

static void
refuse(struct session *s)
{
	if (s->client.verdict == VERDICT_FULL)
		message_send(s, 421, s->settings->server.msg_full, "");
	else
		reply(&s->reply, 421, "%s", refusals[s->client.verdict]);
}

/* The handshake for implicit TLS, then the 220. */
static void
welcome(struct session *s)
{
	if (s->listener->tls == TLS_IMPLICIT && !tls_control_handshake(s))
		return;
	if (s->client.verdict != VERDICT_WELCOME) {
		refuse(s);
		session_end(s, OUTCOME_REFUSED);
	} else {
		message_send(s, 220, s->settings->server.banner,
			s->settings->server.banner_file);
	}
}

static void
denied(struct session *s, const struct message_denied *denied)
{
	static const char *const limits[DENIALS] = {
		[DENIAL_BUSY] = "Too many sessions for this account.",
		[DENIAL_GROUP_BUSY] = "Too many sessions for your group.",
		[DENIAL_TOO_FAST] = "Too many logins from your address, try "
			"again later.",
	};
	const char *limit = denied->denial >= 0 && denied->denial < DENIALS ?
		limits[denied->denial] : NULL;

	if (limit != NULL)
		reply(&s->reply, 530, "%s", limit);
	else if (denied->text[0] != '\0')
		reply_text(&s->reply, 530, denied->text);
	else
		message_send(s, 530, s->settings->server.msg_denied, "");
	session_login_failed(s, (enum denial)denied->denial);
}

/* The reply to a question from PAM. */
static void
prompted(struct session *s, const char *question)
{
	s->login.prompted = true;
	if (*question != '\0')
		reply_text(&s->reply, 332, question);
	else
		reply(&s->reply, 332, "Send the answer with ACCT.");
}

static void
put_password(struct session *s, struct message *m)
{
	message_begin(m, MESSAGE_auth);
	m->auth.tls = s->tls;
	(void)!text_copy(m->auth.user, sizeof(m->auth.user), s->login.user);
	(void)!text_copy(m->auth.password, sizeof(m->auth.password),
		s->login.password);
	s->login.user[0] = '\0';
}

static void
put_answer(struct session *s, struct message *m)
{
	message_begin(m, MESSAGE_answer);
	m->answer.given = 1;
	(void)!text_copy(m->answer.text, sizeof(m->answer.text),
		s->login.password);
	s->login.prompted = false;
}

/* After PASS or ACCT: request the login, and reply to the client unless it has
 * succeeded. */
static bool
authenticate(struct session *s, struct message *m)
{
	s->login.requested = false;
	if (s->login.prompted)
		put_answer(s, m);
	else
		put_password(s, m);
	secret_wipe(s->login.password, sizeof(s->login.password));
	if (!s->authority.log_in(s->authority.context, m))
		return false;
	switch (m->type) {
	case MESSAGE_denied:
		denied(s, &m->denied);
		return false;
	case MESSAGE_prompt:
		prompted(s, m->prompt.text);
		return false;
	default:
		return true;
	}
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
