/*
 * recording.h - the master's care for its recorder: there is always one.
 *
 * The master keeps both ends of the recorder's socket.  A recorder that dies
 * is replaced on the same socket, so that what waits in it is not lost.  A
 * reload makes a new socket and a new recorder; the old one goes on for the
 * sessions that began with the old settings, and ends with the last of them.
 */
#ifndef DAEMON_RECORDING_H
#define DAEMON_RECORDING_H

#include "common/base.h"
#include "daemon/master.h"

/* The first recorder; lines go to it from now on.  0 or -errno. */
int recording_open(struct master *m) MUST_CHECK;

/* A recorder for m->settings takes the old one's place; when it cannot be
 * started the old one stays.  0 or -errno, logged. */
int recording_change(struct master *m) MUST_CHECK;

/* The recorder was reaped. */
void recording_ended(struct master *m, int wait_status);

/* Start another one when it is missing and the pause is over. */
void recording_restart(struct master *m);

/* At the very end: lines go to standard error again; wait a moment for the
 * recorder to write what it was told. */
void recording_close(struct master *m);

#endif
