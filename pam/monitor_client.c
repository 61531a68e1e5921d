/*
 * monitor_client.c - the client of a monitor: its arrival and its address.
 *
 * Runs in: monitor.
 */
#include "common/base.h"
#include "pam/monitor_client.h"

#include "common/clock.h"
#include "common/log/log.h"
#include "common/process/connection_log.h"

/* Seconds after login_timeout at which the monitor stops waiting for a greeter
 * that should have ended the login. */
#define ANSWER_EXTRA 5

/* The client's address is known: for the log, and for logins.  The master has
 * logged a client that it refused, and a proxy is not a client. */
static void
announce_client(struct monitor *m)
{
	log_set_session(m->client.session, &m->client.peer);
	login_set_client(&m->flow.login, &m->client.peer, &m->client.local);
	if (m->phase != PHASE_REFUSED && !m->unnamed)
		connection_log_connect(&m->client);
}

void
monitor_client_arrived(struct monitor *m)
{
	struct greeter_start start = monitor_greeter_start(m);
	struct message greet UNINITIALIZED;

	m->client = m->inbox->client;
	if (m->client.verdict < 0 || m->client.verdict >= VERDICTS ||
	    m->client.listener < 0 || (size_t)m->client.listener >=
	    m->start->settings->listener_count)
		bug("a client without verdict or listener");
	m->started = clock_ms();
	/* The greeter enforces login_timeout, and sends its reply. */
	m->answer_until = clock_after(
		m->start->settings->server.login_timeout + ANSWER_EXTRA);
	m->binding.session = m->client.session;
	m->phase = m->client.verdict == VERDICT_WELCOME ? PHASE_LOGIN :
		PHASE_REFUSED;

	message_begin(&greet, MESSAGE_greet);
	greet.greet.client = m->client;
	greet.fds[0] = m->inbox->fds[0];
	int error = children_greet(&m->children, &greet, &start, &m->phase);
	/* After the start of the greeter, for which the client waits. */
	m->unnamed = m->phase == PHASE_LOGIN && m->start->settings->
		listeners[m->client.listener].proxy_protocol ==
		PROXY_PROTOCOL_REQUIRE;
	announce_client(m);
	if (error < 0)
		monitor_end(m, m->phase == PHASE_REFUSED ? OUTCOME_REFUSED :
			OUTCOME_ERROR);
}

void
monitor_client_proxied(struct monitor *m)
{
	if (!m->unnamed || m->phase != PHASE_LOGIN)
		monitor_end(m, OUTCOME_VIOLATION);
	else if (channel_send(&m->master, m->inbox) < 0)
		monitor_end(m, OUTCOME_STOPPED);
}

void
monitor_client_named(struct monitor *m)
{
	const struct message_proxied_verdict *v = &m->inbox->proxied_verdict;

	m->unnamed = false;
	m->client.proxy = m->client.peer;
	m->client.peer = v->peer;
	m->client.verdict = v->verdict;
	if (v->verdict != VERDICT_WELCOME)
		m->phase = PHASE_REFUSED;
	announce_client(m);
	if (children_send_proxied(&m->children, &m->client, m->inbox) < 0)
		monitor_end(m, OUTCOME_ERROR);
}
