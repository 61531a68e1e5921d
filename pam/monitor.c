/*
 * monitor.c - a session's authority, from its fork by the master to its exit.
 *
 * Runs in: monitor.
 * Never: reads a byte that the client sent, but the user name and password
 * that it gives to PAM.
 */
#include "common/base.h"
#include "pam/monitor.h"

#include "common/clock.h"
#include "common/io.h"
#include "common/log/log.h"
#include "common/process/role.h"
#include "common/process/secret.h"
#include "pam/handover.h"
#include "pam/login.h"
#include "pam/monitor_requests.h"
#include "pam/monitor_state.h"
#include "pam/partner.h"

#include <poll.h>
#include <signal.h>
#include <sys/random.h>
#include <sys/signalfd.h>
#include <sys/stat.h>

#define ORDERLY_MS 500	/* for a partner to log what it was doing */
#define GIVEN_BACK_MS 20	/* for one that gave its client back */
#define RELAY_MS   5000	/* for a relay to bring the last bytes home */

void
monitor_end(struct monitor *m, enum outcome outcome)
{
	if (m->over)
		return;
	m->over = true;
	m->outcome = outcome;
}

void
monitor_give_back(struct monitor *m, int fd, bool greeted,
	enum outcome outcome)
{
	m->given_back = fd;
	m->greeted = greeted;
	monitor_end(m, outcome);
}

void
monitor_breach(struct monitor *m, const char *what)
{
	struct event e = event_new(EVENT_breach);

	e.ok = false;
	e.text = what;
	event_send(&e);
	monitor_end(m, OUTCOME_BREACH);
}

/* A refused client was announced by the master, who refused it. */
static void
announce(const struct monitor *m)
{
	struct event e = event_new(EVENT_connect);

	if (m->client.verdict != VERDICT_WELCOME)
		return;
	e.local = m->client.local;
	event_send(&e);
}

static void
take_client(struct monitor *m)
{
	struct message greet;
	int fd = m->inbox->fds[0];

	m->client = m->inbox->client;
	if (m->client.verdict < 0 || m->client.verdict >= VERDICTS ||
	    m->client.listener < 0 ||
	    (size_t)m->client.listener >= m->settings->listener_count)
		bug("a client without a place");
	m->started = clock_ms();
	m->binding.session = m->client.session;
	m->master.phase = PHASE_LOGIN;
	m->partner.phase = PHASE_LOGIN;
	m->stage = m->client.verdict == VERDICT_WELCOME ? STAGE_LOGIN :
		STAGE_REFUSED;

	message_clear(&greet);
	greet.type = MESSAGE_greet;
	greet.greet.client = m->client;
	greet.fds[0] = fd;
	int error = channel_send(&m->partner, &greet);
	if (error == -EPIPE && m->client.verdict == VERDICT_WELCOME) {
		/* A greeter that was killed as a spare costs no client. */
		m->client.session = 0;
		monitor_give_back(m, fd, m->client.greeted != 0,
			OUTCOME_STOPPED);
		return;
	}
	close(fd);
	/* After the greeter was set to work: the client waits for it. */
	log_set_session(m->client.session, &m->client.peer);
	pam_session_set_client(&m->pam, &m->client.peer);
	announce(m);
	if (error < 0)
		monitor_end(m, m->stage == STAGE_REFUSED ? OUTCOME_REFUSED :
			OUTCOME_ERROR);
}

static void
stop(struct monitor *m, bool now)
{
	if (m->stage == STAGE_SPARE)
		monitor_end(m, OUTCOME_STOPPED);
	else
		partner_leave(m, now);
}

static void
hear_master(struct monitor *m)
{
	int r = channel_recv(&m->master, m->inbox);

	if (r != 1) {
		monitor_end(m, r == -EPROTO ? OUTCOME_BREACH :
			OUTCOME_STOPPED);
		return;
	}
	switch (m->inbox->type) {
	case MESSAGE_client:
		take_client(m);
		return;
	case MESSAGE_stop:
		stop(m, m->inbox->stop.now != 0);
		return;
	case MESSAGE_login_verdict:
		if (m->stage == STAGE_LIMITS)
			login_verdict(m, m->inbox->login_verdict.granted == 1);
		else
			monitor_breach(m, "a verdict nobody asked for");
		return;
	case MESSAGE_login_enough:
		login_enough(m);
		return;
	default:
		bug("a message from the master without a reader");
	}
}

