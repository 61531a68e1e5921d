/*
 * settings_file.h - the lines of the settings file.
 *
 * Calls back for every heading, every complete assignment (continuation lines
 * joined by a blank) and every invalid line.
 */
#ifndef COMMON_SETTINGS_SETTINGS_FILE_H
#define COMMON_SETTINGS_SETTINGS_FILE_H

#include "common/base.h"

#define SETTINGS_FILE_VALUE_MAX 65535	/* bytes of a joined value */

struct settings_file_reader {
	/* name: NULL when the heading is not readable, before the mistake */
	void (*heading)(void *context, int line, const char *name);
	void (*assignment)(void *context, int line, const char *key,
		const char *value);
	/* line 0: the file as a whole */
	void (*mistake)(void *context, int line, const char *sentence);
	void *context;
	/* Is the section of no interest?  Assignments in it may then be left
	 * out, and its mistakes.  NULL: never. */
	bool (*skips)(void *context);
};

/* 0 when the whole file was read, with or without errors; -errno when it cannot
 * be opened or read; -EPERM when it must not be trusted (already reported as an
 * error). */
int settings_file_read(const char *path,
	const struct settings_file_reader *reader) MUST_CHECK;

#endif
