/*
 * test_scan_changes.c - what changes while a tree is scanned is counted once,
 * wherever the scan is at that moment, or the result says that it is inexact.
 */
#include "common/base.h"

#include "common/clock.h"
#include "tests/unit/scan_trees.h"
#include "tests/unit/unit.h"

#include <fcntl.h>
#include <sys/stat.h>

const char *const unit_name = "scan_changes";

static void
change_all_ways(const char *dir)
{
	char a[32], b[32];

	snprintf(a, sizeof(a), "%s/f1", dir);
	trees_remove_file(a);
	snprintf(a, sizeof(a), "%s/f2", dir);
	trees_store_file(a, 5000);
	snprintf(a, sizeof(a), "%s/new", dir);
	trees_store_file(a, 700);
	snprintf(a, sizeof(a), "%s/f3", dir);
	snprintf(b, sizeof(b), "%s/renamed", dir);
	trees_rename_file(a, b);
	snprintf(a, sizeof(a), "%s/f4", dir);
	snprintf(b, sizeof(b), "%s/f5", dir);
	trees_store_file(b, 0);
	trees_remove_file(b);
	trees_rename_file(a, b);
	snprintf(a, sizeof(a), "%s/short", dir);
	trees_store_file(a, 999);
	trees_remove_file(a);
}

static void
test_already_read(void)
{
	trees_make_tree();
	trees_begin();
	trees_step_until_read("d2", false);
	change_all_ways("d2");
	struct scan_sum sum = trees_finish();
	trees_check(&sum, true);
	scratch_close(&trees_scratch);
}

static void
test_not_yet_read(void)
{
	trees_make_tree();
	trees_begin();
	CU_ASSERT_EQUAL(scan_step(&trees_scan, 1), 1);
	change_all_ways("d2");
	struct scan_sum sum = trees_finish();
	trees_check(&sum, true);
	scratch_close(&trees_scratch);
}

static void
test_being_read(void)
{
	trees_make_tree();
	trees_begin();
	trees_step_until_read("d2", true);
	CU_ASSERT_EQUAL(scan_step(&trees_scan, 5), 1);
	change_all_ways("d2");
	struct scan_sum sum = trees_finish();
	CU_ASSERT_EQUAL(sum.inexact, 1);
	scratch_close(&trees_scratch);
}

/* After the last directory, before the result. */
static void
test_after_the_walk(void)
{
	trees_make_tree();
	trees_begin();
	while (scan_step(&trees_scan, 10) > 0)
		;
	change_all_ways("d0");
	change_all_ways("d4");
	struct scan_sum sum = trees_finish();
	trees_check(&sum, true);
	scratch_close(&trees_scratch);
}

/* An upload that begins before the scan and ends after it has passed. */
static void
test_long_upload(void)
{
	struct quota_change c = { .kind = QUOTA_CHANGE_FILE, .there = 1,
		.from = clock_ns() };
	struct stat st;

	trees_make_tree();
	int fd = open("d3/upload", O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	CU_ASSERT_EQUAL(ftruncate(fd, 300), 0);
	/* The bookkeeper settles it when the scan begins. */
	c.before = 300;
	trees_begin();
	trees_step_until_read("d3", false);
	CU_ASSERT_EQUAL(ftruncate(fd, 800), 0);
	CU_ASSERT_EQUAL(fstat(fd, &st), 0);
	close(fd);
	c.to = clock_ns();
	c.after = 800;
	c.dev = st.st_dev;
	c.ino = st.st_ino;
	trees_at_directory(&c, "d3");
	scan_change(&trees_scan, &c);
	struct scan_sum sum = trees_finish();
	trees_check(&sum, true);
	scratch_close(&trees_scratch);
}

static void
test_new_directory(void)
{
	trees_make_tree();
	trees_begin();
	trees_step_until_read("d1", false);
	scratch_directory("d1/late");
	trees_store_file("d1/late/f", 123);
	while (scan_step(&trees_scan, 1) > 0)
		;
	trees_store_file("d1/late/g", 77);
	struct scan_sum sum = trees_finish();
	trees_check(&sum, true);
	scratch_close(&trees_scratch);
}

/* A new file is moved from a directory that was read to one that will be. */
static void
test_moved_file(void)
{
	trees_make_tree();
	trees_begin();
	trees_step_until_read(".", false);
	trees_store_file("moved", 700);
	trees_rename_file("moved", "d2/moved");
	CU_ASSERT_EQUAL(trees_finish().inexact, 1);
	scratch_close(&trees_scratch);
}

static void
test_moved_directory(void)
{
	struct quota_change c = { .kind = QUOTA_CHANGE_TREE };

	trees_make_tree();
	trees_begin();
	trees_step_until_read("d1", false);
	CU_ASSERT_EQUAL(rename("d1", "d2/d1"), 0);
	scan_change(&trees_scan, &c);
	CU_ASSERT_EQUAL(trees_finish().inexact, 1);
	scratch_close(&trees_scratch);
}

/* Many random changes, with the scan anywhere: exact, or said not to be. */
static void
random_change(unsigned *seed)
{
	char a[32], b[32];
	unsigned r = (unsigned)rand_r(seed);

	snprintf(a, sizeof(a), "d%u/f%u", r % 5, r / 5 % 25);
	snprintf(b, sizeof(b), "d%u/f%u", r / 125 % 5, r / 625 % 25);
	if (r / 16384 % 3 == 0)
		trees_store_file(a, r % 4096);
	else if (access(a, F_OK) < 0)
		return;
	else if (r / 16384 % 3 == 1)
		trees_remove_file(a);
	else if (access(b, F_OK) < 0)
		trees_rename_file(a, b);
}

static void
test_random(void)
{
	unsigned seed = 1;
	int exact = 0;

	for (int round = 0; round < 150; round++) {
		trees_make_tree();
		trees_begin();
		int changes = round % 10, more = 1;
		for (int i = 0; i < changes; i++) {
			if (more > 0)
				more = scan_step(&trees_scan,
					(unsigned)rand_r(&seed) % 25);
			random_change(&seed);
		}
		struct scan_sum sum = trees_finish();
		exact += sum.inexact == 0;
		trees_check(&sum, false);
		scratch_close(&trees_scratch);
	}
	/* Most of them can be placed. */
	CU_ASSERT_TRUE(exact > 75);
}

CU_TestInfo unit_tests[] = {
	{ "in a directory that was read", test_already_read },
	{ "in one that comes later", test_not_yet_read },
	{ "in the one that is being read", test_being_read },
	{ "after the walk", test_after_the_walk },
	{ "an upload that lasts longer than the scan", test_long_upload },
	{ "a new directory", test_new_directory },
	{ "a file that moves", test_moved_file },
	{ "a directory that moves", test_moved_directory },
	{ "random changes", test_random },
	CU_TEST_INFO_NULL
};
