/*
 * test_book.c - the count of a directory: rooms, reservations, removals, soft
 * limits.
 */
#include "common/base.h"
#include "tests/unit/unit.h"

#include "daemon/quota/book.h"

const char *const unit_name = "book";

#define NOW 1000

static struct book_gone gone;
static const struct quota_limits limit_100 = { 100000, 10, -1, -1, 0 };
static const struct quota_limits unlimited = { -1, -1, -1, -1, 0 };

static struct book
new_book(int64_t bytes, int64_t files)
{
	struct book b;

	memset(&gone, 0, sizeof(gone));
	book_init(&b, &gone);
	b.known = true;
	b.count = (struct quota_count){ bytes, files };
	return b;
}

static struct book_weight
file(uint64_t inode, int64_t bytes)
{
	return (struct book_weight){ .inode = { 1, inode },
		.count = { bytes, 1 } };
}

static enum quota_refusal
begin(struct book *b, struct book_upload *u, const struct book_weight *w,
	bool created, int64_t size)
{
	const struct message_quota_upload m = { .created = created,
		.size = size };

	*u = (struct book_upload){ .file = NULL };
	return book_begin(b, u, &limit_100, w, &m, NOW);
}

static void
settle(struct book *b, struct book_upload *u, uint64_t inode, int64_t bytes)
{
	struct book_weight w = file(inode, bytes);

	book_settle(b, u, &w, NOW);
}

static void
check_count(const struct book *b, int64_t bytes, int64_t files)
{
	CU_ASSERT_EQUAL(b->count.bytes, bytes);
	CU_ASSERT_EQUAL(b->count.files, files);
}

static void
check_idle(const struct book *b)
{
	CU_ASSERT_EQUAL(b->reserved.bytes, 0);
	CU_ASSERT_EQUAL(b->reserved.files, 0);
	CU_ASSERT_PTR_NULL(b->files);
	CU_ASSERT_PTR_NULL(b->uploads);
}

static void
test_new_file(void)
{
	struct book b = new_book(40000, 2);
	struct book_weight w = file(7, 0);
	struct book_upload u;

	/* Of unknown size: an eighth of the room at a time. */
	CU_ASSERT_EQUAL(begin(&b, &u, &w, true, -1), QUOTA_GRANTED);
	CU_ASSERT_EQUAL(u.size, 7500);
	CU_ASSERT_EQUAL(book_free(&b, &limit_100).bytes, 52500);
	CU_ASSERT_EQUAL(book_free(&b, &limit_100).files, 7);
	w = file(7, 7500);
	CU_ASSERT_EQUAL(book_grow(&b, &u, &limit_100, &w, 7501, NOW),
		QUOTA_GRANTED);
	CU_ASSERT_TRUE(u.size > 7500 && u.size <= 60000);
	check_count(&b, 47500, 3);
	/* More than there is: all that there is, then nothing. */
	CU_ASSERT_EQUAL(book_grow(&b, &u, &limit_100, &w, 80000, NOW),
		QUOTA_GRANTED);
	CU_ASSERT_EQUAL(u.size, 60000);
	w = file(7, 60000);
	CU_ASSERT_EQUAL(book_grow(&b, &u, &limit_100, &w, 60001, NOW),
		QUOTA_BYTES_EXCEEDED);
	settle(&b, &u, 7, 50000);
	check_count(&b, 90000, 3);
	check_idle(&b);
	book_clear(&b);
}

static void
test_announced(void)
{
	struct book b = new_book(40000, 2);
	struct book_weight w = file(7, 0);
	struct book_upload u, other;

	CU_ASSERT_EQUAL(begin(&b, &u, &w, true, 60001), QUOTA_BYTES_EXCEEDED);
	check_idle(&b);
	CU_ASSERT_EQUAL(begin(&b, &u, &w, true, 50000), QUOTA_GRANTED);
	w = file(8, 0);
	CU_ASSERT_EQUAL(begin(&b, &other, &w, true, 10001),
		QUOTA_BYTES_EXCEEDED);
	CU_ASSERT_EQUAL(begin(&b, &other, &w, true, 10000), QUOTA_GRANTED);
	CU_ASSERT_EQUAL(book_free(&b, &limit_100).bytes, 0);
	settle(&b, &u, 7, 0);
	settle(&b, &other, 8, 10000);
	check_count(&b, 50000, 4);
	check_idle(&b);
	book_clear(&b);
}

