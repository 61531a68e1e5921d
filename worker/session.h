/*
 * session.h - one client's conversation, as the commands see it.
 *
 * The greeter has one until login, the session process one afterwards; the
 * commands of both phases work on the same struct.  Only worker/session.c,
 * worker/greeter.c and the cmd_*.c files know it; services take what they
 * need.
 */
#ifndef WORKER_SESSION_H
#define WORKER_SESSION_H

#include "common/base.h"
#include "common/process/channel.h"
#include "common/log/event.h"
#include "common/identity.h"
#include "common/names.h"
#include "common/settings/settings.h"
#include "common/tls/tls_binding.h"
#include "worker/control.h"
#include "worker/data/data.h"
#include "worker/tree/facts.h"
#include "worker/data/transfer.h"

/* What the client chose and keeps until it leaves: crosses the hand-over. */
struct session_choices {
	char type;		/* 'A' or 'I' */
	bool epsv_all;
	char prot;		/* 'C' or 'P' */
	bool pbsz;
	uint32_t facts;
};

#define SESSION_TLS_WORDS 160	/* protect_describe() */

struct session {
	struct control control;
	struct channel monitor;
	struct message_client client;
	const struct settings *settings;
	const struct listener_settings *listener;
	const struct user_settings *limits;	/* the account's, after login */
	const struct identity *identity;	/* NULL before login */
	const struct names *names;

	struct tls_server *tls_server;
	struct tls_binding binding;
	struct tls_facts tls;		/* of the control connection */
	struct channel relay;		/* to the greeter; under TLS it stays,
					 * as the relay */
	int reuse;			/* session_reuse for this client */
	int data_attempts;		/* connections since the last ticket */
	int64_t ticket_old;		/* when that one is to be renewed */

	struct session_choices choices;
	struct data data;
	struct fact_user fact_user;

	/* Set by one command for a later one. */
	char user[MESSAGE_USER_SIZE];	/* USER, for PASS; "" without */
	int64_t restart;		/* REST, for a transfer */
	char rename_from[CONTROL_LINE_MAX + 1];	/* RNFR, for RNTO; or "" */

	char line[CONTROL_LINE_MAX + 1];	/* the command that runs */
	const struct command *command;
	struct stream stream;		/* the open data connection */
	char data_tls[SESSION_TLS_WORDS];	/* its TLS, or the last one's;
						 * "" in the clear */
	struct transfer_result result;	/* of the last or running transfer */
	bool transferring;
	bool aborting;			/* ABOR came during it */
	struct watch watch;		/* see session_watch() */
	bool stopping;			/* leave after the running transfer */
	bool log_protocol;

	int64_t login_deadline;		/* CLOCK_NEVER after login */
	int failed_logins;
	int unknown_commands;		/* before login */
	int cleartext_questions;	/* to the monitor, about USER */
	int64_t started;		/* clock_ms() of the session's begin */

	bool over;			/* end the loop with this outcome */
	enum outcome outcome;
};

/* Prepare the parts that both phases share. */
void session_init(struct session *s, const struct settings *settings,
	const struct message_client *client, int control_fd, int monitor_fd,
	enum party self);

/* Read and carry out commands until s->over. */
void session_loop(struct session *s);

/* End the conversation after the running command. */
void session_end(struct session *s, enum outcome outcome);

/* 421 for the timer that has fired, login or idle, and the end. */
void session_time_out(struct session *s);

/* What to watch during a data connection and its transfer: answers what may be
 * answered meanwhile.  Fresh for every transfer; lives in the session. */
struct watch *session_watch(struct session *s);

/* A message or a hang-up on the monitor's channel; true when the session
 * should go on. */
bool session_hear_monitor(struct session *s);

/* Forget what one transfer may leave behind: REST, PASV/PORT (rule R4). */
void session_reset_transfer(struct session *s);

/* What the client has agreed on is as after the greeting (RFC 959 5.1, RFC 4217
 * 9), and USER was not said. */
void session_forget(struct session *s);

/* The client has gone: the end. */
void session_client_gone(struct session *s);

/* May this account do what the letter stands for? */
bool session_may(const struct session *s, char letter);

#endif
