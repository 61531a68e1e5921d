/*
 * test_store.c - when the file of a count is written.
 */
#include "common/base.h"
#include "tests/unit/unit.h"

#include "common/clock.h"
#include "common/log/event.h"
#include "daemon/quota/store.h"
#include "tests/unit/scratch.h"

#include <fcntl.h>
#include <sys/stat.h>

const char *const unit_name = "store";

#define NAME "count"
#define NOW  1000000

static struct store store;
static unsigned lines;

static void
count_line(void *context UNUSED, struct event *e UNUSED)
{
	lines++;
}

/* A count of a directory that some sessions use, to be written. */
static void
add_book(unsigned sessions)
{
	struct store_book *b = calloc(1, sizeof(*b));

	CU_ASSERT_PTR_NOT_NULL_FATAL(b);
	book_init(&b->book, &store.removed);
	b->book.known = true;
	b->path.dir = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	CU_ASSERT_FATAL(b->path.dir >= 0);
	snprintf(b->path.name, sizeof(b->path.name), NAME);
	b->scan_at = CLOCK_NEVER;
	b->sessions = sessions;
	b->unwritten = true;
	store.books = b;
}

/* A directory can neither be replaced by a file nor removed like one.  The
 * count is kept, and the attempts are rarer without a session. */
static void
test_not_writable(void)
{
	struct scratch t;
	struct stat st;

	scratch_open(&t);
	event_divert(count_line, NULL);
	scratch_directory(NAME);
	add_book(1);
	CU_ASSERT_EQUAL(store_step(&store, NOW), NOW + 1000);
	CU_ASSERT_EQUAL(store_step(&store, NOW + 1000), NOW + 2000);
	store.books->sessions = 0;
	int64_t due = store_step(&store, NOW + 2000);
	CU_ASSERT(due >= NOW + 10000);
	CU_ASSERT_EQUAL(store_step(&store, due - 1), due);
	CU_ASSERT_EQUAL(store_step(&store, due), due + 10000);
	CU_ASSERT_EQUAL(lines, 1);
	/* A session comes. */
	store.books->sessions = 1;
	CU_ASSERT_EQUAL(store_step(&store, due + 500), due + 1000);
	store.books->sessions = 0;
	CU_ASSERT_EQUAL(rmdir(NAME), 0);
	(void)store_step(&store, due + 10000);
	CU_ASSERT_EQUAL(stat(NAME, &st), 0);
	CU_ASSERT_FALSE(store.books->path.stale);
	close(store.books->path.dir);
	book_clear(&store.books->book);
	free(store.books);
	event_divert(NULL, NULL);
	scratch_close(&t);
}

CU_TestInfo unit_tests[] = {
	{ "a file that cannot be written", test_not_writable },
	CU_TEST_INFO_NULL,
};
