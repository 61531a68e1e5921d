/*
 * monitor.c - controls one session, from the fork by the master to the exit.
 *
 * Runs in: monitor. Never: reads a byte that the client sent, except the user
 * name, the password and the answers to PAM.
 */
#include "common/base.h"
#include "pam/monitor.h"

#include "common/clock.h"
#include "common/log/log.h"
#include "common/process/change_owner.h"
#include "common/process/child.h"
#include "common/process/connection_log.h"
#include "common/process/role.h"
#include "common/process/secret.h"
#include "pam/monitor_client.h"
#include "pam/monitor_wait.h"
#include "pam/requests.h"
#include "pam/who_request.h"

#include <poll.h>
#include <signal.h>
#include <sys/random.h>
#include <sys/signalfd.h>
#include <sys/stat.h>

void
monitor_end(struct monitor *m, enum outcome outcome)
{
	if (m->over)
		return;
	m->over = true;
	m->outcome = outcome;
	m->flow.timed_out = outcome == OUTCOME_LOGIN_TIMEOUT;
}

struct greeter_start
monitor_greeter_start(const struct monitor *m)
{
	return (struct greeter_start){
		.settings = m->start->settings,
		.tls = m->start->tls,
		.binding = &m->binding,
		.ports = m->start->ports,
	};
}

/* --- messages from the channels */

/* The result of handling a message: -errno ends the session. */
static void
check(struct monitor *m, int error)
{
	if (error < 0)
		monitor_end(m, error == -EPIPE ? OUTCOME_STOPPED :
			OUTCOME_ERROR);
}

static void
shut_down(struct monitor *m, bool now, int32_t reason)
{
	if (m->phase == PHASE_SPARE)
		monitor_end(m, OUTCOME_STOPPED);
	else
		children_end(&m->children, now, reason);
}

static void
handle_master(struct monitor *m)
{
	int r = channel_recv(&m->master, m->inbox);

	if (r != 1)
		monitor_end(m, r == -EPROTO ? OUTCOME_VIOLATION :
			OUTCOME_STOPPED);
	else if (m->inbox->type == MESSAGE_client)
		monitor_client_arrived(m);
	else if (m->inbox->type == MESSAGE_reattach)
		children_reattach(&m->children, m->inbox->reattach.service);
	else if (m->inbox->type == MESSAGE_shutdown)
		shut_down(m, m->inbox->shutdown.now, m->inbox->shutdown.reason);
	else if (m->inbox->type == MESSAGE_proxied_verdict)
		monitor_client_named(m);
	else if (m->inbox->type == MESSAGE_who ||
	    m->inbox->type == MESSAGE_who_refused)
		check(m, who_request_answer(m));
	else
		check(m, login_flow_verdict(&m->flow, m->inbox));
}

/* It exited while idle.  If it was killed it is replaced, because the master
 * may already have sent a client to this worker. */
static void
spare_greeter_exited(struct monitor *m, enum outcome outcome)
{
	struct greeter_start start = monitor_greeter_start(m);

	if (outcome != OUTCOME_STOPPED)
		monitor_end(m, outcome);
	else
		check(m, children_start_greeter(&m->children, &start,
			&m->phase));
}

/* Expected after the login: the greeter exits, or continues as the relay. */
static void
greeter_exited(struct monitor *m)
{
	struct child_process *greeter = &m->children.greeter;

	if (m->phase == PHASE_SESSION && m->flow.login.tls.on) {
		channel_close(&greeter->channel);
		return;
	}
	enum outcome outcome = children_reap(greeter);
	if (m->phase == PHASE_SPARE)
		spare_greeter_exited(m, outcome);
	else if (m->phase != PHASE_SESSION)
		monitor_end(m, login_flow_outcome(&m->flow, outcome));
}

static void
handle_greeter(struct monitor *m)
{
	int r = channel_recv(&m->children.greeter.channel, m->inbox);

	if (r == -EPROTO)
		monitor_end(m, OUTCOME_VIOLATION);
	else if (r != 1)
		greeter_exited(m);
	else if (m->inbox->type == MESSAGE_proxied)
		monitor_client_proxied(m);
	else if (m->inbox->type == MESSAGE_answer)
		m->phase = PHASE_CHECKING;	/* ends monitor_wait_answer() */
	else
		check(m, login_flow_request(&m->flow, m->inbox));
}