/* How a session ended that has not begun. */
static enum outcome
outcome_before_login(const struct monitor *m, enum outcome outcome)
{
	if (outcome != OUTCOME_QUIT && outcome != OUTCOME_LOST &&
	    outcome != OUTCOME_NO_LOGIN)
		return outcome;
	if (m->stage == STAGE_GRANTED)
		return OUTCOME_LOST;
	if (m->client.verdict != VERDICT_WELCOME)
		return OUTCOME_REFUSED;
	if (m->failures > 0)
		return OUTCOME_LOGIN_FAILED;
	return outcome == OUTCOME_LOST ? OUTCOME_NO_LOGIN : outcome;
}

static void
partner_gone(struct monitor *m)
{
	enum outcome outcome = partner_bury(m, ORDERLY_MS);

	if (m->stage != STAGE_SESSION)
		outcome = outcome_before_login(m, outcome);
	monitor_end(m, outcome);
}

static void
answer_bind(struct monitor *m)
{
	struct message reply;
	const struct address to = m->inbox->active_bind.to;

	message_clear(&reply);
	int fd = monitor_requests_bind(&m->client,
		&m->settings->listeners[m->client.listener], &to);
	if (fd >= 0) {
		reply.type = MESSAGE_active_socket;
		reply.fds[0] = fd;
	} else {
		log_warning("active mode: no socket on active_source_port: %s",
			log_errno(fd));
		reply.type = MESSAGE_active_refused;
		reply.active_refused.error = -fd;
	}
	/* A session that has gone shows at the next poll. */
	(void)!channel_send(&m->partner, &reply);
	if (fd >= 0)
		close(fd);
}

/* REIN.  Only the client's own socket goes to the master. */
static void
take_back(struct monitor *m)
{
	int fd = m->inbox->fds[0];
	int error = monitor_requests_check_client(&m->client, fd);

	if (error == 0) {
		monitor_give_back(m, fd, m->inbox->give_back.greeted == 1,
			OUTCOME_QUIT);
		return;
	}
	io_close(&fd);
	if (error == -ENOTCONN)
		monitor_end(m, OUTCOME_LOST);
	else
		monitor_breach(m, "a connection that is not the client's");
}

static void
hear_partner(struct monitor *m)
{
	int r = channel_recv(&m->partner, m->inbox);

	if (r != 1) {
		if (r == -EPROTO)
			monitor_end(m, OUTCOME_BREACH);
		else
			partner_gone(m);
		return;
	}
	switch (m->inbox->type) {
	case MESSAGE_auth:
		if (m->stage == STAGE_LOGIN) {
			login_try(m);
			return;
		}
		message_clear(m->inbox);
		monitor_breach(m, "a login attempt out of turn");
		return;
	case MESSAGE_clear_login:
		if (m->stage == STAGE_LOGIN)
			login_in_clear(m);
		else
			monitor_breach(m, "a question out of turn");
		return;
	case MESSAGE_handover:
	case MESSAGE_handover_tls:
	case MESSAGE_handover_kernel:
		handover_take(m);
		return;
	case MESSAGE_active_bind:
		answer_bind(m);
		return;
	case MESSAGE_give_back:
		take_back(m);
		return;
	default:
		bug("a message from the partner without a reader");
	}
}

static void
hear_signal(struct monitor *m, int signals)
{
	struct signalfd_siginfo info;

	if (read(signals, &info, sizeof(info)) == (ssize_t)sizeof(info))
		stop(m, false);
}

