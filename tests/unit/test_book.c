/*
 * test_book.c - the count of a directory: rooms, reservations, removals, soft
 * limits.
 */
#include "common/base.h"
#include "tests/unit/unit.h"

#include "tests/unit/books.h"

const char *const unit_name = "book";

static void
test_new_file(void)
{
	struct book b = books_new(40000, 2);
	struct book_weight w = books_file(7, 0);
	struct book_upload u;

	/* Of unknown size: an eighth of the room at a time. */
	CU_ASSERT_EQUAL(books_begin(&b, &u, &w, true, -1), QUOTA_GRANTED);
	CU_ASSERT_EQUAL(u.size, 7500);
	CU_ASSERT_EQUAL(book_free(&b, &books_limit).bytes, 52500);
	CU_ASSERT_EQUAL(book_free(&b, &books_limit).files, 7);
	w = books_file(7, 7500);
	CU_ASSERT_EQUAL(book_grow(&b, &u, &books_limit, &w, 7501, BOOKS_NOW),
		QUOTA_GRANTED);
	CU_ASSERT_TRUE(u.size > 7500 && u.size <= 60000);
	books_check(&b, 47500, 3);
	/* More than there is: all that there is, then nothing. */
	CU_ASSERT_EQUAL(book_grow(&b, &u, &books_limit, &w, 80000, BOOKS_NOW),
		QUOTA_GRANTED);
	CU_ASSERT_EQUAL(u.size, 60000);
	w = books_file(7, 60000);
	CU_ASSERT_EQUAL(book_grow(&b, &u, &books_limit, &w, 60001, BOOKS_NOW),
		QUOTA_BYTES_EXCEEDED);
	books_settle(&b, &u, 7, 50000);
	books_check(&b, 90000, 3);
	books_check_idle(&b);
	book_clear(&b);
}

static void
test_announced(void)
{
	struct book b = books_new(40000, 2);
	struct book_weight w = books_file(7, 0);
	struct book_upload u, other;

	CU_ASSERT_EQUAL(books_begin(&b, &u, &w, true, 60001),
		QUOTA_BYTES_EXCEEDED);
	books_refused(&b, &u, 7);
	books_check_idle(&b);
	CU_ASSERT_EQUAL(books_begin(&b, &u, &w, true, 50000), QUOTA_GRANTED);
	w = books_file(8, 0);
	CU_ASSERT_EQUAL(books_begin(&b, &other, &w, true, 10001),
		QUOTA_BYTES_EXCEEDED);
	books_refused(&b, &other, 8);
	CU_ASSERT_EQUAL(books_begin(&b, &other, &w, true, 10000),
		QUOTA_GRANTED);
	CU_ASSERT_EQUAL(book_free(&b, &books_limit).bytes, 0);
	books_settle(&b, &u, 7, 0);
	books_settle(&b, &other, 8, 10000);
	books_check(&b, 50000, 4);
	books_check_idle(&b);
	book_clear(&b);
}

/* An old content's room is the new one's. */
static void
test_old_file(void)
{
	struct book b = books_new(100000, 10);
	struct book_weight w = books_file(7, 30000);
	struct book_upload u;

	CU_ASSERT_EQUAL(books_begin(&b, &u, &w, false, -1), QUOTA_GRANTED);
	CU_ASSERT_EQUAL(u.size, 30000);
	books_settle(&b, &u, 7, 20000);
	books_check(&b, 90000, 10);
	w = books_file(7, 20000);
	CU_ASSERT_EQUAL(books_begin(&b, &u, &w, false, 30001),
		QUOTA_BYTES_EXCEEDED);
	CU_ASSERT_EQUAL(books_begin(&b, &u, &w, true, 1), QUOTA_FILES_EXCEEDED);
	books_refused(&b, &u, 7);
	books_check_idle(&b);
	book_clear(&b);
}

/* The new file of a refused upload exists until the session has removed it.
 * Another session may do that first; or nobody can, then it counts. */
