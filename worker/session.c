/*
 * session.c - the conversation: reads lines, carries them out, watches the
 * clock and the monitor; and the session process's entry.
 *
 * Runs in: session; the loop also in the greeter.
 * Never: decides what the user may do to files - the kernel does.
 */
#include "common/base.h"

#include "worker/session.h"

#include "common/clock.h"
#include "common/io.h"
#include "common/log/log.h"
#include "common/process/child.h"
#include "worker/command.h"
#include "worker/enter.h"
#include "worker/protect.h"
#include "worker/reply.h"
#include "worker/start.h"
#include "common/tls/tls_server.h"

#include <poll.h>
#include <sys/stat.h>

#define HANDOVER_MS 10000	/* for the greeter, after a granted login */

void
session_init(struct session *s, const struct settings *settings,
	const struct message_client *client, int control_fd, int monitor_fd,
	enum party self)
{
	static const enum phase login = PHASE_LOGIN, session = PHASE_SESSION;

	memset(s, 0, sizeof(*s));
	control_init(&s->control, control_fd);
	channel_open(&s->monitor, monitor_fd, self, PARTY_MONITOR,
		self == PARTY_SESSION ? &session : &login);
	s->client = *client;
	s->settings = settings;
	s->listener = &settings->listeners[client->listener];
	s->limits = &settings->user;
	s->relay.fd = -1;
	session_forget(s);
	s->login_deadline = CLOCK_NEVER;
	s->ticket_old = clock_after(PROTECT_TICKET_SECONDS);
	s->started = clock_ms();
	s->log_protocol = settings->server.protocol[0] != '\0' ||
		log_wants(LOG_LEVEL_DEBUG);
	data_init(&s->data, &client->peer, &client->local, s->listener,
		&s->monitor);
}

void
session_forget(struct session *s)
{
	s->user[0] = '\0';
	s->choices = (struct session_choices){
		.type = 'A',
		.prot = 'C',
		.facts = FACTS_DEFAULT,
	};
}

void
session_end(struct session *s, enum outcome outcome)
{
	if (s->over)
		return;
	s->over = true;
	s->outcome = outcome;
}

bool
session_may(const struct session *s, char letter)
{
	return (s->limits->permissions & settings_letter(letter)) != 0;
}

void
session_reset_transfer(struct session *s)
{
	data_reset(&s->data);
	s->restart = 0;
}

bool
session_hear_monitor(struct session *s)
{
	struct message m;
	int r = channel_recv(&s->monitor, &m);

	if (r == 1 && m.type == MESSAGE_end_session) {
		s->stopping = true;
		return !m.end_session.now;
	}
	session_end(s, r == -EPROTO ? OUTCOME_VIOLATION : OUTCOME_STOPPED);
	return false;
}

static void
stop(struct session *s)
{
	reply(s, 421, "Server is shutting down. Closing.");
	session_end(s, OUTCOME_STOPPED);
}

void
session_time_out(struct session *s)
{
	if (clock_passed(s->login_deadline)) {
		reply(s, 421, "Login timeout (%" PRId64 " seconds). Closing.",
			s->settings->server.login_timeout);
		session_end(s, OUTCOME_LOGIN_TIMEOUT);
		return;
	}
	reply(s, 421, "Idle timeout (%" PRId64 " seconds). Closing.",
		s->limits->idle_timeout);
	session_end(s, OUTCOME_IDLE);
}

void
session_client_gone(struct session *s)
{
	if (s->identity != NULL)
		session_end(s, OUTCOME_LOST);
	else
		session_end(s, s->failed_logins > 0 ? OUTCOME_LOGIN_FAILED
						    : OUTCOME_NO_LOGIN);
}

static void
read_input(struct session *s)
{
	int r = control_read(&s->control);

	if (r <= 0 && r != -EAGAIN)
		session_client_gone(s);
}

/* Wait until the client or the monitor has something to say, or it is time to
 * say good-bye. */
static void
wait_for_input(struct session *s, int64_t deadline)
{
	struct pollfd fds[] = {
		{ .fd = s->control.stream.fd, .events = POLLIN },
		{ .fd = s->monitor.fd, .events = POLLIN },
	};
	int n = poll(fds, ARRAY_SIZE(fds), clock_poll(deadline));

	if (n < 0 && errno != EINTR) {
		session_end(s, OUTCOME_ERROR);
		return;
	}
	if (n <= 0) {
		if (clock_passed(deadline))
			session_time_out(s);
		return;
	}
	if (fds[1].revents != 0)
		(void)session_hear_monitor(s);
	if (fds[0].revents != 0 && !s->over)
		read_input(s);
}

/* No command, but it stands between two that belong together, as one would:
 * RNTO and a transfer come right behind RNFR and REST. */
static void
bad_line(struct session *s, enum control_line kind)
{
	s->restart = 0;
	s->rename_from[0] = '\0';
	if (kind == CONTROL_TOO_LONG)
		reply(s, 500, "Line too long: at most %d bytes.",
			CONTROL_LINE_MAX);
	else
		reply(s, 501, "A NUL or a bare CR cannot stand in a line.");
}

void
session_loop(struct session *s)
{
	int64_t deadline = clock_after(s->limits->idle_timeout);
	char *line;
	size_t len;

	while (!s->over) {
		enum control_line kind = control_next(&s->control, &line, &len);

		if (kind != CONTROL_NONE && clock_passed(s->login_deadline)) {
			session_time_out(s);
			return;
		}
		switch (kind) {
		case CONTROL_LINE:
			command_run(s, line, len);
			break;
		case CONTROL_TOO_LONG:
		case CONTROL_BAD_BYTE:
			bad_line(s, kind);
			break;
		case CONTROL_NONE:
			if (s->stopping)
				stop(s);
			else if (stream_pending(&s->control.stream))
				read_input(s);
			else
				wait_for_input(s,
					clock_earlier(deadline,
						s->login_deadline));
			continue;
		}
		deadline = clock_after(s->limits->idle_timeout);
	}
}

