/*
 * test_scan_refused.c - a new file that never is in the count, because its
 * upload is refused, is not in the result of a scan either.
 */
#include "common/base.h"

#include "common/clock.h"
#include "tests/unit/scan_trees.h"
#include "tests/unit/unit.h"

#include <sys/stat.h>

const char *const unit_name = "scan_refused";

/* A refused upload: the file exists for a moment, and is never in the count.
 * The scan comes past before that, in between, or afterwards. */
static void
refuse_upload(int when)
{
	struct quota_change c = { .kind = QUOTA_CHANGE_FILE };
	struct stat st;

	trees_make_tree();
	trees_begin();
	if (when == 0)
		trees_step_until_read("d3", false);
	trees_at_directory(&c, "d3");
	c.from = clock_ns();
	scratch_file("d3/refused", 300, 1);
	CU_ASSERT_EQUAL(stat("d3/refused", &st), 0);
	if (when == 1)
		trees_step_until_read("d3", false);
	CU_ASSERT_EQUAL(unlink("d3/refused"), 0);
	c.to = clock_ns();
	c.dev = st.st_dev;
	c.ino = st.st_ino;
	scan_change(&trees_scan, &c);
	struct scan_sum sum = trees_finish();
	trees_check(&sum, true);
	CU_ASSERT_EQUAL(sum.count.files, 100);
	scratch_close(&trees_scratch);
}

static void
test_refused_upload(void)
{
	for (int when = 0; when < 3; when++)
		refuse_upload(when);
}

/* A new file may have got the inode number of one that was counted. */
static void
test_reused_inode(void)
{
	struct quota_change c = { .kind = QUOTA_CHANGE_FILE };
	struct stat st;

	trees_make_tree();
	trees_begin();
	trees_at_directory(&c, "d3");
	c.from = clock_ns();
	trees_step_until_read("d3", false);
	CU_ASSERT_EQUAL(stat("d3/f1", &st), 0);
	trees_remove_file("d3/f1");
	c.to = clock_ns();
	c.dev = st.st_dev;
	c.ino = st.st_ino;
	scan_change(&trees_scan, &c);
	CU_ASSERT_EQUAL(trees_finish().inexact, 1);
	scratch_close(&trees_scratch);
}

CU_TestInfo unit_tests[] = {
	{ "a new file that is refused", test_refused_upload },
	{ "the same, with another file's inode number", test_reused_inode },
	CU_TEST_INFO_NULL
};
