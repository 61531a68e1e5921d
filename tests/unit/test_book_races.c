/*
 * test_book_races.c - the count of a directory, if sessions remove or rename
 * what others use.
 */
#include "common/base.h"
#include "tests/unit/unit.h"

#include "tests/unit/books.h"

const char *const unit_name = "book_races";

/* Another session removes the file that will be replaced: its space stays with
 * the upload. */
static void
test_replaced_file_removed(void)
{
	struct book b = books_new(100000, 10);
	struct book_weight w = books_file(8, 0);
	struct book_upload u = { .file = NULL }, other;
	const struct message_quota_upload m = { .created = 1, .size = 30000,
		.replaced = { 1, 7, 0 }, .replaced_bytes = 30000 };
	const struct quota_entry removed = { .inode = { 1, 7, 0 },
		.by = { -30000, -1 } };

	CU_ASSERT_EQUAL(book_begin(&b, &u, &books_limit, &w, &m, BOOKS_NOW),
		QUOTA_GRANTED);
	book_change(&b, &removed, BOOKS_NOW);
	CU_ASSERT_EQUAL(book_free(&b, &books_limit).bytes, 0);
	CU_ASSERT_EQUAL(book_free(&b, &books_limit).files, 0);
	w = books_file(9, 0);
	CU_ASSERT_EQUAL(books_begin(&b, &other, &w, true, 1),
		QUOTA_BYTES_EXCEEDED);
	books_refused(&b, &other, 9);
	books_settle(&b, &u, 8, 30000);
	books_check(&b, 100000, 10);
	books_check_idle(&b);
	book_clear(&b);
}

/* It is renamed: then the upload needs space of its own. */
static void
test_replaces_not(void)
{
	struct book b = books_new(90000, 9);
	struct book_weight w = books_file(8, 0);
	struct book_upload u = { .file = NULL };
	const struct message_quota_upload m = { .created = 1, .size = 30000,
		.replaced = { 1, 7, 0 }, .replaced_bytes = 30000 };

	for (int64_t size = 10000; size < 10002; size++) {
		w = books_file(8, 0);
		CU_ASSERT_EQUAL(book_begin(&b, &u, &books_limit, &w, &m,
			BOOKS_NOW),
			QUOTA_GRANTED);
		w = books_file(8, size);
		CU_ASSERT_EQUAL(book_cancel_replace(&b, &u, &books_limit, &w),
			size == 10000 ? QUOTA_GRANTED : QUOTA_BYTES_EXCEEDED);
		w = (struct book_weight){ .inode = w.inode, .removed = true };
		book_settle(&b, &u, &w, BOOKS_NOW);
		books_check(&b, 90000, 9);
		books_check_idle(&b);
	}
	book_clear(&b);
}

/* Its removal is reported before the upload to it begins: it is given back
 * once, or not at all if it was new. */
static void
test_removed_before(void)
{
	for (int created = 0; created < 2; created++) {
		struct book b = books_new(50000, 5);
		struct book_weight w = books_file(7, created ? 0 : 30000);
		const struct quota_entry removed = { .inode = w.inode,
			.by = { -w.count.bytes, -1 } };
		struct book_upload u;

		book_change(&b, &removed, BOOKS_NOW);
		w.removed = true;
		CU_ASSERT_EQUAL(books_begin(&b, &u, &w, created != 0, -1),
			QUOTA_GRANTED);
		w.count = (struct quota_count){ 0, 0 };
		book_settle(&b, &u, &w, BOOKS_NOW);
		books_check(&b, created ? 50000 : 20000, created ? 5 : 4);
		books_check_idle(&b);
		book_clear(&b);
	}
}

/* An upload that the bookkeeper has not heard of finds its file removed: what
 * of it was in the count is given back, whoever says so first. */
static void
test_lost(void)
{
	for (int first = 0; first < 2; first++) {
		struct book b = books_new(50000, 5);
		const struct quota_entry removed = { .inode = { 1, 7, 3 },
			.by = { -9000, -1 } };
		const struct quota_entry lost = { .inode = { 1, 7, 3 },
			.by = { -2000, -1 }, .lost = 1 };

		book_change(&b, first ? &lost : &removed, BOOKS_NOW);
		book_change(&b, first ? &removed : &lost, BOOKS_NOW);
		books_check(&b, 48000, 4);
		CU_ASSERT_FALSE(b.suspect);
		book_clear(&b);
	}
}

/* One session truncates a file and stores less, another one appends to it and
 * finds it removed; the removal is reported before both. */
static void
test_late_reports(void)
{
	struct book b = books_new(50000, 5);
	const struct quota_entry removed = { .inode = { 1, 7, 3 },
		.by = { -200, -1 } };
	const struct quota_entry smaller = { .inode = { 1, 7, 3 },
		.by = { -9800, 0 }, .content = 1, .now = { 200, 1 } };
	const struct quota_entry lost = { .inode = { 1, 7, 3 },
		.by = { -200, -1 }, .lost = 1 };

	book_change(&b, &removed, BOOKS_NOW);
	book_change(&b, &smaller, BOOKS_NOW);
	book_change(&b, &lost, BOOKS_NOW);
	books_check(&b, 40000, 4);
	book_clear(&b);
}

/* The same inode number, used again. */
static void
test_generations(void)
{
	struct book b = books_new(50000, 5);

	for (uint64_t g = 1; g < 4; g++) {
		const struct quota_entry removed = { .inode = { 1, 7, g },
			.by = { -1000, -1 } };
		book_change(&b, &removed, BOOKS_NOW);
	}
	books_check(&b, 47000, 2);
	CU_ASSERT_FALSE(b.suspect);
	book_clear(&b);
}

CU_TestInfo unit_tests[] = {
	{ "a file that will be replaced, and is removed",
		test_replaced_file_removed },
	{ "a file that will not be replaced", test_replaces_not },
	{ "a removal before the upload", test_removed_before },
	{ "a removal during an upload that is reported late", test_lost },
	{ "reports of a removed file in another order", test_late_reports },
	{ "an inode number that is used again", test_generations },
	CU_TEST_INFO_NULL,
};
