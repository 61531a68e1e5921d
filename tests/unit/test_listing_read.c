/*
 * test_listing_read.c - every entry is read once, for any buffer size.
 */
#include "common/base.h"

#include "tests/unit/scratch.h"
#include "tests/unit/unit.h"
#include "worker/tree/listing_read.h"

#include <dirent.h>
#include <fcntl.h>

const char *const unit_name = "listing_read";

#define FILES 300

static void
make_files(void)
{
	char name[64];

	for (int i = 0; i < FILES; i++) {
		snprintf(name, sizeof(name), "a-file-with-some-name-%03d", i);
		scratch_file(name, 0, 0);
	}
}

static int
open_here(void)
{
	int fd = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	CU_ASSERT_TRUE_FATAL(fd >= 0);
	return fd;
}

/* Read to the end; how often each of the files was seen goes to seen[]. */
static void
read_all(struct listing_read *r, int seen[FILES])
{
	struct listing_entry entry, again;
	int more;

	memset(seen, 0, FILES * sizeof(seen[0]));
	while ((more = listing_read_peek(r, &entry)) > 0) {
		CU_ASSERT_EQUAL(listing_read_peek(r, &again), 1);
		CU_ASSERT_PTR_EQUAL(entry.name, again.name);
		if (entry.name[0] == 'a')
			seen[(entry.name[22] - '0') * 100 +
			    (entry.name[23] - '0') * 10 +
			    (entry.name[24] - '0')]++;
		listing_read_next(r);
	}
	CU_ASSERT_EQUAL(more, 0);
	CU_ASSERT_EQUAL(listing_read_peek(r, &entry), 0);
}

static void
test_every_entry_once(void)
{
	static const size_t sizes[] = { 320, 1000, 4096, 65536 };
	struct listing_read r;
	struct scratch t;
	int seen[FILES];

	scratch_open(&t);
	make_files();
	int fd = open_here();
	for (size_t i = 0; i < ARRAY_SIZE(sizes); i++) {
		size_t missing = 0;
		CU_ASSERT_EQUAL_FATAL(listing_read_open(&r, sizes[i]), 0);
		CU_ASSERT_EQUAL(listing_read_start(&r, fd), 0);
		read_all(&r, seen);
		for (size_t k = 0; k < FILES; k++)
			missing += seen[k] != 1;
		CU_ASSERT_EQUAL(missing, 0);
		listing_read_close(&r);
	}
	close(fd);
	scratch_close(&t);
}

static void
test_start_again(void)
{
	struct listing_entry entry;
	struct listing_read r;
	struct scratch t;
	int seen[FILES];

	scratch_open(&t);
	make_files();
	int fd = open_here();
	CU_ASSERT_EQUAL_FATAL(listing_read_open(&r, 1000), 0);
	CU_ASSERT_EQUAL(listing_read_start(&r, fd), 0);
	for (int i = 0; i < 50; i++) {
		CU_ASSERT_EQUAL(listing_read_peek(&r, &entry), 1);
		listing_read_next(&r);
	}
	CU_ASSERT_EQUAL(listing_read_start(&r, fd), 0);
	read_all(&r, seen);
	CU_ASSERT_EQUAL(seen[0], 1);
	CU_ASSERT_EQUAL(seen[FILES - 1], 1);
	listing_read_close(&r);
	listing_read_close(&r);
	close(fd);
	scratch_close(&t);
}

static void
test_removed_directory_is_empty(void)
{
	struct listing_entry entry;
	struct listing_read r;
	struct scratch t;

	scratch_open(&t);
	scratch_directory("d");
	int fd = open("d", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	CU_ASSERT_EQUAL(rmdir("d"), 0);
	CU_ASSERT_EQUAL_FATAL(listing_read_open(&r, 1000), 0);
	CU_ASSERT_EQUAL(listing_read_start(&r, fd), 0);
	CU_ASSERT_EQUAL(listing_read_peek(&r, &entry), 0);
	listing_read_close(&r);
	close(fd);
	scratch_close(&t);
}

static void
test_errors(void)
{
	struct listing_entry entry;
	struct listing_read r;
	struct scratch t;

	scratch_open(&t);
	scratch_file("f", 0, 0);
	int fd = open("f", O_RDONLY | O_CLOEXEC);
	CU_ASSERT_EQUAL_FATAL(listing_read_open(&r, 1000), 0);
	CU_ASSERT_EQUAL(listing_read_start(&r, fd), 0);
	CU_ASSERT_EQUAL(listing_read_peek(&r, &entry), -ENOTDIR);
	close(fd);
	CU_ASSERT_EQUAL(listing_read_start(&r, -1), -EBADF);
	listing_read_close(&r);
	scratch_close(&t);
}

CU_TestInfo unit_tests[] = {
	{ "every entry is read once", test_every_entry_once },
	{ "reading starts again", test_start_again },
	{ "a removed directory is empty", test_removed_directory_is_empty },
	{ "other types than directories are an error", test_errors },
	CU_TEST_INFO_NULL,
};