static void
test_refused_file(void)
{
	const struct quota_entry removed = { .inode = { 1, 7, 0 },
		.by = { 0, -1 } };
	struct book b = books_new(40000, 10);
	struct book_weight w = books_file(7, 0);
	struct book_upload u;

	CU_ASSERT_EQUAL(books_begin(&b, &u, &w, true, 1), QUOTA_FILES_EXCEEDED);
	books_check(&b, 40000, 10);
	book_change(&b, &removed, BOOKS_NOW);
	books_refused(&b, &u, 7);
	books_check(&b, 40000, 10);
	CU_ASSERT_EQUAL(books_begin(&b, &u, &w, true, 1), QUOTA_FILES_EXCEEDED);
	books_settle(&b, &u, 7, 0);
	books_check(&b, 40000, 11);
	books_check_idle(&b);
	book_clear(&b);
}

/* Only one upload has the room of a file that it replaces at its end. */
static void
test_replaced_file(void)
{
	struct book b = books_new(100000, 10);
	struct book_weight w = books_file(8, 0);
	struct book_upload u = { .file = NULL }, other = { .file = NULL };
	const struct message_quota_upload m = { .created = 1, .size = 30000,
		.replaced = { 1, 7, 0 }, .replaced_bytes = 30000 };
	const struct quota_entry removed = { .inode = { 1, 7, 0 },
		.by = { -30000, -1 } };

	CU_ASSERT_EQUAL(book_begin(&b, &u, &books_limit, &w, &m, BOOKS_NOW),
		QUOTA_GRANTED);
	CU_ASSERT_EQUAL(u.size, 30000);
	w = books_file(9, 0);
	CU_ASSERT_EQUAL(book_begin(&b, &other, &books_limit, &w, &m, BOOKS_NOW),
		QUOTA_BYTES_EXCEEDED);
	books_refused(&b, &other, 9);
	book_change(&b, &removed, BOOKS_NOW);
	books_settle(&b, &u, 8, 30000);
	books_check(&b, 100000, 10);
	books_check_idle(&b);
	book_clear(&b);
}

/* Both files are in the count while the new one grows, but it has the room of
 * the old one. */
static void
test_replaced_file_grows(void)
{
	struct book b = books_new(60000, 1);
	struct book_weight w = books_file(8, 0);
	struct book_upload u = { .file = NULL };
	const struct message_quota_upload m = { .created = 1, .size = -1,
		.replaced = { 1, 7, 0 }, .replaced_bytes = 60000 };
	const struct quota_entry removed = { .inode = { 1, 7, 0 },
		.by = { -60000, -1 } };

	CU_ASSERT_EQUAL(book_begin(&b, &u, &books_limit, &w, &m, BOOKS_NOW),
		QUOTA_GRANTED);
	CU_ASSERT_TRUE(u.size > 60000 && u.size < 100000);
	w = books_file(8, u.size);
	CU_ASSERT_EQUAL(book_grow(&b, &u, &books_limit, &w, 90000, BOOKS_NOW),
		QUOTA_GRANTED);
	CU_ASSERT_TRUE(u.size >= 90000 && u.size <= 100000);
	CU_ASSERT_EQUAL(book_free(&b, &books_limit).bytes, 100000 - u.size);
	book_change(&b, &removed, BOOKS_NOW);
	books_settle(&b, &u, 8, 90000);
	books_check(&b, 90000, 1);
	books_check_idle(&b);
	book_clear(&b);
}

/* Two uploads to one file, which the second sees before the first has said that
 * it is new. */
