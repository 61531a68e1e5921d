/*
 * services.h - the processes that sessions need: recorder, keeper, runner and
 * bookkeeper.
 */
#ifndef DAEMON_SERVICES_H
#define DAEMON_SERVICES_H

#include "common/base.h"
#include "daemon/reload.h"

/* Start those that are missing, and have the monitors attach to new ones. */
void services_step(const struct reload *r, int64_t now);

/* When that is due; CLOCK_NEVER. */
int64_t services_due(const struct reload *r, int64_t now);

#endif
