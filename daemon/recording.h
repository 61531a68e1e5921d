/*
 * recording.h - the master's care for its recorder: there is one at a time.
 *
 * The master keeps both ends of the recorder's service socket
 * (common/process/service.h).  A recorder that dies is replaced on the same
 * socket, and the monitors attach the logs of their children again, so that
 * nothing that waits in a socket is lost.  For new settings the recorder is
 * asked to finish, and replaced in the same way.
 */
#ifndef DAEMON_RECORDING_H
#define DAEMON_RECORDING_H

#include "common/base.h"
#include "daemon/master.h"

/* The first recorder; lines go to it from now on.  0 or -errno. */
int recording_open(struct master *m) MUST_CHECK;

/* The settings have changed: the recorder finishes, and one with m->settings
 * takes its place. */
void recording_change(struct master *m);

/* The recorder was reaped. */
void recording_ended(struct master *m, int wait_status);

/* Start another one when it is missing and the pause is over; kill one that
 * was asked to finish and does not. */
void recording_restart(struct master *m);

/* When recording_restart() has to be called; CLOCK_NEVER. */
int64_t recording_due(const struct master *m, int64_t now);

/* At the very end: lines go to standard error again; wait a moment for the
 * recorder to write what it has received. */
void recording_close(struct master *m);

#endif
