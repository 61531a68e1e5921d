/*
 * bans_file.h - keeps the bans, and the failures that count for them, in a file
 * across restarts of the server.
 *
 * The file is read at the start, and after a reload or an upgrade that sets
 * another one.  It is written by a child process without capabilities, so
 * that the master does not wait for the disk: at most every BANS_FILE_MS when
 * bans have changed, every BANS_FILE_SCORES_MS when only failures have, and
 * once more when the server has shut down.
 */
#ifndef DAEMON_BANS_FILE_H
#define DAEMON_BANS_FILE_H

#include "common/base.h"
#include "daemon/bans/charges.h"
#include "daemon/configuration.h"

#define BANS_FILE_MS	    5000	/* between two writes */
#define BANS_FILE_SCORES_MS 60000

struct bans_file {
	const struct configuration *configuration;
	const struct charges *charges;
	char path[PATH_MAX];	/* of the file that was read */
	uint64_t saved;		/* bans_changes() of what was written */
	uint64_t saved_scores;	/* scores_changes() */
	pid_t pid;		/* of the child; 0: none */
	int64_t next;		/* when it may be written again */
	int64_t next_scores;	/* because of scores */
	bool failed;		/* the last time; logged */
	bool fork_failed;	/* likewise */
};

/* For the next program (state.h): which file was read. */
struct state_reader;
struct state_writer;
void bans_file_save(const struct bans_file *f, struct state_writer *w);
void bans_file_restore(struct bans_file *f, struct state_reader *r);

/* Read the file (bans_load.h), unless *charges came from another program's
 * state, and so did *f, which is { 0 } otherwise.  Both must outlive *f. */
void bans_file_open(struct bans_file *f, const struct charges *charges,
	const struct configuration *configuration);

/* Write the file if that is due, and read another one before; in the child the
 * function does not return. */
void bans_file_step(struct bans_file *f, int64_t now);
int64_t bans_file_due(const struct bans_file *f);

/* After a SIGCHLD: reap the child if it has exited. */
void bans_file_reap(struct bans_file *f);

/* Handle a result of waitpid(); true when it was the child. */
bool bans_file_exited(struct bans_file *f, pid_t pid, int status);

/* Write what has changed, at the end. */
void bans_file_close(struct bans_file *f);

#endif
