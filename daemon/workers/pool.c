/*
 * pool.c - the number of workers.
 *
 * Runs in: master.
 */
#include "common/base.h"
#include "daemon/workers/pool.h"

size_t
pool_missing(const struct server_settings *rules, size_t spare, size_t workers)
{
	size_t least = (size_t)rules->min_spare_workers;
	size_t most = (size_t)rules->max_workers;

	if (spare >= least || workers >= most)
		return 0;
	size_t missing = least - spare;
	size_t room = most - workers;
	return missing < room ? missing : room;
}

bool
pool_may_grow(const struct server_settings *rules, size_t workers)
{
	return workers < (size_t)rules->max_workers;
}

bool
pool_may_refuse(size_t refusing)
{
	return refusing < POOL_MAX_REFUSING;
}
