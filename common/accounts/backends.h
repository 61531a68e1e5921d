/*
 * backends.h - who knows a name: the setting backends, in its order.
 */
#ifndef COMMON_ACCOUNTS_BACKENDS_H
#define COMMON_ACCOUNTS_BACKENDS_H

#include "common/accounts/accounts_file.h"
#include "common/base.h"
#include "common/buffer.h"
#include "common/identity.h"
#include "common/settings/settings.h"

/* Whose account a name is, as far as is known before its password. */
struct account_choice {
	char name[IDENTITY_NAME_SIZE];	/* by the rules for domains */
	enum identity_class class;	/* IDENTITY_SYSTEM also for a name that
					 * nobody knows, where PAM is asked */
	bool known;		/* to the class's backend; not asked where
				 * only PAM is */
	struct file_account file;	/* IDENTITY_FILE; with the hash of
					 * another account if not known */
};

/* Anonymous, if it is one of its names; else the first backend that knows the
 * name; without one, PAM if it is among them.  False,
 * with the reason appended, when a backend cannot tell. */
bool backends_choose(const struct settings *settings, const char *name,
	struct account_choice *choice, struct buffer *reason) MUST_CHECK;

/* Where guests are allowed: the name that PAM settled on may be an account of
 * the host's after all, or none. */
bool backends_choose_again(const struct settings *settings, const char *name,
	struct account_choice *choice, struct buffer *reason) MUST_CHECK;

/* Fill in the identity that the choice, known to its backend, leads to: name is
 * the one that PAM settled on. */
bool backends_identity(const struct settings *settings,
	const struct account_choice *choice, const char *name,
	struct identity *identity, struct buffer *reason) MUST_CHECK;

/* The settings that this identity has. */
bool backends_settings(const struct settings *settings,
	const struct account_choice *choice, const struct identity *identity,
	struct user_settings *out, struct buffer *reason) MUST_CHECK;

/*
 * The settings of whoever gives such a name before it has proved anything; a
 * name without account gets what holds for all.  False: the name service or
 * memory failed, and nothing is known.
 */
bool backends_settings_before_login(const struct settings *settings,
	const struct account_choice *choice, struct user_settings *out)
	MUST_CHECK;

/* What sets this account's settings, beside the sections for groups and users;
 * NULL without. */
const struct settings_override *backends_own(const struct settings *settings,
	const struct account_choice *choice);

/* Wipes what is secret. */
void backends_forget(struct account_choice *choice);

#endif
