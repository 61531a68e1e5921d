/*
 * rate_pool.h - which sessions share a limit: a pool for each account, group
 * and listener that has sessions, and one for the server.
 *
 * Its functions are used by rates.c only.
 */
#ifndef DAEMON_RATE_POOL_H
#define DAEMON_RATE_POOL_H

#include "common/base.h"
#include "daemon/rates/share.h"

#include <sys/queue.h>

enum rate_scope {
	RATE_USER,
	RATE_GROUP,
	RATE_LISTENER,
	RATE_SERVER,
	RATE_SCOPES
};

/* Bytes per second; 0: no limit. */
struct rate_limits {
	int64_t download, upload;
};

enum { RATE_DOWN, RATE_UP, RATE_DIRECTIONS };

#define RATE_BUCKETS 1024	/* of pools, by name; a power of two */

struct rate_pool;

struct rate_member;

/* A session in a pool. */
struct rate_membership {
	LIST_ENTRY(rate_membership) in_pool;
	struct rate_pool *pool;		/* NULL: in none */
	struct rate_member *member;
};

/* A session, once it has logged in. */
struct rate_member {
	size_t place;			/* on the board */
	int64_t own[RATE_DIRECTIONS];	/* its own limits; 0: none */
	struct rate_membership of[RATE_SCOPES];
	/* for rates.c */
	uint64_t round;			/* in which the page was read last */
	int64_t moved[RATE_DIRECTIONS];	/* bytes seen there */
	struct share share[RATE_DIRECTIONS];	/* for share_out() */
	int64_t rate[RATE_DIRECTIONS];	/* least share of this round */
	LIST_ENTRY(rate_member) in_round;
};

struct rate_pool {
	LIST_ENTRY(rate_pool) in_bucket, in_limited;
	enum rate_scope scope;
	bool limited;
	struct share_pool part[RATE_DIRECTIONS];
	LIST_HEAD(, rate_membership) members;
	size_t count;			/* of them */
	char name[];
};

LIST_HEAD(rate_pool_list, rate_pool);

/* A zeroed struct is empty. */
struct rate_pools {
	struct rate_pool_list buckets[RATE_BUCKETS];
	struct rate_pool_list limited;	/* those that have a limit */
};

/* NULL when there is none. */
struct rate_pool *rate_pool_find(struct rate_pools *pools,
	enum rate_scope scope, const char *name);

/* Add the session to this pool, which is created if needed, with these limits.
 * 0 or -ENOMEM. */
int rate_pool_enter(struct rate_pools *pools, struct rate_member *m,
	enum rate_scope scope, const char *name,
	const struct rate_limits *limits) MUST_CHECK;

/* Remove the session from its pool, if any; the last member frees it.  Returns
 * the pool if it still has members, or NULL. */
struct rate_pool *rate_pool_leave(struct rate_member *m,
	enum rate_scope scope);

void rate_pool_limit(struct rate_pools *pools, struct rate_pool *p,
	struct rate_limits limits);

/* Do at least two sessions share a limit? */
bool rate_pools_shared(const struct rate_pools *pools);

/* Free all pools. */
void rate_pools_clear(struct rate_pools *pools);

#endif