static int
handle_request(struct monitor *m)
{
	const struct identity *identity = &m->flow.login.identity;
	struct message reply UNINITIALIZED;

	if (!requests_in_order(&m->children.session.channel, m->inbox->type,
	    m->children.ending)) {
		monitor_end(m, OUTCOME_VIOLATION);
		return 0;
	}
	if (m->inbox->type == MESSAGE_ask_who)
		return who_request_ask(m);
	requests_answer(&(struct request_case){ m->start->settings,
		m->start->runner_service, &m->client, identity, &m->owner },
		m->inbox, &reply);
	int error = child_process_send(&m->children.session, &reply);
	if (reply.fds[0] >= 0)
		close(reply.fds[0]);
	return error;
}

/* What the account's settings need after login. */
static enum role
session_role(struct monitor *m)
{
	const struct login *l = &m->flow.login;
	bool owner = upload_owner_find(&m->owner, &l->user_settings);

	return owner || change_owner_allowed(&l->user_settings,
		&l->identity) ? ROLE_MONITOR_OWNER : ROLE_MONITOR_SESSION;
}

static void
handle_entered(struct monitor *m)
{
	const struct login *l = &m->flow.login;

	check(m, login_flow_entered(&m->flow));
	m->session_until = clock_after(l->user_settings.max_session_time);
	const struct radius_session_start start = {
		.service = m->start->radius_service,
		.settings = &m->start->settings->server,
		.account = l->choice.radius,
		.user = l->identity.user,
		.client = &m->client,
	};
	radius_session_begin(&m->accounting, &start);
	role_enter(session_role(m), NULL);
}

static void
handle_session(struct monitor *m)
{
	int r = channel_recv(&m->children.session.channel, m->inbox);

	if (r == -EPROTO) {
		monitor_end(m, OUTCOME_VIOLATION);
	} else if (r != 1 && m->phase == PHASE_SESSION) {
		monitor_end(m, children_reap(&m->children.session));
	} else if (r != 1) {
		check(m, login_flow_entry_failed(&m->flow, NULL));
	} else if (m->inbox->type == MESSAGE_entered) {
		handle_entered(m);
	} else if (m->inbox->type == MESSAGE_entry_failed) {
		check(m, login_flow_entry_failed(&m->flow,
			&m->inbox->entry_failed));
	} else {
		check(m, handle_request(m));
	}
}

static void
handle_signal(struct monitor *m)
{
	struct signalfd_siginfo info;

	if (read(m->signals, &info, sizeof(info)) == (ssize_t)sizeof(info))
		shut_down(m, false, END_SHUTDOWN);
}

/* Ends monitor_wait_radius(). */
static void
handle_awaited(struct monitor *m)
{
	m->awaited = -1;
}

static void
handle_clock(struct monitor *m)
{
	if (clock_passed(login_flow_due(&m->flow)))
		check(m, login_flow_answer(&m->flow));
	if (m->phase == PHASE_PROMPT && clock_passed(m->answer_until))
		monitor_end(m, OUTCOME_LOGIN_TIMEOUT);
	radius_session_step(&m->accounting);
	if (clock_passed(m->session_until)) {
		m->session_until = CLOCK_NEVER;
		m->expired = true;
		children_end(&m->children, false, END_TIME);
	}
	if (!clock_passed(m->children.kill_at))
		return;
	log_warning("the session did not end in time: killed");
	monitor_end(m, OUTCOME_STOPPED);
}

static int64_t
next_time(const struct monitor *m)
{
	int64_t at = clock_earlier(login_flow_due(&m->flow),
		m->children.kill_at);

	at = clock_earlier(at, m->session_until);
	at = clock_earlier(at, radius_session_due(&m->accounting));
	return m->phase == PHASE_PROMPT || m->awaited >= 0 ?
		clock_earlier(at, m->answer_until) : at;
}