/* An old content's room is the new one's. */
static void
test_old_file(void)
{
	struct book b = new_book(100000, 10);
	struct book_weight w = file(7, 30000);
	struct book_upload u;

	CU_ASSERT_EQUAL(begin(&b, &u, &w, false, -1), QUOTA_GRANTED);
	CU_ASSERT_EQUAL(u.size, 30000);
	settle(&b, &u, 7, 20000);
	check_count(&b, 90000, 10);
	w = file(7, 20000);
	CU_ASSERT_EQUAL(begin(&b, &u, &w, false, 30001), QUOTA_BYTES_EXCEEDED);
	CU_ASSERT_EQUAL(begin(&b, &u, &w, true, 1), QUOTA_FILES_EXCEEDED);
	check_idle(&b);
	book_clear(&b);
}

/* Only one upload has the room of a file that it replaces at its end. */
static void
test_replaced_file(void)
{
	struct book b = new_book(100000, 10);
	struct book_weight w = file(8, 0);
	struct book_upload u = { .file = NULL }, other = { .file = NULL };
	const struct message_quota_upload m = { .created = 1, .size = 30000,
		.replaced = { 1, 7 }, .replaced_bytes = 30000 };
	const struct quota_entry removed = { .inode = { 1, 7 },
		.by = { -30000, -1 } };

	CU_ASSERT_EQUAL(book_begin(&b, &u, &limit_100, &w, &m, NOW),
		QUOTA_GRANTED);
	CU_ASSERT_EQUAL(u.size, 30000);
	w = file(9, 0);
	CU_ASSERT_EQUAL(book_begin(&b, &other, &limit_100, &w, &m, NOW),
		QUOTA_BYTES_EXCEEDED);
	book_change(&b, &removed, NOW);
	settle(&b, &u, 8, 30000);
	check_count(&b, 100000, 10);
	check_idle(&b);
	book_clear(&b);
}

/* Two uploads to one file, which the second sees before the first has said that
 * it is new. */
static void
test_one_file_for_two(void)
{
	struct book b = new_book(0, 0);
	struct book_weight w = file(7, 5);
	struct book_upload u, other;

	CU_ASSERT_EQUAL(begin(&b, &other, &w, false, -1), QUOTA_GRANTED);
	CU_ASSERT_EQUAL(begin(&b, &u, &w, true, -1), QUOTA_GRANTED);
	settle(&b, &u, 7, 10);
	check_count(&b, 10, 1);
	settle(&b, &other, 7, 25);
	check_count(&b, 25, 1);
	check_idle(&b);
	book_clear(&b);
}

static void
test_removed(void)
{
	struct book b = new_book(100, 3);
	struct quota_entry e = { .inode = { 1, 7 }, .by = { -30, -1 } };

	book_change(&b, &e, NOW);
	check_count(&b, 70, 2);
	CU_ASSERT_FALSE(b.suspect);
	/* Twice: what the second session has removed is not known. */
	book_change(&b, &e, NOW);
	check_count(&b, 70, 2);
	CU_ASSERT_TRUE(b.suspect);
	b.suspect = false;
	/* The last of several links, as both believe. */
	e = (struct quota_entry){ .inode = { 1, 8 }, .by = { -20, -1 },
		.links = 1 };
	book_change(&b, &e, NOW);
	book_change(&b, &e, NOW);
	check_count(&b, 50, 1);
	CU_ASSERT_FALSE(b.suspect);
	/* The inode of a new file, or after a while. */
	e.by = (struct quota_count){ 5, 1 };
	book_change(&b, &e, NOW);
	e.by = (struct quota_count){ -5, -1 };
	book_change(&b, &e, NOW);
	check_count(&b, 50, 1);
	book_change(&b, &e, NOW + BOOK_GONE_SECONDS + 1);
	check_count(&b, 45, 0);
	/* Less than nothing. */
	e.inode.inode = 9;
	book_change(&b, &e, NOW);
	CU_ASSERT_TRUE(b.suspect);
	book_clear(&b);
}

/* Removed while it is uploaded, and reported before its end, or after. */
static void
test_removed_during_upload(void)
{
	const struct quota_entry e = { .inode = { 1, 7 }, .by = { -3, -1 } };

	for (int late = 0; late < 2; late++) {
		struct book b = new_book(0, 0);
		struct book_weight w = file(7, 0);
		struct book_upload u;

		CU_ASSERT_EQUAL(begin(&b, &u, &w, true, -1), QUOTA_GRANTED);
		w = file(7, 3);
		book_refresh(&b, &u, &w);
		check_count(&b, 3, 1);
		if (!late)
			book_change(&b, &e, NOW);
		w.count = (struct quota_count){ 0, 0 };
		w.gone = true;
		book_settle(&b, &u, &w, NOW);
		if (late)
			book_change(&b, &e, NOW);
		check_count(&b, 0, 0);
		CU_ASSERT_FALSE(b.suspect);
		check_idle(&b);
		book_clear(&b);
	}
}

