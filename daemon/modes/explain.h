/*
 * explain.h - sureftpd --explain-login: a login without a password.
 */
#ifndef DAEMON_EXPLAIN_H
#define DAEMON_EXPLAIN_H

#include "common/address.h"
#include "common/base.h"
#include "common/settings/settings.h"

struct explain_request {
	const struct settings *settings;
	const char *name;		/* as sent by a client */
	const struct address *peer;	/* NULL: not given */
	bool tls;
};

/*
 * Apply the rules of a login (common/accounts/login_rules.h) and PAM's account
 * phase in order, print each result, mark the first denial, and print the
 * properties of the session.  Runs as root.  True when nothing denies the
 * login.
 */
bool explain_login(const struct explain_request *request, FILE *out);

#endif
