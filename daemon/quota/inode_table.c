/*
 * inode_table.c - an open hash table of inodes.
 *
 * Runs in: scanner.
 */
#include "common/base.h"
#include "daemon/quota/inode_table.h"

#include <sys/random.h>

#define FIRST_SIZE 1024

void
inode_table_init(struct inode_table *t, size_t max)
{
	*t = (struct inode_table){ .max = max };
	/* Against inode numbers chosen to collide; without a random number the
	 * table may only be slower. */
	(void)!getrandom(&t->seed, sizeof(t->seed), GRND_NONBLOCK);
}

void
inode_table_clear(struct inode_table *t)
{
	free(t->rows);
	t->rows = NULL;
	t->size = t->count = 0;
}

static size_t
place_of(const struct inode_table *t, uint64_t dev, uint64_t ino)
{
	uint64_t hash = t->seed ^ ino ^ (dev << 32 | dev >> 32);

	for (int i = 0; i < 2; i++) {
		hash ^= hash >> 33;
		hash *= UINT64_C(0xff51afd7ed558ccd);
	}
	return (size_t)(hash >> 16) & (t->size - 1);
}

/* The inode's row, or the unused one where it belongs. */
static struct inode_row *
row_of(const struct inode_table *t, uint64_t dev, uint64_t ino)
{
	size_t at = place_of(t, dev, ino);

	while (t->rows[at].b != 0 &&
	    (t->rows[at].ino != ino || t->rows[at].dev != dev))
		at = (at + 1) & (t->size - 1);
	return &t->rows[at];
}

struct inode_row *
inode_table_find(const struct inode_table *t, uint64_t dev, uint64_t ino)
{
	if (t->size == 0)
		return NULL;
	struct inode_row *row = row_of(t, dev, ino);
	return row->b != 0 ? row : NULL;
}

static bool
grow(struct inode_table *t)
{
	struct inode_table larger = *t;

	larger.size = t->size == 0 ? FIRST_SIZE : 2 * t->size;
	larger.rows = calloc(larger.size, sizeof(larger.rows[0]));
	if (larger.rows == NULL)
		return false;
	for (size_t i = 0; i < t->size; i++)
		if (t->rows[i].b != 0)
			*row_of(&larger, t->rows[i].dev, t->rows[i].ino) =
				t->rows[i];
	free(t->rows);
	*t = larger;
	return true;
}

bool
inode_table_add(struct inode_table *t, const struct inode_row *row)
{
	if (t->count == t->max)
		return false;
	if (2 * (t->count + 1) > t->size && !grow(t))
		return false;
	*row_of(t, row->dev, row->ino) = *row;
	t->count++;
	return true;
}
