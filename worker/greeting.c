/*
 * greeting.c - greets the client, serves the commands before login, and
 * requests logins.
 *
 * Runs in: greeter.
 */
#include "common/base.h"

#include "worker/greeting.h"

#include "common/clock.h"
#include "common/log/log.h"
#include "common/process/secret.h"
#include "common/text.h"
#include "worker/command_loop.h"
#include "worker/proxy.h"
#include "worker/texts.h"
#include "worker/tls_control.h"

#include <poll.h>

static const char *const refusals[VERDICTS] = {
	[VERDICT_ADDRESS_FULL] = "Too many connections from your address.",
	[VERDICT_LOGINS_FULL] = "Too many logins in progress, try again later.",
	[VERDICT_BANNED] = "Your address is banned, try again later.",
	[VERDICT_NETWORK] = "Connections from your address are not allowed.",
	[VERDICT_PROXY] = "Only proxies are allowed to connect here.",
	[VERDICT_NETWORK_FULL] = "Too many connections from your network.",
	[VERDICT_TOO_FAST] = "Too many new connections from your address, "
			     "try again later.",
	[VERDICT_DRAINING] = "Server is under maintenance, try again later.",
};

static void
refuse(struct session *s)
{
	if (s->client.verdict == VERDICT_FULL)
		texts_send(s, 421, s->settings->server.msg_full, "");
	else
		reply(&s->reply, 421, "%s", refusals[s->client.verdict]);
}

static const char *
why_no_name(int error)
{
	switch (error) {
	case -EBADMSG:
		return "malformed";
	case -ETIMEDOUT:
		return "not received in time";
	case -EPIPE:
		return "the connection was closed before its end";
	default:
		return log_errno(error);
	}
}

/* proxy.h; the monitor may end the session meanwhile. */
static int
wait_for_name(void *context, int fd, int64_t deadline)
{
	const struct session *s = context;
	struct pollfd fds[] = {
		{ .fd = fd, .events = POLLIN },
		{ .fd = s->monitor.fd, .events = POLLIN },
	};
	int ready = poll(fds, ARRAY_SIZE(fds), clock_poll(deadline));

	return ready > 0 && fds[1].revents != 0 ? -ECANCELED : 0;
}

/* The PROXY header.  False when the session has ended. */
static bool
receive_name(struct session *s, struct message *m)
{
	int64_t deadline = clock_earlier(s->login.deadline,
		clock_ms() + PROXY_MS);
	struct address peer;

	address_clear(&peer);
	int r = proxy_receive(s->control.stream.fd, wait_for_name, s, deadline,
		&peer);
	if (r == 0)
		address_clear(&peer);
	if (r == -ECANCELED) {
		session_end(s, OUTCOME_STOPPED);
		return false;
	}
	if (r < 0) {
		/* A health check may only connect. */
		if (r == -EPIPE)
			log_info("PROXY header: %s", why_no_name(r));
		else
			log_warning("PROXY header: %s", why_no_name(r));
		session_end(s, OUTCOME_NO_LOGIN);
		return false;
	}
	if (!s->authority.name_client(s->authority.context, &peer, m))
		return false;
	s->client.proxy = s->client.peer;
	s->client.peer = m->proxied_verdict.peer;
	s->client.verdict = m->proxied_verdict.verdict;
	session_apply_client(s);
	return true;
}

static bool
needs_name(const struct session *s)
{
	return s->client.verdict == VERDICT_WELCOME &&
	    s->listener->proxy_protocol == PROXY_PROTOCOL_REQUIRE;
}

/* The handshake for implicit TLS, then the 220. */
static void
welcome(struct session *s, struct message *m)
{
	if (needs_name(s) && !receive_name(s, m))
		return;
	if (s->listener->tls == TLS_IMPLICIT && !tls_control_handshake(s))
		return;
	if (s->client.verdict != VERDICT_WELCOME) {
		refuse(s);
		session_end(s, OUTCOME_REFUSED);
	} else {
		texts_send(s, 220, s->settings->server.banner,
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
		[DENIAL_OVERLOADED] = "The server is overloaded, try again "
			"later.",
	};
	const char *limit = denied->denial >= 0 && denied->denial < DENIALS ?
		limits[denied->denial] : NULL;

	if (limit != NULL)
		reply(&s->reply, 530, "%s", limit);
	else if (denied->text[0] != '\0')
		reply_text(&s->reply, 530, denied->text);
	else
		texts_send(s, 530, s->settings->server.msg_denied, "");
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
	welcome(s, m);
	while (command_loop_run(s) == COMMAND_LOOP_LOGIN)
		if (authenticate(s, m))
			return true;
	return false;
}