void
monitor_serve_once(struct monitor *m)
{
	static void (*const handlers[])(struct monitor *m) = {
		handle_signal, handle_master, handle_greeter, handle_session,
		handle_awaited,
	};

	struct pollfd fds[ARRAY_SIZE(handlers)] = {
		{ .fd = m->signals, .events = POLLIN },
		{ .fd = m->master.fd, .events = POLLIN },
		{ .fd = m->children.greeter.channel.fd, .events = POLLIN },
		{ .fd = m->children.session.channel.fd, .events = POLLIN },
		{ .fd = m->awaited, .events = POLLIN },
	};
	int n = poll(fds, ARRAY_SIZE(fds), clock_poll(next_time(m)));

	if (n < 0 && errno != EINTR)
		fatal(OUTCOME_ERROR, "poll: %s", strerror(errno));
	/* One at a time: each handler may change other descriptors. */
	for (size_t i = 0; n > 0 && i < ARRAY_SIZE(fds); i++)
		if (fds[i].revents != 0) {
			handlers[i](m);
			break;
		}
	if (!m->over)
		handle_clock(m);
}

/* --- begin and end */

static const struct monitor *ended;	/* for give_up() */

NORETURN static void
leave(const struct monitor *m)
{
	if (m->client.session != 0 && m->outcome != OUTCOME_REFUSED &&
	    !m->unnamed)
		connection_log_end(m->outcome, m->started,
			m->phase == PHASE_SESSION);
	_exit((int)m->outcome);
}

/* A module of PAM hangs; what it has left half done no longer matters. */
static void
give_up(int number UNUSED)
{
	log_warning("PAM did not close the session within login_timeout");
	leave(ended);
}

NORETURN static void
finish(struct monitor *m)
{
	children_close(&m->children, m->outcome == OUTCOME_VIOLATION);
	radius_session_end(&m->accounting, m->outcome, m->expired);
	ended = m;
	signal(SIGALRM, give_up);
	alarm((unsigned)m->start->settings->server.login_timeout);
	login_end(&m->flow.login);
	alarm(0);
	leave(m);
}

static void
prepare(struct monitor *m, const struct monitor_start *start)
{
	m->start = start;
	m->phase = PHASE_SPARE;
	m->awaited = -1;
	m->session_until = CLOCK_NEVER;
	m->inbox = secret_new(sizeof(*m->inbox));
	m->flow.start = start;
	m->flow.master = &m->master;
	m->flow.children = &m->children;
	m->flow.phase = &m->phase;
	m->flow.client = &m->client;
	m->flow.binding = &m->binding;
	if (m->inbox == NULL)
		fatal(OUTCOME_ERROR, "out of memory");
	if (getrandom(m->binding.own, sizeof(m->binding.own), 0) !=
	    (ssize_t)sizeof(m->binding.own))
		fatal(OUTCOME_ERROR, "getrandom: %s", strerror(errno));
	int error = children_init(&m->children, start->keeper_service);
	if (error < 0)
		fatal(OUTCOME_ERROR, "cannot reach the keeper: %s",
			log_errno(error));
	channel_open(&m->master, start->master_fd, PARTY_MONITOR, PARTY_MASTER,
		&m->phase);
}

void
monitor_main(const struct monitor_start *start)
{
	/* In zeroed pages, which are not copied at the fork. */
	static struct monitor monitor;
	struct monitor *m = &monitor;

	prepare(m, start);
	/* Before PAM is started, so that the greeter inherits nothing of it. */
	struct greeter_start greeter = monitor_greeter_start(m);
	int error = children_start_greeter(&m->children, &greeter, &m->phase);
	if (error < 0)
		fatal(OUTCOME_ERROR, "cannot fork the greeter: %s",
			log_errno(error));
	m->signals = child_open_sigterm();
	role_enter(ROLE_MONITOR_LOGIN, NULL);
	/* The default for pam_umask, as in login programs. */
	umask(022);
	login_flow_init(&m->flow);
	m->flow.login.patience = (struct radius_patience){ monitor_wait_radius,
		m };
	pam_session_ask_by(&m->flow.login.pam,
		(struct conversation_client){ monitor_wait_answer, m });
	while (!m->over)
		monitor_serve_once(m);
	finish(m);
}
