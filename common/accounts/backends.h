/*
 * backends.h - which backend knows a name: the setting backends, in order.
 */
#ifndef COMMON_ACCOUNTS_BACKENDS_H
#define COMMON_ACCOUNTS_BACKENDS_H

#include "common/accounts/accounts_file.h"
#include "common/accounts/radius_account.h"
#include "common/base.h"
#include "common/buffer.h"
#include "common/identity.h"
#include "common/settings/settings.h"

/* Where an account was found, before its password is checked. */
struct account_choice {
	char name[IDENTITY_NAME_SIZE];	/* by the rules for domains */
	enum identity_class class;	/* IDENTITY_SYSTEM also for an unknown
					 * name, if PAM is used */
	bool known;		/* by the backend of that class; not set if PAM
				 * is the only backend */
	struct file_account file;	/* IDENTITY_FILE; with the hash of
					 * another account if not known */
	struct radius_account *radius;	/* IDENTITY_RADIUS, after a server has
					 * accepted it; the choice's own */
};

/* Determine the backend: anonymous for its names; else the first backend that
 * knows the name; else PAM, if it is configured.  False, with the reason
 * appended, when a lookup fails. */
bool backends_choose(const struct settings *settings, const char *name,
	struct account_choice *choice, struct buffer *reason) MUST_CHECK;

/* With guest_user: after authentication, the name set by PAM may be an account
 * of the host, or a guest's. */
bool backends_choose_again(const struct settings *settings, const char *name,
	struct account_choice *choice, struct buffer *reason) MUST_CHECK;

/* Fill in the identity for a choice with a known account; name is the name set
 * by PAM. */
bool backends_identity(const struct settings *settings,
	const struct account_choice *choice, const char *name,
	struct identity *identity, struct buffer *reason) MUST_CHECK;

/* The settings of this identity. */
bool backends_settings(const struct settings *settings,
	const struct account_choice *choice, const struct identity *identity,
	struct user_settings *out, struct buffer *reason) MUST_CHECK;

/*
 * The settings for this name before authentication; a name without an account
 * gets the general settings.  False, with *out not valid, when the name service
 * failed or when out of memory.
 */
bool backends_settings_before_login(const struct settings *settings,
	const struct account_choice *choice, struct user_settings *out)
	MUST_CHECK;

/* The section that sets this account's settings in addition to [group] and
 * [user]; NULL if there is none. */
const struct settings_override *backends_own(const struct settings *settings,
	const struct account_choice *choice);

/* Wipe the password hash in it, and free the rest. */
void backends_forget(struct account_choice *choice);

#endif