/* Something came on the control connection while a transfer runs. */
static enum transfer_end
control_in_transfer(void *context)
{
	struct session *s = context;
	int r = control_read(&s->control);

	if (r <= 0 && r != -EAGAIN)
		return TRANSFER_CONTROL_LOST;
	s->watch.control_paused = command_run_waiting(s);
	if (s->over)
		return TRANSFER_CONTROL_LOST;
	return s->aborting ? TRANSFER_ABORTED : TRANSFER_RUNNING;
}

static enum transfer_end
monitor_in_transfer(void *context)
{
	return session_hear_monitor(context) ? TRANSFER_RUNNING
					     : TRANSFER_STOPPED;
}

struct watch *
session_watch(struct session *s)
{
	s->aborting = false;
	s->watch = (struct watch){
		.control_fd = s->control.stream.fd,
		.monitor_fd = s->monitor.fd,
		.control_paused = command_run_waiting(s),
		.control = control_in_transfer,
		.monitor = monitor_in_transfer,
		.context = s,
	};
	return &s->watch;
}

/* Report to the monitor how the entry went. */
static void
report_entry(struct channel *monitor, int error)
{
	struct message m;

	message_zero(&m);
	m.type = error == 0 ? MESSAGE_entered : MESSAGE_entry_failed;
	if (error != 0)
		m.entry_failed.error = error;
	if (channel_send(monitor, &m) < 0 || error != 0)
		_exit(OUTCOME_STOPPED);
}

/* Wait for the greeter, which has nothing else left to do. */
static void
receive_handover(struct channel *greeter, struct message *m)
{
	struct pollfd fd = { .fd = greeter->fd, .events = POLLIN };

	if (poll(&fd, 1, HANDOVER_MS) != 1 || channel_recv(greeter, m) != 1)
		_exit(OUTCOME_LOST);
}

/* What the greeter and the client had agreed on, and what the client sent
 * after its PASS. */
static int
take_over(struct session *s, const struct message_handover *h)
{
	s->choices.type = h->type == 'I' ? 'I' : 'A';
	s->choices.epsv_all = h->epsv_all != 0;
	s->choices.prot = h->prot == 'P' ? 'P' : 'C';
	s->choices.pbsz = h->pbsz != 0;
	s->choices.facts = h->facts & FACTS_ALL;
	s->tls = h->tls;
	if (h->leftover_len > sizeof(h->leftover))
		return -EMSGSIZE;
	return control_preload(&s->control, h->leftover, h->leftover_len,
		h->telnet);
}

static void
use_identity(struct session *s, const struct identity *identity)
{
	s->identity = identity;
	s->limits = identity->settings;
	s->fact_user = (struct fact_user){
		.uid = identity->uid,
		.gid = identity->gid,
		.groups = identity->groups,
		.ngroups = identity->ngroups,
		.letters = identity->permissions,
	};
}

static void
use_tls(struct session *s, const struct session_start *start,
	const struct message_handover *h)
{
	s->tls_server = start->tls;
	s->binding = *start->binding;
	s->reuse = settings_reuse_for(start->settings, s->limits,
		&start->client->peer);
	if (h->tls.on)
		tls_server_resume_saved(start->tls, &h->saved);
}

/* While still root: what is left of TLS in a process that runs as a user; with
 * session_reuse = require no private key (rule R32). */
static void
forget_keys(const struct session_start *start)
{
	int reuse = settings_reuse_for(start->settings,
		start->identity->settings, &start->client->peer);

	tls_server_become_user(start->tls, reuse != REUSE_REQUIRE);
}

static void
begin(struct session *s, const struct session_start *start)
{
	static enum phase phase = PHASE_CHECKING;
	struct message m;

	channel_open(&s->monitor, start->monitor_fd, PARTY_SESSION,
		PARTY_MONITOR, &phase);
	channel_open(&s->relay, start->handover_fd, PARTY_SESSION,
		PARTY_GREETER, &phase);
	report_entry(&s->monitor, enter_place(start->identity));
	receive_handover(&s->relay, &m);
	phase = PHASE_SESSION;
	struct channel relay = s->relay;
	session_init(s, start->settings, start->client, m.fds[0],
		start->monitor_fd, PARTY_SESSION);
	s->relay = relay;
	s->names = start->names;
	use_identity(s, start->identity);
	use_tls(s, start, &m.handover);
	if (take_over(s, &m.handover) < 0)
		fatal(OUTCOME_VIOLATION, "the hand-over does not fit");
}

void
session_main(const struct session_start *start)
{
	struct session *s = calloc(1, sizeof(*s));
	const int keep[] = { start->monitor_fd, start->handover_fd,
		log_descriptor(), start->identity->root };

	log_set_role("session");
	child_begin(keep, ARRAY_SIZE(keep));
	if (s == NULL)
		fatal(OUTCOME_ERROR, "out of memory");
	/* -1: as PAM has left it. */
	if (start->identity->settings->umask >= 0)
		umask((mode_t)start->identity->settings->umask);
	forget_keys(start);
	begin(s, start);
	reply_text(s, 230, s->limits->msg_login);
	session_loop(s);
	_exit((int)s->outcome);
}
