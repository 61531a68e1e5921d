/*
 * title.h - what ps(1) shows as the command line of a process.
 *
 * The title is written over the process's own copy of its arguments and
 * environment; the master, which is configured by them, keeps its command line.
 * There is as much room as they took, and what does not fit is cut off.  All
 * texts are escaped here (rule R22): they end up on terminals.
 *
 * A title is a fixed beginning, "sureftpd: anna@192.0.2.7", and a rest that may
 * change often; changing it is a copy of a few bytes without a system call.
 */
#ifndef COMMON_PROCESS_TITLE_H
#define COMMON_PROCESS_TITLE_H

#include "common/base.h"

/*
 * First of all in main(): find the room, and give a copy of argv that outlives
 * every title.  NULL when out of memory.  The environment must be replaced
 * (clearenv(3), setenv(3)) before the first title.
 */
char **title_prepare(int argc, char **argv) MUST_CHECK;

/* Are titles wanted?  Until this was called with true, nothing is shown. */
void title_enable(bool on);
bool title_enabled(void);

/* Show this after "sureftpd: ". */
void title_begin(const char *format, ...) PRINTF_LIKE(1, 2);

/* The rest of it: a blank and this text, which needs no escaping. */
void title_rest(const char *text);

/* The rest, of a word, a text of any bytes and an ending of at most eight
 * bytes, for which room is left if need be. */
void title_rest_of(const char *word, const char *text, const char *ending);

#endif
