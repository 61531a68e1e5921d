/*
 * settings_check.h - mistakes that only show when settings stand together.
 * For the rooms settings*.c only; settings_warn() is in settings.h.
 */
#ifndef COMMON_SETTINGS_SETTINGS_CHECK_H
#define COMMON_SETTINGS_SETTINGS_CHECK_H

#include "common/base.h"
#include "common/buffer.h"
#include "common/settings/settings.h"
#include "common/settings/settings_table.h"

/* Calls complain() for every mistake; returns how many. */
size_t settings_check(const struct settings *settings,
	settings_complaint *complain, void *context);

/* One round of checks, and how often it complained; for whoever takes part. */
struct settings_checking {
	const struct settings *settings;
	settings_complaint *complain;
	void *context;
	size_t complaints;
};

/* Complain about a line of the file; what it may be stands in
 * settings_table.h. */
void settings_check_at(struct settings_checking *c, int line,
	const char *format, ...) PRINTF_LIKE(3, 4);

/* Append "FILE:LINE", "-o" or, without a line, "FILE". */
#define SETTINGS_CHECK_WHERE_SIZE (4 * PATH_MAX + 32)	/* escaped */
void settings_check_where(const struct settings *settings, int line,
	struct buffer *b);

#endif
