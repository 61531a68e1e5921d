/*
 * anonymous.h - logins without an account: [anonymous].
 */
#ifndef COMMON_ACCOUNTS_ANONYMOUS_H
#define COMMON_ACCOUNTS_ANONYMOUS_H

#include "common/base.h"
#include "common/buffer.h"
#include "common/identity.h"
#include "common/settings/settings.h"

/* Is the name anonymous or ftp, in any letter case? */
bool anonymous_is_name(const char *name);

/* Is this an anonymous login: such a name, and anonymous logins are enabled? */
bool anonymous_is(const struct settings *settings, const char *name);

/* Does the password meet the rule?  False with the reason for the log. */
bool anonymous_password_holds(const struct server_settings *rules,
	const char *password, struct buffer *reason) MUST_CHECK;

/* Fill in the identity: the account of the host that they run as, with their
 * root as its home. */
bool anonymous_identity(const struct settings *settings,
	struct identity *identity, struct buffer *reason) MUST_CHECK;

/* Calls complain() if all anonymous logins will be refused because of their
 * account, which asks the name service, or (with_root) of their directory, for
 * which a file system may have to be waited for; returns how often. */
size_t anonymous_check(const struct settings *s, bool with_root,
	settings_complaint *complain, void *context);

#endif