static void
test_claim(void)
{
	struct book b = new_book(99000, 9);
	struct book_upload u = { .file = NULL };
	const struct quota_count directory = { 4096, 1 }, link = { 10, 1 };

	CU_ASSERT_EQUAL(book_claim(&b, &u, &limit_100, &directory, NOW),
		QUOTA_BYTES_EXCEEDED);
	CU_ASSERT_EQUAL(book_claim(&b, &u, &limit_100, &link, NOW),
		QUOTA_GRANTED);
	CU_ASSERT_EQUAL(book_claim(&b, &u, &limit_100, &link, NOW),
		QUOTA_FILES_EXCEEDED);
	book_release(&b, &u);
	check_idle(&b);
	b.known = false;
	CU_ASSERT_EQUAL(book_claim(&b, &u, &limit_100, &link, NOW),
		QUOTA_NOT_COUNTED);
	book_clear(&b);
}

static void
test_soft(void)
{
	const struct quota_limits soft = { 1000, -1, 100, 5, 60 };
	struct book b = new_book(100, 5);
	struct book_upload u = { .file = NULL };
	const struct quota_count one = { 1, 1 };

	CU_ASSERT_EQUAL(book_grace(&b, &soft, NOW), -1);
	b.count.bytes = 101;
	CU_ASSERT_EQUAL(book_grace(&b, &soft, NOW), 60);
	b.count.files = 6;
	CU_ASSERT_EQUAL(book_grace(&b, &soft, NOW + 20), 40);
	CU_ASSERT_EQUAL(book_claim(&b, &u, &soft, &one, NOW + 59),
		QUOTA_GRANTED);
	CU_ASSERT_EQUAL(book_claim(&b, &u, &soft, &one, NOW + 60),
		QUOTA_GRACE_OVER);
	b.count.bytes = 100;
	CU_ASSERT_EQUAL(book_grace(&b, &soft, NOW + 70), 10);
	b.count.files = 5;
	CU_ASSERT_EQUAL(book_grace(&b, &soft, NOW + 100), -1);
	/* The clock was set back. */
	b.count.files = 6;
	CU_ASSERT_EQUAL(book_grace(&b, &soft, NOW + 100), 60);
	CU_ASSERT_EQUAL(book_grace(&b, &soft, NOW), 60);
	book_clear(&b);
}

static void
test_allowance(void)
{
	const struct quota_limits large = { INT64_C(1) << 30, -1, -1, -1, 0 };
	const struct quota_limits soft = { -1, -1, 1000, -1, 60 };
	struct book b = new_book(0, 0);
	struct book_upload u = { .file = NULL };
	const struct quota_count used = { 4096, 1 }, freed = { -5, -1 };

	CU_ASSERT_EQUAL(book_allow(&b, &u, &limit_100).bytes, 0);
	CU_ASSERT_EQUAL(book_allow(&b, &u, &soft).bytes, 0);
	struct quota_count allowed = book_allow(&b, &u, &large);
	CU_ASSERT_TRUE(allowed.bytes > 4096 && allowed.files > 1);
	CU_ASSERT_EQUAL(b.reserved.bytes, allowed.bytes);
	book_allowed(&b, &u, &used);
	CU_ASSERT_EQUAL(b.reserved.bytes, allowed.bytes - 4096);
	book_allowed(&b, &u, &freed);
	CU_ASSERT_EQUAL(b.reserved.files, allowed.files - 1);
	allowed = book_allow(&b, &u, &unlimited);
	CU_ASSERT_EQUAL(b.reserved.bytes, allowed.bytes);
	b.known = false;
	CU_ASSERT_EQUAL(book_allow(&b, &u, &large).bytes, 0);
	check_idle(&b);
	book_clear(&b);
}

CU_TestInfo unit_tests[] = {
	{ "a new file", test_new_file },
	{ "an announced size", test_announced },
	{ "an old file's room", test_old_file },
	{ "a file that will be replaced", test_replaced_file },
	{ "two uploads to one file", test_one_file_for_two },
	{ "removed files", test_removed },
	{ "removed during an upload", test_removed_during_upload },
	{ "claims", test_claim },
	{ "soft limits", test_soft },
	{ "allowances", test_allowance },
	CU_TEST_INFO_NULL,
};
