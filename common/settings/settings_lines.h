/*
 * settings_lines.h - values of the kind LINES whose lines are two words, the
 * first of which is a network: "192.0.2.0/24 WORD".
 */
#ifndef COMMON_SETTINGS_SETTINGS_LINES_H
#define COMMON_SETTINGS_SETTINGS_LINES_H

#include "common/address.h"
#include "common/base.h"

struct settings_pair {
	char network[ADDRESS_TEXT_SIZE + 8];
	char word[256];
};

/* The next line, and its length; NULL at the end.  *at moves on. */
const char *settings_lines_next(const char **at, size_t *len);

/* The two words of a line.  0, or -EINVAL: there are fewer or more, one is too
 * long, or the first is no network. */
int settings_lines_pair(const char *line, size_t len,
	struct settings_pair *pair) MUST_CHECK;

#endif
