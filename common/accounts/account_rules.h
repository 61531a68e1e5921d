/*
 * account_rules.h - the rules that are checked after a correct password.
 *
 * The functions return false for a refusal and append its true reason, which is
 * for the log and never for the client.
 */
#ifndef COMMON_ACCOUNTS_ACCOUNT_RULES_H
#define COMMON_ACCOUNTS_ACCOUNT_RULES_H

#include "common/base.h"
#include "common/buffer.h"
#include "common/identity.h"
#include "common/settings/settings.h"

/*
 * allowed_users, allowed_groups, rejected_users and rejected_groups.  `given`
 * is the name that the client sent; the account is rejected if either name is
 * listed.  If root is rejected, so is every other account with uid 0.
 */
bool account_is_listed(const struct server_settings *rules,
	const struct identity *identity, const char *given,
	struct buffer *reason) MUST_CHECK;

/* allow_from and deny_from. */
bool account_may_come_from(const struct user_settings *rules,
	const struct address *peer, struct buffer *reason) MUST_CHECK;

/* Is the shell listed in the file (/etc/shells)?  An empty shell is /bin/sh as
 * in passwd(5).  Without the file every shell is valid. */
bool account_shell_is_valid(const char *shells, const char *shell,
	struct buffer *reason) MUST_CHECK;

#endif
