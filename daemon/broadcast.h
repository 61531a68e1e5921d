/*
 * broadcast.h - messages of the master to all workers.
 *
 * Sending never waits: a worker that a message cannot be sent to is about to
 * exit, or is killed later.
 */
#ifndef DAEMON_BROADCAST_H
#define DAEMON_BROADCAST_H

#include "common/base.h"
#include "common/process/message.h"
#include "daemon/sessions.h"

/* Every session is to end: after its running transfer, or now. */
void broadcast_shutdown(const struct sessions *sessions, bool now);

/* There is a new recorder or keeper: the monitors attach to it.  Only those
 * with the same certificates do: `keeping` is the keeping_number() of the
 * new keeper, 0 for a recorder. */
void broadcast_reattach(const struct sessions *sessions,
	enum service_name service, uint64_t keeping);

#endif
