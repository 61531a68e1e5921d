/*
 * settings_lines.h - parses values of the kind LINES in which each line is a
 * network and a word: "192.0.2.0/24 WORD".
 */
#ifndef COMMON_SETTINGS_SETTINGS_LINES_H
#define COMMON_SETTINGS_SETTINGS_LINES_H

#include "common/address.h"
#include "common/base.h"

struct settings_pair {
	char network[ADDRESS_TEXT_SIZE + 8];
	char word[256];
};

/* The next line, and its length; NULL at the end.  *at is advanced. */
const char *settings_lines_next(const char **at, size_t *len);

/* Split a line into its two words.  0; or -EINVAL if there are fewer or more,
 * one is too long, or the first is not a network. */
int settings_lines_pair(const char *line, size_t len,
	struct settings_pair *pair) MUST_CHECK;

#endif
