/*
 * account.h - the rules an account has to meet, once its password was right,
 * and what the name service knows about it.
 *
 * Functions that can refuse return bool and append the true reason, which is
 * for the log and never for the client.
 */
#ifndef PAM_ACCOUNT_H
#define PAM_ACCOUNT_H

#include "common/base.h"
#include "common/buffer.h"
#include "common/identity.h"
#include "common/names.h"
#include "common/settings/settings.h"

/* Could any account have this name?  Keeps what modules might put into a
 * path, a query or a log (slash, colon, control characters...) from them. */
bool account_name_is_sane(const char *name);

/* Is it certain that the name service does not know the name? */
bool account_is_unknown(const char *name);

/* Fill in user, key, ids, home and shell from the name service; the name
 * becomes the name service's spelling. */
bool account_find(const char *name, struct identity *identity,
	struct buffer *reason) MUST_CHECK;

/*
 * allowed_users and rejected_users (S79, S80).  `given` is the name the
 * client gave; an account is rejected under either name.  Where root is
 * rejected, so is every other name of uid 0.
 */
bool account_is_listed(const struct server_settings *rules,
	const struct identity *identity, const char *given,
	struct buffer *reason) MUST_CHECK;

/* The settings of this user and its groups. */
bool account_settings(const struct settings *settings,
	const struct identity *identity, struct user_settings *out,
	struct buffer *reason) MUST_CHECK;

/*
 * The same for whoever gives this name before it has proved anything; a name
 * without account gets what holds for all.  False: the name service or memory
 * failed, and nothing is known.
 */
bool account_settings_before_login(const struct settings *settings,
	const char *name, struct user_settings *out) MUST_CHECK;

/* Is the shell listed in the file (/etc/shells)?  An empty shell is /bin/sh as
 * in passwd(5).  Without the file every shell is valid (S80). */
bool account_shell_is_valid(const char *shells, const char *shell,
	struct buffer *reason) MUST_CHECK;

/* The process's supplementary groups, as PAM's modules left them, into
 * identity->groups. */
bool account_take_groups(struct identity *identity, struct buffer *reason)
	MUST_CHECK;

/* Make the names of the account and its groups known for listings. */
void account_add_names(struct names *names, const struct identity *identity);

#endif
