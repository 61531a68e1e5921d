/*
 * password_hash.h - password hashes in the format of crypt(5); the only user of
 * libcrypt.
 */
#ifndef COMMON_PASSWORD_HASH_H
#define COMMON_PASSWORD_HASH_H

#include "common/base.h"

#define PASSWORD_HASH_SIZE 512	/* longer than any hash, with its NUL */

enum password_hash_kind {
	PASSWORD_HASH_INVALID,	/* invalid, or not supported by libcrypt */
	PASSWORD_HASH_STRONG,	/* yescrypt, bcrypt, sha512crypt */
	PASSWORD_HASH_LEGACY,	/* can be guessed fast: DES, MD5, NT, and the
				 * hexadecimal {MD5} and {SHA256} */
};

/* The kind of this hash, by its form and by what libcrypt supports. */
enum password_hash_kind password_hash_kind(const char *hash);

/* Is it the password of this crypt(5) hash?  Compared in constant time;
 * intermediate results are wiped.  False also for an invalid hash, an empty
 * password, and when out of memory. */
bool password_hash_matches(const char *hash, const char *password);

/* Hash a password with libcrypt's preferred method and a random salt into
 * hash[PASSWORD_HASH_SIZE].  0 or -errno. */
int password_hash_new(const char *password, char *hash) MUST_CHECK;

/* Are two texts equal?  The time depends on their lengths only. */
bool password_hash_equal(const char *a, const char *b);

#endif
