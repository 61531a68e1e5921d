/*
 * master_memory.c - memory that forks do not pass on: chunks of pages, divided
 * into blocks, with a list of free blocks for each size.
 *
 * Runs in: master.
 */
#include "common/base.h"
#include "daemon/master_memory.h"

#include "common/process/sandbox_filter.h"

#include <sys/mman.h>
#include <sys/queue.h>

#define CHUNK	((size_t)1 << 20)
#define PAGE	((size_t)4096)
#define SMALL	((size_t)4096)	/* a larger block has a chunk of its own */
#define STEP	sizeof(struct block)	/* between sizes; the alignment */

struct chunk {
	LIST_ENTRY(chunk) next;
	size_t size, used;
};

struct block {
	_Alignas(max_align_t)
	size_t size;		/* with this head */
	struct block *next;	/* while it is free */
};

#define CHUNK_HEAD	((sizeof(struct chunk) + STEP - 1) / STEP * STEP)

static LIST_HEAD(, chunk) chunks;	/* the first is being divided */
static struct block *spare[SMALL / STEP + 1];

static struct chunk *
chunk_new(size_t size)
{
	struct chunk *c = mmap(NULL, size, PROT_READ | PROT_WRITE,
		MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (c == MAP_FAILED)
		return NULL;
	if (madvise(c, size, MADV_WIPEONFORK) < 0) {
		munmap(c, size);
		return NULL;
	}
	c->size = size;
	c->used = CHUNK_HEAD;
	return c;
}

static struct block *
block_at(struct chunk *c, size_t size)
{
	struct block *b = (void *)((char *)c + c->used);

	c->used += size;
	b->size = size;
	return b;
}

/* Behind the chunk that is being divided. */
static struct block *
large_new(size_t size)
{
	struct chunk *c = chunk_new((CHUNK_HEAD + size + PAGE - 1) /
		PAGE * PAGE), *first = LIST_FIRST(&chunks);

	if (c == NULL)
		return NULL;
	if (first != NULL)
		LIST_INSERT_AFTER(first, c, next);
	else
		LIST_INSERT_HEAD(&chunks, c, next);
	struct block *b = block_at(c, size);
	c->used = c->size;
	return b;
}

static struct block *
small_new(size_t size)
{
	struct block *b = spare[size / STEP];
	struct chunk *c = LIST_FIRST(&chunks);

	if (b != NULL) {
		spare[size / STEP] = b->next;
		memset(b + 1, 0, size - sizeof(*b));
		return b;
	}
	if (c == NULL || c->size - c->used < size) {
		c = chunk_new(CHUNK);
		if (c == NULL)
			return NULL;
		LIST_INSERT_HEAD(&chunks, c, next);
	}
	return block_at(c, size);
}

void *
master_memory_new(size_t size)
{
#ifdef SANDBOX_SANITIZED	/* which then sees each use of a freed block */
	return calloc(1, size);
#endif
	if (size > SIZE_MAX / 2)
		return NULL;
	size = (sizeof(struct block) + size + STEP - 1) / STEP * STEP;
	struct block *b = size > SMALL ? large_new(size) : small_new(size);
	return b == NULL ? NULL : b + 1;
}

char *
master_memory_text(const char *text)
{
	size_t size = strlen(text) + 1;
	char *copy = master_memory_new(size);

	if (copy != NULL)
		memcpy(copy, text, size);
	return copy;
}

void
master_memory_free(void *memory)
{
#ifdef SANDBOX_SANITIZED
	free(memory);
	return;
#endif
	if (memory == NULL)
		return;
	struct block *b = (struct block *)memory - 1;
	if (b->size <= SMALL) {
		b->next = spare[b->size / STEP];
		spare[b->size / STEP] = b;
		return;
	}
	struct chunk *c = (void *)((char *)b - CHUNK_HEAD);
	LIST_REMOVE(c, next);
	munmap(c, c->size);
}
