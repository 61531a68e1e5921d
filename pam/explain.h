/*
 * explain.h - sureftpd --explain-login: a login without a password.
 */
#ifndef PAM_EXPLAIN_H
#define PAM_EXPLAIN_H

#include "common/address.h"
#include "common/base.h"
#include "common/settings/settings.h"

struct explain_request {
	const struct settings *settings;
	const char *name;		/* as a client would give it */
	const struct address *peer;	/* NULL: not asked about */
	bool tls;
};

/*
 * Walk the rules of a login (common/accounts/login_rules.h) and PAM's account
 * phase, print each verdict in their order, the first denial marked, and then
 * what the session would be.  Runs as root.  True when nothing denies the
 * login.
 */
bool explain_login(const struct explain_request *request, FILE *out);

#endif
