/*
 * books.c - what the suites about counts share.
 *
 * Runs in: the suite's process.
 */
#include "common/base.h"
#include "tests/unit/books.h"

#include "tests/unit/unit.h"

static struct book_removed removed;
const struct quota_limits books_limit = { 100000, 10, -1, -1, 0 };
const struct quota_limits books_unlimited = { -1, -1, -1, -1, 0 };

struct book
books_new(int64_t bytes, int64_t files)
{
	struct book b;

	memset(&removed, 0, sizeof(removed));
	book_init(&b, &removed);
	b.known = true;
	b.count = (struct quota_count){ bytes, files };
	return b;
}

struct book_weight
books_file(uint64_t inode, int64_t bytes)
{
	return (struct book_weight){ .inode = { 1, inode, 0 },
		.count = { bytes, 1 } };
}

enum quota_refusal
books_begin(struct book *b, struct book_upload *u, const struct book_weight *w,
	bool created, int64_t size)
{
	const struct message_quota_upload m = { .created = created,
		.size = size };

	*u = (struct book_upload){ .file = NULL };
	return book_begin(b, u, &books_limit, w, &m, BOOKS_NOW);
}

void
books_settle(struct book *b, struct book_upload *u, uint64_t inode,
	int64_t bytes)
{
	struct book_weight w = books_file(inode, bytes);

	book_settle(b, u, &w, BOOKS_NOW);
}

void
books_refused(struct book *b, struct book_upload *u, uint64_t inode)
{
	const struct book_weight w = { .inode = { 1, inode, 0 },
		.removed = true };

	book_settle(b, u, &w, BOOKS_NOW);
}

void
books_check(const struct book *b, int64_t bytes, int64_t files)
{
	CU_ASSERT_EQUAL(b->count.bytes, bytes);
	CU_ASSERT_EQUAL(b->count.files, files);
}

void
books_check_idle(const struct book *b)
{
	CU_ASSERT_EQUAL(b->reserved.bytes, 0);
	CU_ASSERT_EQUAL(b->reserved.files, 0);
	CU_ASSERT_PTR_NULL(b->files);
	CU_ASSERT_PTR_NULL(b->uploads);
}
