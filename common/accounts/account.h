/*
 * account.h - accounts in the name service, and their settings.
 *
 * Functions that return bool return false for a refusal, and append the true
 * reason, which is for the log only, never for the client.
 */
#ifndef COMMON_ACCOUNTS_ACCOUNT_H
#define COMMON_ACCOUNTS_ACCOUNT_H

#include "common/base.h"
#include "common/buffer.h"
#include "common/identity.h"
#include "common/names.h"
#include "common/settings/settings.h"

/* Is the name valid for an account?  Rejects what PAM modules might put into a
 * path, a query or a log (slash, colon, control characters...). */
bool account_name_is_sane(const char *name);

/* Does the name service know the name?  0, -ENOENT, or -errno when that
 * cannot be determined. */
int account_lookup(const char *name) MUST_CHECK;

/* Fill in user, account, key, ids, home and shell from the name service; the
 * name becomes the name service's spelling. */
bool account_find(const char *name, struct identity *identity,
	struct buffer *reason) MUST_CHECK;

/* Set the account's home directory from this setting, with its tokens
 * replaced; unchanged if the setting is empty. */
bool account_expand_home(struct identity *identity, const char *setting,
	struct buffer *reason) MUST_CHECK;

/* The groups of the account from the name service, for callers without PAM. */
bool account_find_groups(struct identity *identity, struct buffer *reason)
	MUST_CHECK;

/* Is one of these groups in a list of names?  A group that does not exist has
 * no members. */
bool account_groups_are_in(const gid_t *groups, size_t count,
	const char *list);

/* Is the account in one of the groups of a list, according to the name
 * service?  Anonymous sessions are in none. */
bool account_is_in_groups(const struct identity *identity, const char *list,
	bool *is_in, struct buffer *reason) MUST_CHECK;

/* The names of these groups, in an array with room for one more; NULL when out
 * of memory.  Groups without a name are left out. */
char **account_group_names(const gid_t *groups, size_t count, size_t *named);
void account_free_group_names(char **names, size_t count);

/* The settings of this user and its groups, and (unless NULL) those that its
 * entry in the accounts file sets. */
bool account_settings(const struct settings *settings,
	const struct identity *identity, const struct settings_override *own,
	struct user_settings *out, struct buffer *reason) MUST_CHECK;

/* The process's supplementary groups, as PAM's modules left them, into
 * identity->groups. */
bool account_take_groups(struct identity *identity, struct buffer *reason)
	MUST_CHECK;

/* Add the names of the account and its groups to those for listings. */
void account_add_names(struct names *names, const struct identity *identity);

#endif
