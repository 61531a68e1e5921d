/*
 * tally.c - counts items by key.
 *
 * Runs in: master.
 */
#include "common/base.h"
#include "daemon/tally.h"

#include "daemon/master_memory.h"

#include <sys/queue.h>
#include <sys/random.h>

#define BUCKETS 4096	/* a power of two */

struct tally_entry {
	LIST_ENTRY(tally_entry) in_bucket;
	size_t count;
	size_t len;
	unsigned char key[];
};

LIST_HEAD(bucket, tally_entry);

struct tally {
	uint64_t seed;
	struct bucket buckets[BUCKETS];
};

struct tally *
tally_new(void)
{
	struct tally *t = master_memory_new(sizeof(*t));

	/* Without it the table works, but its order can be predicted. */
	if (t != NULL)
		(void)!getrandom(&t->seed, sizeof(t->seed), GRND_NONBLOCK);
	return t;
}

void
tally_free(struct tally *t)
{
	if (t == NULL)
		return;
	for (size_t i = 0; i < BUCKETS; i++)
		while (!LIST_EMPTY(&t->buckets[i])) {
			struct tally_entry *e = LIST_FIRST(&t->buckets[i]);
			LIST_REMOVE(e, in_bucket);
			master_memory_free(e);
		}
	master_memory_free(t);
}

static uint64_t
mix(uint64_t h)
{
	h ^= h >> 33;
	h *= UINT64_C(0xff51afd7ed558ccd);
	return h ^ h >> 33;
}

static size_t
bucket_of(const struct tally *t, const unsigned char *key, size_t len)
{
	uint64_t h = t->seed;

	for (size_t i = 0; i < len; i++)
		h = mix(h ^ key[i]);
	return h & (BUCKETS - 1);
}

static struct tally_entry *
find(const struct tally *t, size_t bucket, const void *key, size_t len)
{
	struct tally_entry *e;

	LIST_FOREACH(e, &t->buckets[bucket], in_bucket)
		if (e->len == len && memcmp(e->key, key, len) == 0)
			return e;
	return NULL;
}

struct tally_entry *
tally_add(struct tally *t, const void *key, size_t len)
{
	size_t bucket = bucket_of(t, key, len);
	struct tally_entry *e = find(t, bucket, key, len);

	if (e == NULL) {
		e = master_memory_new(sizeof(*e) + len);
		if (e == NULL)
			return NULL;
		e->count = 0;
		e->len = len;
		memcpy(e->key, key, len);
		LIST_INSERT_HEAD(&t->buckets[bucket], e, in_bucket);
	}
	e->count++;
	return e;
}

void
tally_remove(struct tally_entry *entry)
{
	if (--entry->count > 0)
		return;
	LIST_REMOVE(entry, in_bucket);
	master_memory_free(entry);
}

size_t
tally_count(const struct tally *t, const void *key, size_t len)
{
	const struct tally_entry *e = find(t, bucket_of(t, key, len), key,
		len);

	return e == NULL ? 0 : e->count;
}
