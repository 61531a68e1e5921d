/*
 * pool.h - how many workers there should be.
 *
 * Policy only: counts in, an answer out; no system call.
 */
#ifndef DAEMON_POOL_H
#define DAEMON_POOL_H

#include "common/base.h"
#include "common/settings/settings.h"

/* Spare workers to fork now so that min_spare_workers are ready, without
 * going beyond max_workers.  `workers` counts the spare ones too. */
size_t pool_missing(const struct server_settings *rules, size_t spare,
	size_t workers);

/* A client waits and there is no spare: may another worker be forked for it? */
bool pool_may_grow(const struct server_settings *rules, size_t workers);

/* At most this many workers at a time may send refusals, so that a flood of
 * refused clients does not take the workers away from others. */
#define POOL_MAX_REFUSING 8
bool pool_may_refuse(size_t refusing);

#endif
