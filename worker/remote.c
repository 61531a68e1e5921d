/*
 * remote.c - asks the monitor what the session may not decide or do itself.
 *
 * Runs in: greeter, session.
 */
#include "common/base.h"

#include "worker/remote.h"

#include "common/clock.h"
#include "common/text.h"

#include <poll.h>

/* A client that only stopped sending still gets its reply, so its end of file
 * is not waited for. */
bool
remote_receive(struct session *s, struct message *m)
{
	for (;;) {
		struct pollfd fds[] = {
			{ .fd = s->monitor.fd, .events = POLLIN },
			{ .fd = s->control.stream.fd },
		};
		int n = poll(fds, ARRAY_SIZE(fds),
			clock_poll(s->login.deadline));

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0) {
			session_time_out(s);
			return false;
		}
		if (fds[0].revents == 0) {
			session_end(s, OUTCOME_LOGIN_FAILED);
			return false;
		}
		int r = channel_recv(&s->monitor, m);
		if (r != 1) {
			session_end(s, r == -EPROTO ? OUTCOME_VIOLATION
						    : OUTCOME_STOPPED);
			return false;
		}
		if (m->type != MESSAGE_end_session)
			return true;
		s->stopping = true;
	}
}

static int
cleartext_login(void *context, const char *user)
{
	struct session *s = context;
	struct message m;

	message_zero(&m);
	m.type = MESSAGE_cleartext_login;
	if (text_copy(m.cleartext_login.user, sizeof(m.cleartext_login.user),
		user) < 0)
		return 0;
	if (channel_send(&s->monitor, &m) < 0) {
		session_end(s, OUTCOME_STOPPED);
		return -ECANCELED;
	}
	if (!remote_receive(s, &m))
		return -ECANCELED;
	return m.type == MESSAGE_cleartext_verdict &&
		m.cleartext_verdict.granted == 1;
}

/* The failure counts like every other; what the client hears of it is the reply
 * to the command that took the answer's place. */
static int
cancel_login(void *context)
{
	struct session *s = context;
	struct message m;

	message_zero(&m);
	m.type = MESSAGE_answer;
	if (channel_send(&s->monitor, &m) < 0) {
		session_end(s, OUTCOME_STOPPED);
		return -ECANCELED;
	}
	if (!remote_receive(s, &m))
		return -ECANCELED;
	if (m.type != MESSAGE_denied) {
		session_end(s, OUTCOME_VIOLATION);
		return -ECANCELED;
	}
	s->login.failed++;
	if (m.denied.denial != DENIAL_LAST)
		return 0;
	reply(&s->reply, 421, "Too many failed logins. Closing.");
	session_end(s, OUTCOME_LOGIN_FAILED);
	return -ECANCELED;
}

/* "end_session" in place of the answer: a transfer that has not begun is not
 * waited for. */
static int
active_socket(void *context, const struct address *to)
{
	struct session *s = context;
	struct message m;

	message_zero(&m);
	m.type = MESSAGE_active_bind;
	m.active_bind.to = *to;
	if (channel_send(&s->monitor, &m) < 0 ||
		channel_recv(&s->monitor, &m) != 1)
		return -ECANCELED;
	switch (m.type) {
	case MESSAGE_active_socket:
		return m.fds[0];
	case MESSAGE_active_refused:
		return m.active_refused.error > 0 ? -m.active_refused.error
						  : -EIO;
	default:
		return -ECANCELED;
	}
}

void
remote_init(struct session *s)
{
	s->authority = (struct authority){
		.context = s,
		.cleartext_login = cleartext_login,
		.cancel_login = cancel_login,
		.active_socket = active_socket,
	};
}
