/*
 * share.h - sureftpd --share as anna, who shares /home/anna/shared on port 21
 * of the world.
 */
#ifndef TESTS_FUNCTIONAL_SHARE_H
#define TESTS_FUNCTIONAL_SHARE_H

#include "common/base.h"
#include "tests/functional/terminal.h"

#define SHARE_DIRECTORY "/home/anna/shared"
#define SHARE_RUNTIME	"/home/anna/run"
#define SHARE_OUTPUT	"/var/log/share.out"
#define SHARE_ERRORS	"/var/log/share.err"

/* Make the directory with a file "hello" in it, and let users listen on port
 * 21. */
bool share_prepare(void);

/* Start it on a terminal of 50 rows, with these options, and wait until it
 * serves.  SHARE(&t, "-w") is the usual call. */
#define SHARE(terminal, ...)                                      \
	share_start((terminal), NULL, (const char *const[]){      \
		__VA_ARGS__ __VA_OPT__(,) NULL })
bool share_start(struct terminal *t, const char *locale,
	const char *const *options);

/* Ctrl-C; checks that it exits with 0, and leaves no process or temporary file
 * behind. */
void share_end(struct terminal *t);

/* Run it without a terminal as this account (NULL: root): its process.  The
 * output is in the files above. */
pid_t share_run(const char *account, const char *const *options);

/* The same until it ends, which must be within ten seconds: the status. */
#define SHARE_STATUS(account, ...)                                \
	share_status((account), (const char *const[]){            \
		__VA_ARGS__ __VA_OPT__(,) NULL })
int share_status(const char *account, const char *const *options);

/* What it printed; valid until the next call. */
const char *share_output(void);
const char *share_errors(void);

/* Is there no temporary file? */
bool share_is_clean(void);

#endif
