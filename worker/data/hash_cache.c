/*
 * hash_cache.c - the hashes of the last uploads.
 *
 * Runs in: session.
 */
#include "common/base.h"

#include "worker/data/hash_cache.h"

void
hash_cache_add(struct hash_cache *c, const struct stat *st,
	enum hash_kind kind, const char *hex)
{
	struct hash_cache_entry *e = &c->entries[c->next];

	c->next = (c->next + 1) % HASH_CACHE_MAX;
	*e = (struct hash_cache_entry){
		.used = true,
		.dev = st->st_dev,
		.ino = st->st_ino,
		.size = st->st_size,
		.mtime = st->st_mtim,
		.kind = kind,
	};
	snprintf(e->hex, sizeof(e->hex), "%s", hex);
}

static bool
is_same(const struct hash_cache_entry *e, const struct stat *st)
{
	return e->dev == st->st_dev && e->ino == st->st_ino &&
		e->size == st->st_size &&
		e->mtime.tv_sec == st->st_mtim.tv_sec &&
		e->mtime.tv_nsec == st->st_mtim.tv_nsec;
}

/* The newest entry applies: older ones may be of former contents of the
 * file. */
const char *
hash_cache_find(const struct hash_cache *c, const struct stat *st,
	enum hash_kind kind)
{
	for (size_t i = 1; i <= HASH_CACHE_MAX; i++) {
		size_t at = (c->next + HASH_CACHE_MAX - i) % HASH_CACHE_MAX;
		const struct hash_cache_entry *e = &c->entries[at];

		if (e->used && e->kind == kind && is_same(e, st))
			return e->hex;
	}
	return NULL;
}
