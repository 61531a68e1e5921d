/*
 * spawn.h - forking one worker.
 */
#ifndef DAEMON_SPAWN_H
#define DAEMON_SPAWN_H

#include "common/base.h"
#include "daemon/configuration.h"
#include "daemon/sessions.h"

/* Fork a monitor with this configuration: fills in the slot's pid and channel.
 * 0 or -errno. */
int spawn_worker(struct slot *slot, const struct configuration *configuration)
	MUST_CHECK;

/* Have room for so many workers, each of which costs the master a descriptor,
 * as far as the limits allow; logs what they do not. */
void spawn_make_room(int64_t workers);

#endif