static void
serve(struct monitor *m, int signals)
{
	while (!m->over) {
		struct pollfd fds[] = {
			{ .fd = signals, .events = POLLIN },
			{ .fd = m->master.fd, .events = POLLIN },
			{ .fd = m->partner.fd, .events = POLLIN },
		};
		int n = poll(fds, ARRAY_SIZE(fds),
			clock_poll(clock_earlier(m->answer_at, m->kill_at)));

		if (n < 0 && errno != EINTR)
			fatal(OUTCOME_ERROR, "poll: %s", strerror(errno));
		if (n > 0 && fds[0].revents != 0)
			hear_signal(m, signals);
		if (n > 0 && fds[1].revents != 0 && !m->over)
			hear_master(m);
		if (n > 0 && fds[2].revents != 0 && !m->over)
			hear_partner(m);
		if (!m->over)
			login_answer_due(m);
		if (!m->over)
			partner_kill_due(m);
	}
}

static void
report(const struct monitor *m)
{
	struct event e = event_new(EVENT_disconnect);

	if (m->client.session == 0 || m->outcome == OUTCOME_REFUSED)
		return;
	e.ok = m->outcome < OUTCOME_BREACH;
	e.code = (int32_t)m->outcome;
	e.duration_ms = clock_ms() - m->started;
	e.text = outcome_name(m->outcome);
	event_send(&e);
}

/* A process that gave its client back has nothing left to do. */
static int64_t
patience(const struct monitor *m)
{
	if (m->outcome == OUTCOME_BREACH)
		return 0;
	return m->given_back >= 0 ? GIVEN_BACK_MS : ORDERLY_MS;
}

static int64_t
relay_patience(const struct monitor *m)
{
	return m->outcome == OUTCOME_BREACH || m->given_back >= 0 ? 0 :
		RELAY_MS;
}

NORETURN static void
finish(struct monitor *m)
{
	if (m->partner_pid > 0)
		(void)partner_bury(m, patience(m));
	/* It may still be sending the last reply. */
	if (m->relay_pid > 0)
		(void)partner_bury_pid(m->relay_pid, relay_patience(m));
	pam_session_end(&m->pam);
	report(m);
	/* Nobody is left who could hear what the client says from now on. */
	if (m->given_back >= 0)
		(void)!monitor_requests_return(&m->master, m->given_back,
			m->greeted);
	_exit((int)m->outcome);
}

/* SIGTERM is read like a message; SIGCHLD stays as it is for PAM's modules,
 * which wait for their helpers (rule R23). */
static int
take_signals(void)
{
	sigset_t term;

	signal(SIGPIPE, SIG_IGN);
	signal(SIGHUP, SIG_IGN);
	signal(SIGINT, SIG_IGN);
	signal(SIGCHLD, SIG_DFL);
	sigemptyset(&term);
	sigaddset(&term, SIGTERM);
	sigprocmask(SIG_BLOCK, &term, NULL);
	int fd = signalfd(-1, &term, SFD_CLOEXEC);
	if (fd < 0)
		fatal(OUTCOME_ERROR, "signalfd: %s", strerror(errno));
	return fd;
}

void
monitor_main(const struct monitor_start *start)
{
	struct monitor m = {
		.settings = start->settings,
		.tls = start->tls,
		.names = start->names,
		.stage = STAGE_SPARE,
		.inbox = secret_new(sizeof(*m.inbox)),
		.kill_at = CLOCK_NEVER,
		.answer_at = CLOCK_NEVER,
		.given_back = -1,
	};

	if (m.inbox == NULL)
		fatal(OUTCOME_ERROR, "out of memory");
	channel_open(&m.master, start->master_fd, PARTY_MONITOR, PARTY_MASTER,
		PHASE_SPARE);
	int signals = take_signals();
	if (getrandom(m.binding.keys, sizeof(m.binding.keys), 0) !=
	    (ssize_t)sizeof(m.binding.keys))
		fatal(OUTCOME_ERROR, "no random bytes: %s", strerror(errno));
	/* Before PAM, so that it inherits nothing of it. */
	int error = partner_fork_greeter(&m);
	if (error < 0)
		fatal(OUTCOME_ERROR, "greeter: %s", log_errno(error));
	role_enter(ROLE_MONITOR_LOGIN, NULL);
	/* Unless PAM says otherwise (pam_umask), as login programs do. */
	umask(022);
	pam_session_start(&m.pam, start->settings->server.pam_service);
	serve(&m, signals);
	finish(&m);
}
