/*
 * login_flow.h - the messages of a login: between greeter, monitor, master and
 * the new session process.
 *
 * The functions return 0 to go on, or -errno when the monitor must exit.
 */
#ifndef PAM_LOGIN_FLOW_H
#define PAM_LOGIN_FLOW_H

#include "common/base.h"
#include "common/process/channel.h"
#include "common/tls/tls_binding.h"
#include "pam/children.h"
#include "pam/login.h"
#include "pam/monitor_start.h"

struct login_flow {
	/* set once by the monitor */
	const struct monitor_start *start;
	struct channel *master;
	struct children *children;
	enum phase *phase;
	const struct message_client *client;
	struct tls_binding *binding;	/* the account's ticket keys are stored
					 * here */
	/* state */
	struct login login;
	bool timed_out;		/* the session ends with a login timeout */
	bool asked_master;	/* the question about the account's session
				 * limit */
};

/* Initialise, and start PAM. */
void login_flow_init(struct login_flow *f);

/* Handle messages from the greeter (auth, cleartext_login), */
int login_flow_request(struct login_flow *f, struct message *m) MUST_CHECK;

/* from the master (login_verdict, login_enough), */
int login_flow_verdict(struct login_flow *f, const struct message *m)
	MUST_CHECK;

/* from the session process: ready, or entry failed, or exited (NULL). */
int login_flow_entered(struct login_flow *f) MUST_CHECK;
int login_flow_entry_failed(struct login_flow *f,
	const struct message_entry_failed *failed) MUST_CHECK;

/* Send a question of PAM's to the greeter, during one of the above.  The phase
 * is PHASE_PROMPT until the greeter has answered. */
int login_flow_prompt(struct login_flow *f, const char *text) MUST_CHECK;

/* When a delayed reply is due; CLOCK_NEVER when there is none. */
int64_t login_flow_due(const struct login_flow *f);
int login_flow_answer(struct login_flow *f) MUST_CHECK;

/* The outcome of a connection that never logged in.  `outcome` is that of its
 * last process; a client that left becomes a failed login if attempts
 * failed. */
enum outcome login_flow_outcome(const struct login_flow *f,
	enum outcome outcome);

#endif
