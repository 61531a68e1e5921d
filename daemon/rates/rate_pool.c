/*
 * rate_pool.c - determines which sessions share a limit.
 *
 * Runs in: master.
 */
#include "common/base.h"
#include "daemon/rates/rate_pool.h"

#include "daemon/master_memory.h"

static struct rate_pool_list *
bucket_of(struct rate_pools *pools, enum rate_scope scope, const char *name)
{
	uint32_t h = 2166136261u + (uint32_t)scope;	/* FNV-1a */

	for (; *name != '\0'; name++)
		h = (h ^ (unsigned char)*name) * 16777619u;
	return &pools->buckets[(h ^ h >> 16) & (RATE_BUCKETS - 1)];
}

struct rate_pool *
rate_pool_find(struct rate_pools *pools, enum rate_scope scope,
	const char *name)
{
	struct rate_pool *p;

	LIST_FOREACH(p, bucket_of(pools, scope, name), in_bucket)
		if (p->scope == scope && strcmp(p->name, name) == 0)
			return p;
	return NULL;
}

static struct rate_pool *
make(struct rate_pools *pools, enum rate_scope scope, const char *name)
{
	size_t size = strlen(name) + 1;
	struct rate_pool *p = master_memory_new(sizeof(*p) + size);

	if (p == NULL)
		return NULL;
	p->scope = scope;
	memcpy(p->name, name, size);
	LIST_INSERT_HEAD(bucket_of(pools, scope, name), p, in_bucket);
	return p;
}

static void
end(struct rate_pool *p)
{
	if (p->limited)
		LIST_REMOVE(p, in_limited);
	LIST_REMOVE(p, in_bucket);
	master_memory_free(p);
}

void
rate_pool_limit(struct rate_pools *pools, struct rate_pool *p,
	struct rate_limits limits)
{
	bool limited = limits.download > 0 || limits.upload > 0;

	p->part[RATE_DOWN].limit = limits.download;
	p->part[RATE_UP].limit = limits.upload;
	if (limited && !p->limited)
		LIST_INSERT_HEAD(&pools->limited, p, in_limited);
	else if (!limited && p->limited)
		LIST_REMOVE(p, in_limited);
	p->limited = limited;
}

int
rate_pool_enter(struct rate_pools *pools, struct rate_member *m,
	enum rate_scope scope, const char *name,
	const struct rate_limits *limits)
{
	struct rate_pool *p = rate_pool_find(pools, scope, name);

	if (p == NULL)
		p = make(pools, scope, name);
	if (p == NULL)
		return -ENOMEM;
	m->of[scope] = (struct rate_membership){ .pool = p, .member = m };
	LIST_INSERT_HEAD(&p->members, &m->of[scope], in_pool);
	p->count++;
	rate_pool_limit(pools, p, *limits);
	return 0;
}

struct rate_pool *
rate_pool_leave(struct rate_member *m, enum rate_scope scope)
{
	struct rate_pool *p = m->of[scope].pool;

	if (p == NULL)
		return NULL;
	LIST_REMOVE(&m->of[scope], in_pool);
	m->of[scope].pool = NULL;
	if (--p->count > 0)
		return p;
	end(p);
	return NULL;
}

bool
rate_pools_shared(const struct rate_pools *pools)
{
	const struct rate_pool *p;

	LIST_FOREACH(p, &pools->limited, in_limited)
		if (p->count > 1)
			return true;
	return false;
}

void
rate_pools_clear(struct rate_pools *pools)
{
	for (size_t i = 0; i < RATE_BUCKETS; i++)
		while (!LIST_EMPTY(&pools->buckets[i]))
			end(LIST_FIRST(&pools->buckets[i]));
}
