/*
 * spawn.h - forking one worker.
 */
#ifndef DAEMON_SPAWN_H
#define DAEMON_SPAWN_H

#include "common/base.h"
#include "daemon/sessions/board.h"
#include "daemon/configuration.h"
#include "daemon/sessions/sessions.h"

/*
 * Fork a monitor with this configuration: fills in the slot's pid, channel,
 * place on the board and `held`.  0 or -errno.
 *
 * The master has a descriptor for every worker; copying and closing all of them
 * in each new worker would be slow.  So a worker copies only the lowest ones,
 * among them its end of the channel and the keeper's service socket.  The
 * master keeps these two open until the monitor's first message on the channel,
 * which reports that it has its copies: a reload must not close them before.
 */
int spawn_worker(struct slot *slot, const struct configuration *configuration,
	struct board *board) MUST_CHECK;

/* When the slot's channel is readable: while held.channel is not -1, call this
 * instead of receiving a message. */
void spawn_receive_start(struct slot *slot);

/* After the monitor was reaped: close what is held for it. */
void spawn_end(struct slot *slot);

/* Raise the limit of open files for this number of workers, one descriptor
 * each, as far as possible; logs if that is not enough. */
void spawn_make_room(int64_t workers);

#endif