static void
test_one_file_for_two(void)
{
	struct book b = books_new(0, 0);
	struct book_weight w = books_file(7, 5);
	struct book_upload u, other;

	CU_ASSERT_EQUAL(books_begin(&b, &other, &w, false, -1), QUOTA_GRANTED);
	CU_ASSERT_EQUAL(books_begin(&b, &u, &w, true, -1), QUOTA_GRANTED);
	books_settle(&b, &u, 7, 10);
	books_check(&b, 10, 1);
	books_settle(&b, &other, 7, 25);
	books_check(&b, 25, 1);
	books_check_idle(&b);
	book_clear(&b);
}

static void
test_removed(void)
{
	struct book b = books_new(100, 3);
	struct quota_entry e = { .inode = { 1, 7, 0 }, .by = { -30, -1 } };

	book_change(&b, &e, BOOKS_NOW);
	books_check(&b, 70, 2);
	CU_ASSERT_FALSE(b.suspect);
	/* Twice: what the second session has removed is not known. */
	book_change(&b, &e, BOOKS_NOW);
	books_check(&b, 70, 2);
	CU_ASSERT_TRUE(b.suspect);
	b.suspect = false;
	/* The last of several links, as both believe. */
	e = (struct quota_entry){ .inode = { 1, 8, 0 }, .by = { -20, -1 },
		.links = 1 };
	book_change(&b, &e, BOOKS_NOW);
	book_change(&b, &e, BOOKS_NOW);
	books_check(&b, 50, 1);
	CU_ASSERT_FALSE(b.suspect);
	/* The inode of a new file, or after a while. */
	e.by = (struct quota_count){ 5, 1 };
	book_change(&b, &e, BOOKS_NOW);
	e.by = (struct quota_count){ -5, -1 };
	book_change(&b, &e, BOOKS_NOW);
	books_check(&b, 50, 1);
	book_change(&b, &e, BOOKS_NOW + BOOK_REMOVED_SECONDS + 1);
	books_check(&b, 45, 0);
	/* Less than nothing. */
	e.inode.inode = 9;
	book_change(&b, &e, BOOKS_NOW);
	CU_ASSERT_TRUE(b.suspect);
	book_clear(&b);
}

/* Removed while it is uploaded, and reported before its end, or after. */
static void
test_removed_during_upload(void)
{
	const struct quota_entry e = { .inode = { 1, 7, 0 }, .by = { -3, -1 } };

	for (int late = 0; late < 2; late++) {
		struct book b = books_new(0, 0);
		struct book_weight w = books_file(7, 0);
		struct book_upload u;

		CU_ASSERT_EQUAL(books_begin(&b, &u, &w, true, -1),
			QUOTA_GRANTED);
		w = books_file(7, 3);
		book_refresh(&b, &u, &w);
		books_check(&b, 3, 1);
		if (!late)
			book_change(&b, &e, BOOKS_NOW);
		w.count = (struct quota_count){ 0, 0 };
		w.removed = true;
		book_settle(&b, &u, &w, BOOKS_NOW);
		if (late)
			book_change(&b, &e, BOOKS_NOW);
		books_check(&b, 0, 0);
		CU_ASSERT_FALSE(b.suspect);
		books_check_idle(&b);
		book_clear(&b);
	}
}

static void
test_claim(void)
{
	struct book b = books_new(99000, 9);
	struct book_upload u = { .file = NULL };
	const struct quota_count directory = { 4096, 1 }, link = { 10, 1 };

	CU_ASSERT_EQUAL(book_claim(&b, &u, &books_limit, &directory, BOOKS_NOW),
		QUOTA_BYTES_EXCEEDED);
	CU_ASSERT_EQUAL(book_claim(&b, &u, &books_limit, &link, BOOKS_NOW),
		QUOTA_GRANTED);
	CU_ASSERT_EQUAL(book_claim(&b, &u, &books_limit, &link, BOOKS_NOW),
		QUOTA_FILES_EXCEEDED);
	book_release(&b, &u);
	books_check_idle(&b);
	b.known = false;
	CU_ASSERT_EQUAL(book_claim(&b, &u, &books_limit, &link, BOOKS_NOW),
		QUOTA_NOT_COUNTED);
	book_clear(&b);
}

