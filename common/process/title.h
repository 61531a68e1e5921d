/*
 * title.h - sets the command line that ps(1) shows for a process.
 *
 * The title overwrites the process's own copy of its arguments and environment;
 * the master keeps its command line.  Their size is the maximum length; longer
 * titles are truncated.  All texts are escaped here, because they
 * are shown on terminals.
 *
 * A title has a fixed beginning, "sureftpd: anna@192.0.2.7", and a rest that
 * may change often; a change copies a few bytes, without a system call.
 */
#ifndef COMMON_PROCESS_TITLE_H
#define COMMON_PROCESS_TITLE_H

#include "common/base.h"

/*
 * Call it first in main(): finds the space, and returns a copy of argv that
 * titles do not overwrite.  NULL when out of memory.  The environment must be
 * replaced (clearenv(3), setenv(3)) before the first title.
 */
char **title_prepare(int argc, char **argv) MUST_CHECK;

/* Enable titles.  Before this was called with true, nothing is changed. */
void title_enable(bool on);
bool title_enabled(void);

/* Show this after "sureftpd: ". */
void title_begin(const char *format, ...) PRINTF_LIKE(1, 2);

/* Set the rest: a blank and this text, which needs no escaping. */
void title_rest(const char *text);

/* Set the rest from a word, a text of any bytes, which is truncated if needed,
 * and an ending of at most eight bytes. */
void title_rest_of(const char *word, const char *text, const char *ending);

#endif
