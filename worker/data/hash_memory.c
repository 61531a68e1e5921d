/*
 * hash_memory.c - the hashes of the last uploads.
 *
 * Runs in: session.
 */
#include "common/base.h"

#include "worker/data/hash_memory.h"

void
hash_memory_add(struct hash_memory *m, const struct stat *st,
	enum hash_kind kind, const char *hex)
{
	struct hash_known *k = &m->known[m->next];

	m->next = (m->next + 1) % HASH_MEMORY_MAX;
	*k = (struct hash_known){
		.used = true,
		.dev = st->st_dev,
		.ino = st->st_ino,
		.size = st->st_size,
		.mtime = st->st_mtim,
		.kind = kind,
	};
	snprintf(k->hex, sizeof(k->hex), "%s", hex);
}

static bool
is_same(const struct hash_known *k, const struct stat *st)
{
	return k->dev == st->st_dev && k->ino == st->st_ino &&
		k->size == st->st_size &&
		k->mtime.tv_sec == st->st_mtim.tv_sec &&
		k->mtime.tv_nsec == st->st_mtim.tv_nsec;
}

/* The newest one applies: older ones may be of previous contents of the
 * file. */
const char *
hash_memory_find(const struct hash_memory *m, const struct stat *st,
	enum hash_kind kind)
{
	for (size_t i = 1; i <= HASH_MEMORY_MAX; i++) {
		const struct hash_known *k = &m->known[
			(m->next + HASH_MEMORY_MAX - i) % HASH_MEMORY_MAX];
		if (k->used && k->kind == kind && is_same(k, st))
			return k->hex;
	}
	return NULL;
}
