/*
 * protect.c - TLS on the control connection, from its begin to its end.
 *
 * Runs in: greeter, session.
 */
#include "common/base.h"

#include "worker/protect.h"

#include "common/clock.h"
#include "common/log/log.h"
#include "worker/reply.h"
#include "common/tls/tls.h"

#include <poll.h>

#define RELAY_MS 60000	/* for the relay, and so for the client to read */
#define LAST_MS 3000	/* for the client to take the last bytes */
#define LAST_READS 64	/* of input that nobody wants any more */

bool
protect_possible(const struct session *s)
{
	return s->listener->tls != TLS_OFF && tls_server_on(s->tls_server);
}

bool
protect_is_on(const struct session *s)
{
	return s->tls.version[0] != '\0';
}

bool
protect_in_kernel(const struct session *s)
{
	return s->tls.kernel_send || s->tls.kernel_receive;
}

/* Of the directions that are asked about. */
static const char *
place(const struct tls_facts *facts, bool sends, bool receives)
{
	int asked = sends + receives;
	int kernel = (sends && facts->kernel_send) +
		(receives && facts->kernel_receive);

	if (kernel == 0)
		return "in user space";
	return kernel == asked ? "in the kernel" : "half in the kernel";
}

void
protect_describe(struct buffer *b, const struct tls_facts *facts, bool sends,
	bool receives)
{
	buffer_addf(b, "%s, %s, %s, %s", facts->version, facts->cipher,
		facts->resumed ? "resumed" : "not resumed",
		place(facts, sends, receives));
}

static void
log_control(const struct session *s)
{
	BUFFER(words, SESSION_TLS_WORDS);

	protect_describe(&words, &s->tls, true, true);
	log_info("TLS on the control connection: %s%s%s", buffer_text(&words),
		s->tls.name[0] != '\0' ? ", for " : "", s->tls.name);
}

static void
control_failed(struct session *s, const char *reason)
{
	log_warning("TLS handshake failed: %s", reason);
	session_client_gone(s);
}

/* Wait for the client.  False at the deadline or when the monitor has ended
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
		return "not done in login_timeout";
	return clock_passed(deadline) ? "not done in handshake_timeout" :
		"the server is shutting down";
}

bool
protect_control(struct session *s)
{
	int64_t deadline = clock_earlier(s->login.deadline,
		clock_after(s->settings->server.handshake_timeout));
	short events = POLLIN;
	int r = -ENOMEM;

	/* Tickets of before REIN may be in others' hands. */
	s->binding.handshake++;
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

/* TLS is over, and nothing is waited for any longer. */
static void
forget_control(struct session *s)
{
	tls_free(s->control.stream.tls);
	s->control.stream.tls = NULL;
	s->tls = (struct tls_facts){ .version = "" };
}

bool
protect_clear_control(struct session *s)
{
	struct stream *stream = &s->control.stream;
	int64_t deadline = clock_earlier(s->login.deadline,
		clock_after(s->limits->idle_timeout));
	int r;

	while ((r = stream_clear(stream)) == -EAGAIN)
		if (!wait_for_client(s, stream->events, deadline) ||
			s->stopping)
			break;
	forget_control(s);
	if (r == -EPROTO)
		log_info("commands behind REIN, before its answer");
	if (r == -EAGAIN && clock_passed(deadline))
		session_time_out(s);
	else if (r == -EAGAIN)
		session_end(s, OUTCOME_STOPPED);
	else if (r < 0)
		session_client_gone(s);
	return r == 0;
}

/* Send the relay a message and wait for its answer, in the same memory. */
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

static bool
begin_clear(struct session *s, bool give_up)
{
	struct message m;

	message_clear(&m);
	m.type = MESSAGE_clear;
	m.clear.give_up = give_up;
	return ask_relay(s, &m, MESSAGE_clear_ready);
}

bool
protect_clear_after_reply(struct session *s)
{
	return begin_clear(s, false);
}

/* Wait until the client has ended TLS, which is its only command. */
static bool
hear_given_up(struct session *s, struct message *m)
{
	int64_t deadline = clock_after(s->limits->idle_timeout);

	for (;;) {
		struct pollfd fds[] = {
			{ .fd = s->relay.fd, .events = POLLIN },
			{ .fd = s->monitor.fd, .events = POLLIN },
		};
		int n = poll(fds, ARRAY_SIZE(fds), clock_poll(deadline));

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0) {
			session_end(s, n == 0 ? OUTCOME_IDLE : OUTCOME_ERROR);
			return false;
		}
		if (fds[0].revents != 0)
			return channel_recv(&s->relay, m) == 1 &&
				m->type == MESSAGE_given_up;
		/* Whatever it says, it is the end. */
		(void)session_receive_monitor(s);
		session_end(s, OUTCOME_STOPPED);
		return false;
	}
}

bool
protect_give_up(struct session *s, int *fd)
{
	struct message m;

	if (!begin_clear(s, true))
		return false;
	/* Since REIN, and the relay passes nothing more on. */
	if (control_read(&s->control) != -EAGAIN) {
		reply(&s->reply, 421, "Wait for REIN's answer before sending "
			"more. Closing.");
		session_end(s, OUTCOME_LOST);
		return false;
	}
	reply_text(&s->reply, 220, s->settings->server.banner);
	if (!hear_given_up(s, &m)) {
		session_end(s, OUTCOME_LOST);
		return false;
	}
	*fd = m.fds[0];
	return true;
}

/* A socket closed with input unread is reset, and the client might lose the
 * last reply. */
void
protect_end(struct session *s)
{
	struct stream *control = &s->control.stream;
	int64_t deadline = clock_ms() + LAST_MS;

	if (!control->kernel || control->over)
		return;
	while (stream_end(control) == -EAGAIN &&
		stream_wait(control, deadline) == 0)
		;
	for (int i = 0; i < LAST_READS; i++)
		if (stream_read(control, s->line, sizeof(s->line)) <= 0)
			break;
}

/*
 * TLS 1.3 clients may use each ticket once only (RFC 8446 C.4), and some do:
 * for every one that a data connection may have cost, they get another.  And
 * they get one before theirs is too old.
 */
void
protect_fresh_ticket(struct session *s)
{
	struct message m;

	if (s->relay.fd < 0 || s->choices.prot != 'P' ||
		(s->data_attempts == 0 && !clock_passed(s->ticket_old)) ||
		s->reuse == REUSE_OFF ||
		strcmp(s->tls.version, "TLSv1.3") != 0)
		return;
	s->data_attempts = 0;
	s->ticket_old = clock_after(PROTECT_TICKET_SECONDS);
	message_clear(&m);
	m.type = MESSAGE_ticket;
	(void)ask_relay(s, &m, MESSAGE_ticket_sent);
}
