/*
 * login_rules.h - the rules for logins, as one table.
 *
 * The monitor's login and sureftpd --explain-login use the same rows, so that
 * they cannot disagree.  A row that refuses appends its true reason, which is
 * for the log and never for the client.
 */
#ifndef COMMON_ACCOUNTS_LOGIN_RULES_H
#define COMMON_ACCOUNTS_LOGIN_RULES_H

#include "common/accounts/backends.h"
#include "common/address.h"
#include "common/base.h"
#include "common/buffer.h"
#include "common/identity.h"
#include "common/settings/settings.h"

struct login_case {
	/* set by the caller */
	const struct settings *settings;
	const char *given;		/* the name, as the client sent it */
	const struct address *peer;
	bool tls;			/* on the control connection */
	/* PAM's account phase, for accounts of the backend PAM: whether it
	 * accepts the account, and the name that its modules have set. */
	bool (*account_phase)(void *context, char *name, size_t size,
		struct buffer *reason);
	void *context;
	/* filled in by the rows; the caller must call backends_forget() for the
	 * choice */
	struct account_choice *choice;
	struct identity *identity;
	struct user_settings *user_settings;
	char name[IDENTITY_NAME_SIZE];	/* as PAM left it */
};

/* Checked before the password: whether the name is valid, and which backend
 * knows it.  All other rules are checked after a correct password, so that
 * other clients learn nothing. */
enum login_stage {
	LOGIN_BEFORE_PROOF,
	LOGIN_AFTER_PROOF,
};

enum login_rule_flag {
	LOGIN_RULE_DECIDES = 1,	/* later rows need its result */
	LOGIN_RULE_PEER = 2,	/* needs the client's address */
	LOGIN_RULE_FINDS = 4,	/* finds the account, its settings or place */
};

struct login_rule {
	const char *name;
	enum login_stage stage;
	unsigned flags;
	bool (*holds)(struct login_case *c, struct buffer *reason);
};

extern const struct login_rule login_rules[];
extern const size_t login_rule_count;

/* Check the rows of one stage, up to the first that refuses. */
bool login_rules_hold(struct login_case *c, enum login_stage stage,
	struct buffer *reason) MUST_CHECK;

#endif
