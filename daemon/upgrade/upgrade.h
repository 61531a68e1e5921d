/*
 * upgrade.h - replaces the running program by the one that is now at its path,
 * in the same process: sockets, sessions and counters go on.
 *
 * First the new program is tried: as a child, with the same arguments, it has
 * to check the configuration, and to report that it can read this program's
 * state (state.h).  Only then the master writes its state, and executes the
 * file that was tried.  After any failure the current program continues.
 */
#ifndef DAEMON_UPGRADE_H
#define DAEMON_UPGRADE_H

#include "common/base.h"
#include "daemon/options.h"
#include "daemon/state/state.h"

enum upgrade_result {
	UPGRADE_NONE,		/* none in progress, or it is not done yet */
	UPGRADE_FAILED,		/* the reason was logged */
	UPGRADE_READY,		/* execute it: upgrade_execute() */
};

struct upgrade {
	const struct options *options;	/* set at the start */
	char path[PATH_MAX];		/* likewise; "": unknown */

	bool under_way;
	int program;			/* the file; -1 */
	pid_t trial;			/* 0: it has ended, with this: */
	int status;
	int output;			/* of the trial */
	int64_t deadline;
};

/* At the start of the program: find its path.  That is argv[0], if it is an
 * absolute path of this program, which may be a link; else that of the file. */
void upgrade_init(struct upgrade *u, const struct options *options,
	const char *argv0);

/* Start a trial of the program at the path, or of the running one.  0; or
 * -errno, logged, when there can be none. */
int upgrade_begin(struct upgrade *u, bool same) MUST_CHECK;

/* Has the trial ended, or lasted too long? */
enum upgrade_result upgrade_step(struct upgrade *u, int64_t now) MUST_CHECK;
int64_t upgrade_due(const struct upgrade *u);

/* Handle a result of waitpid(); true when it was the trial. */
bool upgrade_exited(struct upgrade *u, pid_t pid, int status);
void upgrade_reap(struct upgrade *u);

/* Execute the tried program with this state.  Returns only on failure, with
 * -errno, logged. */
int upgrade_execute(struct upgrade *u, struct state_writer *w);

/* In the trial: print the answer to this format.  The exit status. */
int upgrade_answer(const char *format);

/* End it: close its files, and kill a trial that is running. */
void upgrade_end(struct upgrade *u);

#endif
