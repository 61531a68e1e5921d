/*
 * login.h - from a user name and a password to an open PAM session.
 *
 * Each step returns what is to be done next; answering the greeter, asking the
 * master and forking the session process are the monitor's part.
 */
#ifndef PAM_LOGIN_H
#define PAM_LOGIN_H

#include "common/accounts/backends.h"
#include "common/base.h"
#include "common/identity.h"
#include "common/process/message.h"
#include "common/settings/settings.h"
#include "pam/pam_session.h"

struct login {
	const struct settings *settings;
	struct pam_session pam;
	struct account_choice choice;	/* of this attempt */
	struct address peer;		/* the client's */
	struct tls_facts tls;		/* of the control connection */
	char given[MESSAGE_USER_SIZE];	/* the name, as the client gave it */
	struct identity identity;
	struct user_settings user_settings;	/* the identity's */
	int attempts, failures;
	int64_t began;			/* clock_ms() of this attempt */
	enum denial denial;		/* the answer, */
	char explanation[MESSAGE_TEXT_SIZE];	/* lines for the 530; or "" */
	int64_t answer_at;		/* and when; CLOCK_NEVER: nothing */
	bool counted;			/* the master counts this connection, */
	char counted_as[IDENTITY_KEY_SIZE];	/* for this account */
};

enum login_step {
	LOGIN_FAILED,	/* logged; denial and answer_at are set */
	LOGIN_COUNT,	/* ask the master about the account's session limit */
	LOGIN_ENTER,	/* PAM's session is open: start the session process */
};

/* Starts PAM, so that its modules are loaded before a client comes.  *l is
 * zero, as fresh memory is, so that unused parts cost no page. */
void login_init(struct login *l, const struct settings *settings);

/* Where the client comes from, before the first attempt. */
void login_set_client(struct login *l, const struct address *peer);

/* One attempt; wipes it. */
enum login_step login_try(struct login *l, struct message_auth *attempt);

/* The master's answer about the limit.  If it is no, the reply to the
 * client is not delayed, because the password was correct. */
enum login_step login_count(struct login *l, bool granted);

/* The client's address has failed too often: this attempt, if it is still to be
 * answered, or the next one is the last. */
void login_enough(struct login *l);

/* The session process could not enter its place; NULL when it exited without
 * a report. */
enum login_step login_entry_failed(struct login *l,
	const struct message_entry_failed *failed);

/* May this account log in without TLS, as far as that can be determined before
 * its password?  Takes the same time for every name. */
bool login_allows_cleartext(const struct settings *settings, const char *user);

/*
 * When to answer the nth failure: the next multiple of `delay` * 2^(n-1)
 * seconds since `began` that is after `now`, plus the jitter.  So the time
 * does not depend on what was checked (rule R17), even where a check took
 * longer than the delay.  No delay: now.
 */
int64_t login_answer_time(int64_t began, int64_t now, int64_t delay,
	int failures, int64_t jitter_ms);

/* Close what PAM has open. */
void login_end(struct login *l);

#endif
