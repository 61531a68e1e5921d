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
	enum identity_class class;
	bool known;		/* to the class's backend; not asked where
				 * only PAM is */
	struct file_account file;	/* IDENTITY_FILE; with the hash of
					 * another account if not known */
};

/* The first backend that knows the name; without one, the first of all.  False,
 * with the reason appended, when a backend cannot tell. */
bool backends_choose(const struct settings *settings, const char *name,
	struct account_choice *choice, struct buffer *reason) MUST_CHECK;

/* Fill in the identity that the choice, known to its backend, leads to: name is
 * the one that PAM settled on. */
bool backends_identity(const struct account_choice *choice, const char *name,
	struct identity *identity, struct buffer *reason) MUST_CHECK;

/* The settings that this identity has. */
bool backends_settings(const struct settings *settings,
	const struct account_choice *choice, const struct identity *identity,
	struct user_settings *out, struct buffer *reason) MUST_CHECK;

/*
 * The settings of whoever gives this name before it has proved anything; a name
 * without account gets what holds for all.  False: the name service or memory
 * failed, and nothing is known.
 */
bool backends_settings_before_login(const struct settings *settings,
	const struct account_choice *choice, const char *name,
	struct user_settings *out) MUST_CHECK;

/* Wipes what is secret. */
void backends_forget(struct account_choice *choice);

#endif
