/*
 * workers.h - forking workers, hearing from them, and burying them.
 */
#ifndef DAEMON_WORKERS_H
#define DAEMON_WORKERS_H

#include "common/base.h"
#include "daemon/master.h"

/* Fork a spare worker.  0, or -errno: m->fork_pause begun, the first of a row
 * of failures logged. */
int workers_fork(struct master *m) MUST_CHECK;

/* One spare, if the pool lacks any and no pause holds.  True while it lacks
 * more. */
bool workers_fill_pool(struct master *m);

/* Something came on the worker's channel. */
void workers_hear(struct master *m, struct slot *slot);

/* A spare shall go: it ends when its channel closes. */
void workers_retire(struct master *m, struct slot *slot);
void workers_retire_spares(struct master *m);

/* End a worker at once; its slot stays until it is reaped. */
void workers_kill(struct master *m, struct slot *slot, enum outcome reason);

/* Kill who has not logged in by the deadline, though the greeter's own timer
 * came first: that greeter is not to be trusted. */
void workers_kill_late(struct master *m, int64_t now);

/* Collect every child that has ended. */
void workers_reap(struct master *m);

#endif
