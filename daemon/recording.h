/*
 * recording.h - the master's recorder: there is always one.
 *
 * The master keeps both ends of the recorder's socket.  A recorder that dies
 * is replaced on the same socket, so that what waits in it is not lost.  A
 * reload makes a new socket and a new recorder; the old one goes on for the
 * sessions that began with the old settings, and ends with the last of them.
 */
#ifndef DAEMON_RECORDING_H
#define DAEMON_RECORDING_H

#include "common/base.h"
#include "daemon/configuration.h"
#include "daemon/pause.h"

struct recording {
	pid_t pid;		/* 0: to be started again */
	int read;		/* its end, kept over restarts; -1: none yet */
	int write;		/* the other end, until it is in use */
	struct pause pause;	/* before the next start */
};

/* Start a recorder for this configuration; nothing goes to it yet.  `former`
 * is the one that it replaces, or NULL: the recorder keeps no keys of either.
 * 0 or -errno. */
int recording_start(struct recording *r,
	const struct configuration *configuration,
	const struct configuration *former) MUST_CHECK;

/* Send lines and events to `new` from now on, and forget the former one, if
 * any. */
void recording_use(struct recording *r, const struct recording *new);

/* Let go of a recorder that was started and is not used: it exits. */
void recording_drop(struct recording *r);

/* SIGCHLD names this process: if it is the recorder, reap it. */
void recording_reap(struct recording *r, pid_t pid);

/* waitpid() returned this: true when it was the recorder. */
bool recording_exited(struct recording *r, pid_t pid, int status);

/* Start another one when it is missing and the pause is over. */
void recording_step(struct recording *r,
	const struct configuration *configuration, int64_t now);
int64_t recording_due(const struct recording *r, int64_t now);

/* At the very end: lines go to standard error again; wait a moment for the
 * recorder to write what it was sent. */
void recording_close(struct recording *r,
	const struct configuration *configuration);

#endif
