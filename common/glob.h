/*
 * glob.h - file name patterns: `*`, `?`, `[a-z]`, `[!a-z]`.
 *
 * A `?` or bracket stands for one UTF-8 character, or for one byte where the
 * name has none.  A bracket that is not closed is an ordinary character.
 *
 * Written for patterns from the network: iterative, one backtrack
 * point, so the time is at most proportional to pattern times name. No braces,
 * no tilde, no escapes except brackets (`[*]` is a literal star).
 */
#ifndef COMMON_GLOB_H
#define COMMON_GLOB_H

#include "common/base.h"

#define GLOB_MAX_WILDCARDS 8

/* Does the pattern contain a wildcard? */
bool glob_has_wildcard(const char *pattern, size_t len);

/* 0, or -E2BIG for more than GLOB_MAX_WILDCARDS wildcards and closed brackets,
 * or -EINVAL for an unclosed bracket, which is a mistake in a setting. */
int glob_check(const char *pattern, size_t len) MUST_CHECK;

/* The next pattern of a list that is separated by blanks and commas, and its
 * length; NULL at the end.  Within brackets, blanks and commas are members of
 * the set: `[ ]` is a literal blank. */
const char *glob_word(const char **at, size_t *len);

/* Does name match the (checked) pattern as a whole? */
bool glob_match(const char *pattern, size_t plen, const char *name,
	size_t nlen);

#endif
