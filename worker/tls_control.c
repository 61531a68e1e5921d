/*
 * tls_control.c - TLS on the control connection.
 *
 * Runs in: greeter, session.
 */
#include "common/base.h"

#include "worker/tls_control.h"

#include "common/clock.h"
#include "common/log/log.h"
#include "common/tls/tls.h"
#include "worker/reply.h"

#include <poll.h>

#define RELAY_MS 60000	/* timeout for the relay, and so for the client to
			 * read */

bool
tls_control_possible(const struct session *s)
{
	return s->listener->tls != TLS_OFF && tls_server_on(s->tls_server);
}

void
tls_control_describe(struct buffer *b, const struct tls_facts *facts)
{
	buffer_addf(b, "%s, %s, %s", facts->version, facts->cipher,
		facts->resumed ? "resumed" : "not resumed");
}

static void
log_control(const struct session *s)
{
	BUFFER(words, SESSION_TLS_WORDS);

	tls_control_describe(&words, &s->tls);
	log_info("TLS on the control connection: %s%s%s", buffer_text(&words),
		s->tls.name[0] != '\0' ? ", for " : "", s->tls.name);
}

static void
control_failed(struct session *s, const char *reason)
{
	log_warning("TLS handshake failed: %s", reason);
	session_client_gone(s);
}

/* Wait for the client.  False at the deadline, or when the monitor has ended
 * the session. */
static bool
wait_for_client(struct session *s, short events, int64_t deadline)
{
	struct pollfd fds[] = {
		{ .fd = s->control.stream.fd, .events = events },
		{ .fd = s->monitor.fd, .events = POLLIN },
	};
	int n = poll(fds, ARRAY_SIZE(fds), clock_poll(deadline));

	if (n < 0)
		return errno == EINTR;
	if (n == 0)
		return !clock_passed(deadline);
	return fds[1].revents == 0 || session_receive_monitor(s);
}

static const char *
why_given_up(const struct session *s, int64_t deadline)
{
	if (clock_passed(s->login.deadline))
		return "not completed within login_timeout";
	return clock_passed(deadline) ?
		"not completed within handshake_timeout" :
		"the server ended the session";
}

bool
tls_control_handshake(struct session *s)
{
	int64_t deadline = clock_earlier(s->login.deadline,
		clock_after(s->settings->server.handshake_timeout));
	short events = POLLIN;
	int r = -ENOMEM;

	struct tls *tls = tls_new(s->tls_server, s->control.stream.fd,
		TLS_CONTROL, &s->binding);
	while (tls != NULL && (r = tls_handshake(tls, &events)) == -EAGAIN) {
		if (!wait_for_client(s, events, deadline)) {
			control_failed(s, why_given_up(s, deadline));
			tls_free(tls);
			return false;
		}
	}
	if (r != 1) {
		if (tls != NULL && s->identity == NULL)
			session_end(s, OUTCOME_TLS_FAILED);
		control_failed(s, tls == NULL ? "out of memory"
					      : tls_error(tls));
		tls_free(tls);
		return false;
	}
	s->control.stream.tls = tls;
	tls_describe(tls, &s->tls);
	log_control(s);
	return true;
}

/* Send a message to the relay, and receive its answer into the same struct. */
static bool
ask_relay(struct session *s, struct message *m, enum message_type answer)
{
	struct pollfd fd = { .fd = s->relay.fd, .events = POLLIN };

	if (channel_send(&s->relay, m) == 0 && poll(&fd, 1, RELAY_MS) == 1 &&
		channel_recv(&s->relay, m) == 1 && m->type == answer)
		return true;
	session_end(s, OUTCOME_LOST);
	return false;
}

bool
tls_control_end_after_reply(struct session *s)
{
	struct message m UNINITIALIZED;

	message_begin(&m, MESSAGE_end_tls);
	return ask_relay(s, &m, MESSAGE_end_tls_ready);
}

bool
tls_control_catch_up(struct session *s)
{
	struct message m UNINITIALIZED;

	message_begin(&m, MESSAGE_catch_up);
	return ask_relay(s, &m, MESSAGE_caught_up);
}

/*
 * TLS 1.3 clients may use each ticket only once (RFC 8446 C.4), and some do:
 * send a new ticket for each one that a data connection may have used, and
 * before the last one gets too old.  The relay sends it before the reply, which
 * is written later.
 */
void
tls_control_fresh_ticket(struct session *s)
{
	struct message m UNINITIALIZED;

	if (!s->tls.on || s->choices.prot != 'P' ||
		(s->data_attempts == 0 && !clock_passed(s->ticket_old)) ||
		s->binding.reuse == REUSE_OFF ||
		strcmp(s->tls.version, "TLSv1.3") != 0)
		return;
	s->data_attempts = 0;
	s->ticket_old = clock_after(TLS_RENEWAL_SECONDS);
	message_begin(&m, MESSAGE_ticket);
	if (channel_send(&s->relay, &m) < 0)
		session_end(s, OUTCOME_LOST);
}
