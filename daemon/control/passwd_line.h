/*
 * passwd_line.h - parses lines of the accounts file in the same way as the
 * server (common/settings/settings_file.h).
 *
 * A line is `len` bytes of a terminated text.
 */
#ifndef DAEMON_CONTROL_PASSWD_LINE_H
#define DAEMON_CONTROL_PASSWD_LINE_H

#include "common/base.h"

enum passwd_line {
	PASSWD_LINE_OTHER,	/* empty, a comment, a heading */
	PASSWD_LINE_KEY,
	PASSWD_LINE_CONTINUES,	/* continues the value above */
};

/* Classify the line.  *begun records whether there is a key that an indented
 * line can continue; set it to false at the start of a section. */
enum passwd_line passwd_line_kind(const char *line, size_t len, bool *begun);

/* Does a PASSWD_LINE_KEY set this key? */
bool passwd_line_is_key(const char *line, size_t len, const char *key);

bool passwd_line_begins_section(const char *line, size_t len);

/* The name, if the line is a heading with one:
 * name[SETTINGS_SECTION_NAME_SIZE]. */
bool passwd_line_heading(const char *line, size_t len, char *name);

#endif
