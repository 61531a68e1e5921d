/*
 * session.h - one client's session, as the commands see it.
 *
 * The greeter has one until login, the session process one afterwards; the
 * commands of both work on the same struct.  It is made of parts, each known
 * to the room that changes it: services (worker/data, worker/tree, reply,
 * control) get their part, only commands and the rooms above see the whole.
 * A data transfer is no part of it; it lives on the stack of its command
 * (data_transfer.h).
 */
#ifndef WORKER_SESSION_H
#define WORKER_SESSION_H

#include "common/base.h"
#include "common/identity.h"
#include "common/log/flood.h"
#include "common/names.h"
#include "common/process/channel.h"
#include "common/settings/settings.h"
#include "common/tls/tls_binding.h"
#include "worker/authority.h"
#include "worker/choices.h"
#include "worker/control.h"
#include "worker/data/data.h"
#include "worker/reply.h"
#include "worker/tree/notice.h"
#include "worker/tree/tree.h"

/* Until login. */
struct login {
	char user[MESSAGE_USER_SIZE];	/* USER, for PASS; "" without */
	char password[MESSAGE_PASSWORD_SIZE];	/* PASS, or ACCT's answer */
	bool requested;			/* received: the greeter must ask */
	bool prompted;			/* the client was sent a 332 */
	int64_t deadline;		/* CLOCK_NEVER after login */
	int failed;			/* logins */
	int unknown_commands;
	int cleartext_questions;	/* to the monitor, about USER */
};

/* What one command leaves for the next. */
struct pending {
	int64_t restart;		/* REST, for a transfer */
	char rename_from[CONTROL_LINE_MAX + 1];	/* RNFR, for RNTO; or "" */
};

#define SESSION_TLS_WORDS 160	/* tls_control_describe() */

struct data_transfer;	/* data_transfer.h */

struct session {
	/* Set once by the process's main. */
	struct message_client client;
	const struct settings *settings;
	const struct listener_settings *listener;
	const struct user_settings *limits;	/* the account's, after login */
	const struct identity *identity;	/* NULL before login */
	const struct names *names;
	int64_t started;		/* clock_ms() */

	struct channel monitor;
	struct authority authority;

	/* TLS: tls_control.c's. */
	struct tls_server *tls_server;
	struct tls_binding binding;
	struct tls_facts tls;		/* of the control connection */
	struct channel relay;		/* to the greeter; under TLS it stays,
					 * as the relay */
	int reuse;			/* session_reuse for this client */
	int data_attempts;		/* connections since the last ticket */
	int64_t ticket_old;		/* when that one is to be renewed */

	struct login login;
	struct choices choices;
	struct tree tree;		/* after login */
	struct notices notices;

	struct data data;		/* the next data connection */
	struct watch watch;		/* what to watch during a transfer */
	struct data_transfer *transfer;	/* the running one, or NULL */
	char data_tls[SESSION_TLS_WORDS]; /* TLS of the data connection, or of
					 * the last one; "" without */

	const struct command *command;	/* which runs */
	struct flood log_budget;	/* see session_pace() */
	uint32_t logged;		/* events, of event_count() */
	bool stopping;			/* end after the running transfer */
	bool idle;			/* the client is silent, and memory was
					 * given back */
	bool over;			/* end now, with this outcome */
	enum outcome outcome;

	/* The client's connection.  This and what follows is large and little
	 * used: apart from the rest it takes no more pages than it must. */
	struct control control;
	char line[CONTROL_LINE_MAX + 1];	/* the command that runs */
	struct pending pending;
	struct reply reply;
};

/* Prepare the parts that both processes share.  *s is zero, as fresh memory is:
 * buffers that a session never uses cost it no page. */
void session_init(struct session *s, const struct settings *settings,
	const struct message_client *client, int control_fd, int monitor_fd,
	enum party self);

/* The client has logged in: from now on the session is this account's. */
void session_log_in(struct session *s, const struct identity *identity);

/* End the session after the running command. */
void session_end(struct session *s, enum outcome outcome);

/* 421 for the timer that has fired, login or idle, and the end. */
void session_time_out(struct session *s);

/* The client has disconnected. */
void session_client_gone(struct session *s);

/* After each command: if it has caused too many events (max_rate), wait until
 * the recorder accepts more.  Otherwise it would drop some, and a client could
 * hide its actions. */
void session_pace(struct session *s);

/* A message or a hang-up on the monitor's channel; true when the session is to
 * go on. */
bool session_receive_monitor(struct session *s);

/* A login failed; after the last that is allowed, 421 and the end. */
void session_login_failed(struct session *s, enum denial denial);

/* A login that waits for ACCT is cancelled, which is a failed login; the client
 * gets a reply only if it was the last.  False when the session is over. */
bool session_cancel_login(struct session *s) MUST_CHECK;

/* What the client has agreed on is as after the greeting (RFC 959 5.1, RFC 4217
 * 9), and USER was not sent. */
void session_forget(struct session *s);

#endif