static void
test_soft(void)
{
	const struct quota_limits soft = { 1000, -1, 100, 5, 60 };
	struct book b = books_new(100, 5);
	struct book_upload u = { .file = NULL };
	const struct quota_count one = { 1, 1 };

	CU_ASSERT_EQUAL(book_grace(&b, &soft, BOOKS_NOW), -1);
	b.count.bytes = 101;
	CU_ASSERT_EQUAL(book_grace(&b, &soft, BOOKS_NOW), 60);
	b.count.files = 6;
	CU_ASSERT_EQUAL(book_grace(&b, &soft, BOOKS_NOW + 20), 40);
	CU_ASSERT_EQUAL(book_claim(&b, &u, &soft, &one, BOOKS_NOW + 59),
		QUOTA_GRANTED);
	CU_ASSERT_EQUAL(book_claim(&b, &u, &soft, &one, BOOKS_NOW + 60),
		QUOTA_GRACE_OVER);
	b.count.bytes = 100;
	CU_ASSERT_EQUAL(book_grace(&b, &soft, BOOKS_NOW + 70), 10);
	b.count.files = 5;
	CU_ASSERT_EQUAL(book_grace(&b, &soft, BOOKS_NOW + 100), -1);
	/* The clock was set back. */
	b.count.files = 6;
	CU_ASSERT_EQUAL(book_grace(&b, &soft, BOOKS_NOW + 100), 60);
	CU_ASSERT_EQUAL(book_grace(&b, &soft, BOOKS_NOW), 60);
	book_clear(&b);
}

static void
test_allowance(void)
{
	const struct quota_limits large = { INT64_C(1) << 30, -1, -1, -1, 0 };
	const struct quota_limits soft = { -1, -1, 1000, -1, 60 };
	struct book b = books_new(0, 0);
	struct book_upload u = { .file = NULL };
	const struct quota_count used = { 4096, 1 }, freed = { -5, -1 };

	CU_ASSERT_EQUAL(book_allow(&b, &u, &books_limit).bytes, 0);
	CU_ASSERT_EQUAL(book_allow(&b, &u, &soft).bytes, 0);
	struct quota_count allowed = book_allow(&b, &u, &large);
	CU_ASSERT_TRUE(allowed.bytes > 4096 && allowed.files > 1);
	CU_ASSERT_EQUAL(b.reserved.bytes, allowed.bytes);
	book_allowed(&b, &u, &used);
	CU_ASSERT_EQUAL(b.reserved.bytes, allowed.bytes - 4096);
	book_allowed(&b, &u, &freed);
	CU_ASSERT_EQUAL(b.reserved.files, allowed.files - 1);
	allowed = book_allow(&b, &u, &books_unlimited);
	CU_ASSERT_EQUAL(b.reserved.bytes, allowed.bytes);
	/* Others find nearly all that is free. */
	const struct quota_limits small = { INT64_C(640) << 20, -1, -1, -1, 0 };
	CU_ASSERT_EQUAL(book_allow(&b, &u, &small).bytes, INT64_C(10) << 20);
	b.known = false;
	CU_ASSERT_EQUAL(book_allow(&b, &u, &large).bytes, 0);
	books_check_idle(&b);
	book_clear(&b);
}

CU_TestInfo unit_tests[] = {
	{ "a new file", test_new_file },
	{ "an announced size", test_announced },
	{ "an old file's room", test_old_file },
	{ "the new file of a refused upload", test_refused_file },
	{ "a file that will be replaced", test_replaced_file },
	{ "its successor grows", test_replaced_file_grows },
	{ "two uploads to one file", test_one_file_for_two },
	{ "removed files", test_removed },
	{ "removed during an upload", test_removed_during_upload },
	{ "claims", test_claim },
	{ "soft limits", test_soft },
	{ "allowances", test_allowance },
	CU_TEST_INFO_NULL,
};
