/*
 * session.h - the state of a client's session, for the commands.
 *
 * The greeter has one until login, the session process has one afterwards; the
 * commands of both use the same struct.  It consists of parts: services
 * (worker/data, worker/tree, reply, control) get only their part; only the
 * commands and the modules that call them get the whole struct. The state of a
 * data transfer is on the stack of its command (data_transfer.h).
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
#include "worker/data/hash_cache.h"
#include "worker/rate.h"
#include "worker/reply.h"
#include "worker/tree/directory_message.h"
#include "worker/tree/tree.h"

/* State until login. */
struct login_state {
	char user[MESSAGE_USER_SIZE];	/* from USER; "" without one */
	char password[MESSAGE_PASSWORD_SIZE];	/* from PASS, or the answer from
						 * ACCT */
	bool requested;			/* received: the greeter must request
					 * the login */
	bool prompted;			/* a 332 was sent */
	int64_t deadline;		/* CLOCK_NEVER after login */
	int failed;			/* failed logins */
	int unknown_commands;
	int cleartext_questions;	/* questions to the monitor about
					 * USER */
};

/* State from one command for the next. */
struct pending {
	int64_t restart;		/* REST or RANG, for a transfer */
	int64_t range_end;		/* RANG: the end of the download; 0:
					 * none */
	int64_t announced;		/* ALLO, for an upload */
	bool to_copy;			/* `from` is of SITE CPFR */
	char from[CONTROL_LINE_MAX + 1];	/* RNFR or SITE CPFR, for RNTO
						 * or SITE CPTO; or "" */
};

/* In this order; only session_stop() and session_end() change it. */
enum session_stage {
	SESSION_SERVING,
	SESSION_STOPPING,	/* the monitor has asked the session to end: the
				 * running command is the last one, */
	SESSION_STOPPING_NOW,	/* and waits for nothing more */
	SESSION_OVER,		/* it has ended, with `outcome` */
};

#define SESSION_TLS_WORDS 160	/* tls_control_describe() */

struct data_transfer;	/* data_transfer.h */

struct session {
	/* Set once when the process starts. */
	struct message_client client;
	const struct settings *settings;
	const struct listener_settings *listener;
	const struct user_settings *limits;	/* the account's, after login;
						 * with those of [client] */
	const struct identity *identity;	/* NULL before login */
	const struct names *names;
	const struct charsets *charsets;	/* NULL: none needed */
	int64_t started;		/* clock_ms() */

	struct channel monitor;
	struct authority authority;

	/* TLS; changed by tls_control.c. */
	struct tls_server *tls_server;
	struct tls_binding binding;	/* with session_reuse for this client */
	struct tls_facts tls;		/* of the control connection */
	struct channel relay;		/* channel to the greeter; with TLS kept
					 * open, to the relay */
	int data_attempts;		/* data connections since the last
					 * ticket */
	int64_t ticket_old;		/* when that ticket must be renewed */

	struct login_state login;
	struct choices choices;
	struct tree tree;		/* after login */
	struct quota quota;		/* used if tree.quota is set */
	struct directory_messages messages_shown;
	struct hash_cache hash_cache;	/* of uploads */

	struct data data;		/* the next data connection */
	struct rates rates;		/* of data connections */
	struct watch watch;		/* what to watch during a transfer */
	struct data_transfer *transfer;	/* the running one, or NULL */
	char data_tls[SESSION_TLS_WORDS]; /* TLS of the current or last data
					   * connection; "" without */

	const struct command *command;	/* the running command */
	struct flood log_budget;	/* of events, see session_pace() */
	uint32_t logged;		/* the event_count() that it includes */
	struct flood command_budget;	/* max_command_rate */
	struct user_settings own_limits; /* if [client] changes some */
	int64_t idle_timeout;		/* SITE IDLE; 0: from the settings */
	uint32_t orders;		/* page_order_number() of those that
					 * were followed */
	enum session_stage stage;
	int32_t stop_reason;		/* enum end_reason */
	enum outcome outcome;
	bool busy;			/* a command was just executed */
	int64_t monitor_polled;		/* clock_ms() when the monitor's
					 * messages were read last */
	bool idle;			/* the client is silent, and memory was
					 * freed */

	/* The client's connection.  This and the following members are large
	 * and mostly unused: at the end of the struct they cost only the pages
	 * that are used. */
	struct control control;
	char line[CONTROL_LINE_MAX + 1];	/* the running command */
	struct pending pending;
	struct reply reply;
};

/* Initialise the parts that both processes use.  *s must be zeroed memory;
 * buffers are not touched, so unused ones cost no page. */
void session_init(struct session *s, const struct settings *settings,
	const struct message_client *client, int control_fd, int monitor_fd,
	enum party self);

/* After the login: set the session's account. */
void session_log_in(struct session *s, const struct identity *identity);

/* Apply the [client] sections that match, and choose the character set; to be
 * called when the client's properties or OPTS UTF8 have changed. */
void session_apply_client(struct session *s);

/* The facts of MLST that this session offers. */
uint32_t session_facts(const struct session *s);

/* End the session after the running command. */
void session_end(struct session *s, enum outcome outcome);

/* The idle timeout in seconds; 0 for no limit. */
int64_t session_idle_timeout(const struct session *s);

/* Reply 421 for the timeout that has expired, login or idle, and end the
 * session. */
void session_time_out(struct session *s);

/* Handle a disconnect of the client. */
void session_client_gone(struct session *s);

/* Call it after each command: if the session has caused too many events
 * (max_rate), wait until the recorder accepts more.  Otherwise the recorder
 * would drop some, and a client could hide its actions. */
void session_pace(struct session *s);

/* After each command: wait if the client exceeds max_command_rate, unless the
 * monitor asks the session to end. */
void session_pace_commands(struct session *s);

/* The monitor asks the session to end: the running command is the last one, and
 * the reason determines the final reply. */
void session_stop(struct session *s, const struct message_end_session *end);
const char *session_stop_text(const struct session *s);

/* Before each command: apply changed orders of the master (page.h) that concern
 * the whole session.  Transfers apply the rates themselves. */
void session_follow_orders(struct session *s);

/* Handle a message or a hang-up on the monitor's channel; true when the session
 * continues. */
bool session_receive_monitor(struct session *s);

/* Handle a failed login: after the last one that is allowed, reply 421 and end
 * the session. */
void session_login_failed(struct session *s, enum denial denial);

/* Reset all parameters to their defaults (RFC 959 5.1, RFC 4217 9), and forget
 * USER. */
void session_forget(struct session *s);

#endif
