/*
 * authority_monitor.c - sends the session's requests to the monitor.
 *
 * Runs in: greeter, session.
 */
#include "common/base.h"

#include "worker/authority_monitor.h"

#include "common/clock.h"
#include "common/log/log.h"
#include "common/process/runner_request.h"
#include "common/process/secret.h"
#include "common/text.h"

#include <poll.h>

/* Wait for the monitor's next message, other than "end_session", until the
 * login deadline, unless the client disconnects.  False when the session has
 * ended instead.  A client that has only closed its half still gets its reply,
 * so end of file is not watched. */
static bool
receive(struct session *s, struct message *m)
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
		session_stop(s, &m->end_session);
	}
}

/* Before login: send a request, which may contain a password, and replace it by
 * the answer.  False when the session has ended instead. */
static bool
ask(void *context, struct message *m)
{
	struct session *s = context;
	int error = channel_send(&s->monitor, m);

	secret_wipe(&m->auth, sizeof(m->auth));
	if (error < 0)
		session_end(s, OUTCOME_STOPPED);
	return error == 0 && receive(s, m);
}

static bool
name_client(void *context, const struct address *peer, struct message *m)
{
	message_begin(m, MESSAGE_proxied);
	m->proxied.peer = *peer;
	return ask(context, m);
}

static int
cleartext_login(void *context, const char *user)
{
	struct message m UNINITIALIZED;

	message_begin(&m, MESSAGE_cleartext_login);
	if (text_copy(m.cleartext_login.user, sizeof(m.cleartext_login.user),
		user) < 0)
		return 0;
	if (!ask(context, &m))
		return -ECANCELED;
	return m.type == MESSAGE_cleartext_verdict &&
		m.cleartext_verdict.granted == 1;
}

static int
active_refused(const struct session *s, int error)
{
	error = error > 0 ? -error : -EIO;
	log_warning("active mode: no socket on port %" PRId64
		" (active_source_port): %s", s->listener->active_source_port,
		log_errno(error));
	return error;
}

/* "end_session" instead of the answer: end at once, because no transfer has
 * started. */
static int
active_socket(void *context, const struct address *to)
{
	struct session *s = context;
	struct message m UNINITIALIZED;

	message_begin(&m, MESSAGE_active_bind);
	m.active_bind.to = *to;
	if (channel_send(&s->monitor, &m) < 0 ||
		channel_recv(&s->monitor, &m) != 1)
		return -ECANCELED;
	switch (m.type) {
	case MESSAGE_active_socket:
		return m.fds[0];
	case MESSAGE_active_refused:
		return active_refused(s, m.active_refused.error);
	default:
		if (m.type == MESSAGE_end_session)
			session_stop(s, &m.end_session);
		return -ECANCELED;
	}
}

/* Send a request, which the monitor answers at once, and replace it by the
 * answer.  An "end_session" that comes first takes effect after the command. */
static int
request(struct session *s, struct message *m)
{
	if (channel_send(&s->monitor, m) < 0)
		return -ECANCELED;
	while (channel_recv(&s->monitor, m) == 1) {
		if (m->type != MESSAGE_end_session)
			return 0;
		session_stop(s, &m->end_session);
	}
	return -ECANCELED;
}

static int
give_upload(void *context, int fd)
{
	struct message m UNINITIALIZED;

	message_begin(&m, MESSAGE_give_upload);
	m.fds[0] = fd;
	if (request(context, &m) < 0 || m.type != MESSAGE_upload_given)
		return -ECANCELED;
	return m.upload_given.error > 0 ? -m.upload_given.error : 0;
}

static int
change_owner(void *context, int fd, int64_t uid, int64_t gid)
{
	struct message m UNINITIALIZED;

	message_begin(&m, MESSAGE_change_owner);
	m.fds[0] = fd;
	m.change_owner.uid = uid;
	m.change_owner.gid = gid;
	if (request(context, &m) < 0 || m.type != MESSAGE_owner_changed)
		return -ECANCELED;
	return m.owner_changed.error > 0 ? -m.owner_changed.error : 0;
}

/* Is there a verdict before the deadline, and before the monitor asks the
 * session to end now? */
static bool
wait_for_verdict(struct session *s, int fd, int64_t deadline)
{
	struct pollfd fds[] = {
		{ .fd = fd, .events = POLLIN },
		{ .fd = s->monitor.fd, .events = POLLIN },
	};

	while (s->stage < SESSION_STOPPING_NOW && !clock_passed(deadline)) {
		if (poll(fds, ARRAY_SIZE(fds), clock_poll(deadline)) <= 0)
			continue;
		if (fds[0].revents != 0)
			return true;
		(void)session_receive_monitor(s);
	}
	return false;
}

/* Without a verdict, the upload is rejected. */
static int
read_verdict(struct session *s, int fd, int64_t seconds)
{
	struct runner_verdict verdict = { 0 };
	ssize_t n = 0;

	if (wait_for_verdict(s, fd, clock_after(seconds)))
		n = recv(fd, &verdict, sizeof(verdict), MSG_DONTWAIT);
	close(fd);
	return n == (ssize_t)sizeof(verdict) && verdict.accepted == 1 ? 0 :
		-EACCES;
}

/* Added to the timeout, so that the runner's own timeout expires first. */
#define VERDICT_SECONDS 5

static int
check_upload(void *context, int fd, const char *path, int64_t seconds)
{
	struct message m UNINITIALIZED;

	message_begin(&m, MESSAGE_check_upload);
	m.fds[0] = fd;
	if (text_copy(m.check_upload.path, sizeof(m.check_upload.path),
		path) < 0)
		return -ENAMETOOLONG;
	if (request(context, &m) < 0)
		return -ECANCELED;
	switch (m.type) {
	case MESSAGE_upload_checking:
		return read_verdict(context, m.fds[0],
			seconds + VERDICT_SECONDS);
	case MESSAGE_check_refused:
		return -EACCES;
	default:
		return -ECANCELED;
	}
}

static int
ask_who(void *context)
{
	struct message m UNINITIALIZED;

	message_begin(&m, MESSAGE_ask_who);
	if (request(context, &m) < 0)
		return -ECANCELED;
	switch (m.type) {
	case MESSAGE_who:
		return m.fds[0];
	case MESSAGE_who_refused:
		return m.who_refused.error > 0 ? -m.who_refused.error : -EIO;
	default:
		return -ECANCELED;
	}
}

void
authority_monitor_init(struct session *s)
{
	s->authority = (struct authority){
		.context = s,
		.name_client = name_client,
		.log_in = ask,
		.cleartext_login = cleartext_login,
		.active_socket = active_socket,
		.give_upload = give_upload,
		.change_owner = change_owner,
		.check_upload = check_upload,
		.ask_who = ask_who,
	};
}
