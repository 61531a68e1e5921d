/*
 * password.h - passwords that the server checks itself.
 */
#ifndef COMMON_ACCOUNTS_PASSWORD_H
#define COMMON_ACCOUNTS_PASSWORD_H

#include "common/base.h"
#include "common/buffer.h"

/*
 * Is it the password of this hash: one of crypt(5), or, where legacy hashes
 * are allowed, also {MD5} or {SHA256} followed by hexadecimal digits?  An
 * empty password never is.  False with the reason for the log.
 */
bool password_is_right(const char *hash, const char *password,
	bool legacy_allowed, struct buffer *reason) MUST_CHECK;

#endif
