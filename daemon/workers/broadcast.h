/*
 * broadcast.h - messages of the master to all workers.
 *
 * Sending never waits.  A worker that cannot be reached is about to exit, or is
 * killed later.
 */
#ifndef DAEMON_BROADCAST_H
#define DAEMON_BROADCAST_H

#include "common/base.h"
#include "common/log/log_context.h"
#include "common/process/message.h"
#include "daemon/sessions/board.h"
#include "daemon/sessions/sessions.h"

/* Ask every session to end, after its running transfer or at once. */
void broadcast_shutdown(const struct sessions *sessions, bool now);

/* Sessions whose log level an administrator has changed get this one. */
void broadcast_log_level(const struct sessions *sessions, struct board *board,
	enum log_level level);

/* The recorder, keeper or bookkeeper was restarted: ask the monitors to attach
 * to it again.  `keeper` is the keeper_service_number() of the new keeper, so
 * that only monitors with the same certificates attach; 0 for the others. */
void broadcast_reattach(const struct sessions *sessions,
	enum service_name service, uint64_t keeper);

#endif
