/*
 * tokens.h - tokens in paths of the settings: %u the user, %n the user with the
 * domain, %h the home directory, %g the user's group, %d the domain, %% a
 * percent sign.
 *
 * The values come from clients and directory services.  A value that would
 * change the meaning of the path is refused.
 */
#ifndef COMMON_TOKENS_H
#define COMMON_TOKENS_H

#include "common/base.h"
#include "common/buffer.h"

/* NULL: none */
struct tokens {
	const char *user, *name, *home, *group, *domain;
};

/* 0, or -EINVAL for a token that does not exist. */
int tokens_check(const char *text) MUST_CHECK;

/* Does the (checked) text contain this token? */
bool tokens_has(const char *text, char token);

/*
 * Append the (checked) text with its tokens replaced.  False, with the reason
 * appended, if a value is missing or empty, is "." or "..", or contains a
 * slash; a home directory must be an absolute path without "..".
 */
bool tokens_expand(struct buffer *b, const char *text,
	const struct tokens *values, struct buffer *reason) MUST_CHECK;

#endif
