/*
 * accounts_file.h - accounts that exist for FTP only (accounts_file).
 *
 * The file has the format of the settings file: a section [NAME] for each
 * account, with
 *
 * 	account = NAME		the account of the host that it works as
 * 	password_hash = HASH	of crypt(5)
 *
 * and any setting of scope USER.  It is read at each login, and must be
 * writable by root only.  An error in a section refuses that account only.
 */
#ifndef COMMON_ACCOUNTS_ACCOUNTS_FILE_H
#define COMMON_ACCOUNTS_ACCOUNTS_FILE_H

#include "common/base.h"
#include "common/buffer.h"
#include "common/identity.h"
#include "common/password_hash.h"
#include "common/settings/settings.h"

struct file_account {
	char account[IDENTITY_NAME_SIZE];	/* of the host */
	/* "" without one; a secret, to be wiped. */
	char hash[PASSWORD_HASH_SIZE];
	struct settings_override settings;	/* its name is the account's */
};

/*
 * Find an account.  1 with *a, to be cleared by file_account_clear(); 0 when
 * there is no such account; -errno, with the reason appended, when the file
 * cannot be read or trusted (-EINVAL: the account's section has an error).
 * Without an account, a->hash is that of another account, if any, so that
 * checking a password takes the same time.  The time does not depend on the
 * account's position.
 */
int accounts_file_find(const char *path, const char *name,
	struct file_account *a, struct buffer *reason) MUST_CHECK;

/* Wipes the hash. */
void file_account_clear(struct file_account *a);

/* Calls complain() for every error in the file; returns how many.  A missing
 * file has no errors. */
size_t accounts_file_check(const struct settings *settings,
	settings_complaint *complain, void *context);

#endif
