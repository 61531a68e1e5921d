/*
 * login.h - from a user name and a password to an open PAM session.
 *
 * Each function returns the next step.  The caller (login_flow.c) answers the
 * greeter, asks the master and forks the session process.
 */
#ifndef PAM_LOGIN_H
#define PAM_LOGIN_H

#include "common/accounts/backends.h"
#include "common/base.h"
#include "common/identity.h"
#include "common/process/message.h"
#include "common/settings/settings.h"
#include "pam/pam_session.h"
#include "pam/radius_login.h"

struct login {
	const struct settings *settings;
	struct pam_session pam;
	int radius;			/* the service; -1 */
	struct radius_patience patience;	/* while it works */
	char radius_text[MESSAGE_TEXT_SIZE];	/* the server's message, in
						 * escaped lines */
	struct account_choice choice;	/* of this attempt */
	struct address peer, local;	/* the client's address, and the one it
					 * connected to */
	struct tls_facts tls;		/* of the control connection */
	char given[MESSAGE_USER_SIZE];	/* the name, as the client sent it */
	char password[MESSAGE_PASSWORD_SIZE];	/* of an anonymous login, to be
						 * logged; or "" */
	struct identity identity;
	struct user_settings user_settings;	/* of this identity */
	struct guess guess;		/* this attempt */
	int attempts, failures;
	int64_t began;			/* clock_ms() of this attempt */
	enum denial denial;		/* the reply to a failed login, */
	char explanation[MESSAGE_TEXT_SIZE];	/* lines of the 530 reply; or
						 * "" */
	int64_t answer_at;		/* and when to send it; CLOCK_NEVER: no
					 * reply is due */
	bool excused;			/* the failure is not the client's fault
					 * and is not charged to its address */
	bool counted;			/* the master has counted this
					 * connection */
	char counted_as[IDENTITY_KEY_SIZE];	/* for this account key */
};

enum login_step {
	LOGIN_FAILED,	/* failed and logged; denial and answer_at are set */
	LOGIN_COUNT,	/* ask the master about the account's session limit */
	LOGIN_ENTER,	/* PAM's session is open: start the session process */
};

/* Start PAM, so that its modules are loaded before a client connects.  *l must
 * be zeroed memory; unused parts are not touched and so cost no page. */
void login_init(struct login *l, const struct settings *settings);

/* Set the client's address, before the first attempt. */
void login_set_client(struct login *l, const struct address *peer,
	const struct address *local);

/* Begin an attempt.  The password in the message is wiped. */
enum login_step login_try(struct login *l, struct message_auth *attempt);

/* The master's answer about the session limit.  A refusal is replied to without
 * delay, because the password was correct. */
enum login_step login_count(struct login *l, bool granted,
	enum login_limit limit);

/* The messages of PAM's modules or of the RADIUS server for the client: escaped
 * lines, separated by '\n'. */
const char *login_notices(const struct login *l);

/* The client's address had too many failures: this attempt, if not yet
 * answered, or else the next one is the last. */
void login_enough(struct login *l);

/* No session process could be forked: the login failed, through no fault of the
 * client. */
void login_not_started(struct login *l);

/* The session process could not enter its directories; NULL when it exited
 * without a report. */
enum login_step login_entry_failed(struct login *l,
	const struct message_entry_failed *failed);

/* Close the PAM session and handle. */
void login_end(struct login *l);

#endif
