/*
 * protect.c - TLS on the control connection and on data connections.
 *
 * Runs in: greeter (control), session (data).
 */
#include "common/base.h"

#include "worker/protect.h"

#include "common/buffer.h"
#include "common/clock.h"
#include "common/log.h"
#include "worker/exchange.h"
#include "worker/reply.h"
#include "worker/tls.h"

#include <poll.h>

#define RELAY_MS 60000	/* for the relay, and so for the client to read */

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
protect_login_required(const struct user_settings *settings)
{
	return settings->require_tls == REQUIRE_TLS_LOGIN ||
		settings->require_tls == REQUIRE_TLS_BOTH;
}

bool
protect_data_required(const struct user_settings *settings)
{
	return settings->require_tls == REQUIRE_TLS_DATA ||
		settings->require_tls == REQUIRE_TLS_BOTH;
}

static void
log_control(const struct session *s)
{
	log_info("TLS on the control connection: %s, %s, %s%s%s",
		s->tls.version, s->tls.cipher,
		s->tls.kernel_send ? "in the kernel" : "in user space",
		s->tls.name[0] != '\0' ? ", for " : "", s->tls.name);
}

static void
log_data(const struct tls *tls)
{
	struct tls_facts facts;

	tls_describe(tls, &facts);
	log_debug("TLS on the data connection: %s, %s, %s, %s", facts.version,
		facts.cipher, facts.resumed ? "resumed" : "not resumed",
		facts.kernel_send ? "in the kernel" : "in user space");
}

static void
control_failed(struct session *s, const char *reason)
{
	log_warning("TLS handshake failed: %s", reason);
	session_end(s, s->failed_logins > 0 ? OUTCOME_LOGIN_FAILED
					    : OUTCOME_NO_LOGIN);
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
	return fds[1].revents == 0 || session_hear_monitor(s);
}

static const char *
why_given_up(const struct session *s, int64_t deadline)
{
	if (clock_passed(s->login_deadline))
		return "not done in login_timeout";
	return clock_passed(deadline) ? "not done in handshake_timeout" :
		"the server is shutting down";
}

bool
protect_control(struct session *s)
{
	int64_t deadline = clock_earlier(s->login_deadline,
		clock_after(s->settings->server.handshake_timeout));
	struct tls *tls = tls_new(s->tls_server, s->control.stream.fd,
		TLS_CONTROL, &s->binding);
	short events = POLLIN;
	int r = -ENOMEM;

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

static void
data_failed(struct session *s, struct tls *tls, const char *reason)
{
	log_warning("TLS on the data connection failed: %s", reason);
	tls_free(tls);
	stream_close(&s->stream);
	s->transferring = false;
	session_reset_transfer(s);
}

static bool
data_in_time(struct session *s, struct tls *tls, short events, int64_t deadline)
{
	enum transfer_end end;

	if (clock_passed(deadline)) {
		data_failed(s, tls, "not done in handshake_timeout");
		reply(s, 425, "The TLS handshake on the data connection took "
			"longer than %" PRId64 " seconds (handshake_timeout).",
			s->settings->server.handshake_timeout);
		return false;
	}
	end = watch_wait(&s->watch, s->stream.fd, events, deadline);
	if (end == TRANSFER_RUNNING)
		return true;
	data_failed(s, tls, "interrupted");
	exchange_interrupted(s, end);
	return false;
}

static void
not_resumed(struct session *s, struct tls *tls, const char *reason)
{
	data_failed(s, tls, reason);
	reply(s, 522, "The data connection must resume the TLS session of its "
		"control connection (session_reuse = require).");
}

static bool
data_accepted(struct session *s, struct tls *tls, int handshake)
{
	bool must = s->reuse == REUSE_REQUIRE;
	bool resumed = handshake == 1 && tls_resumed(tls);

	if (must && !resumed) {
		not_resumed(s, tls, handshake == 1 ?
			"it resumed no ticket of this session" :
			tls_error(tls));
		return false;
	}
	if (handshake != 1) {
		BUFFER(reason, 200);
		buffer_add_text(&reason, tls_error(tls));
		data_failed(s, tls, buffer_text(&reason));
		reply(s, 425, "TLS on the data connection failed: %s.",
			buffer_text(&reason));
		return false;
	}
	return true;
}

bool
protect_data(struct session *s, bool upload)
{
	int64_t deadline = clock_after(s->settings->server.handshake_timeout);
	short events = POLLIN;
	int r;

	if (s->choices.prot != 'P')
		return true;
	struct tls *tls = tls_new(s->tls_server, s->stream.fd,
		upload ? TLS_DATA_UPLOAD : TLS_DATA, &s->binding);
	if (tls == NULL) {
		data_failed(s, NULL, "out of memory");
		reply(s, 425, "TLS on the data connection failed.");
		return false;
	}
	while ((r = tls_handshake(tls, &events)) == -EAGAIN) {
		if (!data_in_time(s, tls, events, deadline))
			return false;
	}
	if (!data_accepted(s, tls, r))
		return false;
	log_data(tls);
	s->stream.tls = tls;
	s->stream.accept_cut = !s->limits->strict_tls_end;
	s->stream.wait_end = s->limits->wait_tls_end;
	return true;
}

bool
protect_ask_relay(struct session *s, enum message_type question,
	enum message_type answer)
{
	struct pollfd fd = { .fd = s->relay.fd, .events = POLLIN };
	struct message m;

	message_clear(&m);
	m.type = question;
	if (channel_send(&s->relay, &m) == 0 && poll(&fd, 1, RELAY_MS) == 1 &&
		channel_recv(&s->relay, &m) == 1 && m.type == answer)
		return true;
	session_end(s, OUTCOME_LOST);
	return false;
}

/*
 * TLS 1.3 clients may use each ticket once only (RFC 8446 C.4), and some do:
 * for every one that a data connection may have cost, they get another.
 */
void
protect_fresh_ticket(struct session *s)
{
	if (s->relay.fd < 0 || s->choices.prot != 'P' ||
		s->data_attempts == 0 || s->reuse == REUSE_OFF ||
		strcmp(s->tls.version, "TLSv1.3") != 0)
		return;
	s->data_attempts = 0;
	(void)protect_ask_relay(s, MESSAGE_ticket, MESSAGE_ticket_sent);
}
