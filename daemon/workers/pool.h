/*
 * pool.h - the number of workers.
 *
 * Policy only: takes counts; makes no system calls.
 */
#ifndef DAEMON_POOL_H
#define DAEMON_POOL_H

#include "common/base.h"
#include "common/settings/settings.h"

/* The number of workers to fork so that min_spare_workers are idle, without
 * exceeding max_workers.  `workers` includes the idle ones. */
size_t pool_missing(const struct server_settings *rules, size_t spare,
	size_t workers);

/* May another worker be forked for a waiting client, when none is idle? */
bool pool_may_grow(const struct server_settings *rules, size_t workers);

/* The number of workers that may send refusals at a time, so that a flood of
 * refused clients does not occupy the workers needed by others. */
#define POOL_MAX_REFUSING 8
bool pool_may_refuse(size_t refusing);

#endif
