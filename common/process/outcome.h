/*
 * outcome.h - the master's decision about a connection, and how a session
 * ended.
 */
#ifndef COMMON_PROCESS_OUTCOME_H
#define COMMON_PROCESS_OUTCOME_H

#include "common/base.h"

/* The master's decision about a connection. */
enum verdict {
	VERDICT_WELCOME,
	VERDICT_FULL,		/* max_clients */
	VERDICT_ADDRESS_FULL,	/* max_per_ip */
	VERDICT_LOGINS_FULL,	/* max_unauthenticated */
	VERDICT_BANNED,		/* the address or its network */
	VERDICT_NETWORK,	/* allow_from, deny_from of the listener */
	VERDICT_PROXY,		/* no proxy of proxy_from */
	VERDICT_NETWORK_FULL,	/* max_per_network */
	VERDICT_TOO_FAST,	/* max_connection_rate, or per second */
	VERDICT_DRAINING,	/* sureftpctl drain */
	VERDICTS
};

/*
 * How a session ended: the monitor's exit status, read by the master
 * (daemon/bans/scores.c) and the "disconnect" event.  child_outcome() gives
 * that of a process that was killed by a signal.
 */
enum outcome {
	OUTCOME_QUIT,		/* the client sent QUIT */
	OUTCOME_LOST,		/* the client disconnected after login */
	OUTCOME_NO_LOGIN,	/* the client left without a failed login */
	OUTCOME_LOGIN_FAILED,	/* left after at least one failed login */
	OUTCOME_REFUSED,	/* any verdict except welcome */
	OUTCOME_LOGIN_TIMEOUT,
	OUTCOME_TLS_FAILED,	/* the handshake, before login */
	OUTCOME_IDLE,
	OUTCOME_STOPPED,	/* by the server: shutdown, an
				 * administrator, max_session_time */
	OUTCOME_VIOLATION,	/* a process broke the rules of its channel */
	OUTCOME_SANDBOX,	/* a system call outside the filter */
	OUTCOME_ERROR,		/* out of memory and the like */
	OUTCOME_CRASH,
	OUTCOMES
};

/* The outcome's name for logs ("login timeout"). */
const char *outcome_name(enum outcome outcome);

#endif
