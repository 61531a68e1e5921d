/*
 * test_listing_walk.c - the tree below a directory, and nothing else.
 */
#include "common/base.h"

#include "tests/unit/scratch.h"
#include "tests/unit/unit.h"
#include "worker/tree/listing_walk.h"

#include <fcntl.h>
#include <sys/stat.h>

const char *const unit_name = "listing_walk";

static struct scratch tree;
static struct listing_walk walk;

static void
start(int64_t max_depth, bool hidden)
{
	int fd = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	CU_ASSERT_TRUE_FATAL(fd >= 0);
	listing_walk_init(&walk, max_depth, hidden);
	listing_walk_start(&walk, fd);
}

/* Every path in its order, each behind a blank. */
static void
check(const char *expected)
{
	BUFFER(got, 1024);
	int r;

	while ((r = listing_walk_next(&walk)) > 0) {
		buffer_addf(&got, " %s", buffer_text(&walk.path));
		CU_ASSERT_TRUE(listing_walk_fd(&walk) >= 0);
	}
	CU_ASSERT_EQUAL(r, 0);
	CU_ASSERT_EQUAL(listing_walk_fd(&walk), -1);
	CU_ASSERT_STRING_EQUAL(buffer_text(&got), expected);
	CU_ASSERT_EQUAL(listing_walk_next(&walk), 0);
	listing_walk_close(&walk);
}

static void
test_from_the_top_down(void)
{
	scratch_open(&tree);
	size_t before = scratch_descriptors();
	start(16, false);
	check("");

	scratch_directory("a");
	scratch_directory("a/b");
	scratch_directory("a/b/c");
	scratch_file("a/file", 0, 0);
	start(16, false);
	check(" a/ a/b/ a/b/c/");
	CU_ASSERT_FALSE(walk.cut);
	CU_ASSERT_EQUAL(scratch_descriptors(), before);
	scratch_close(&tree);
}

/* Each of many directories once, a level's buffer does not hold them all. */
static void
test_wide(void)
{
	char name[64], seen[400] = "";
	size_t count = 0, twice = 0;

	scratch_open(&tree);
	for (int i = 0; i < 400; i++) {
		snprintf(name, sizeof(name), "%03d-a-rather-long-name", i);
		scratch_directory(name);
		snprintf(name, sizeof(name), "%03d-a-rather-long-name/x", i);
		scratch_directory(name);
	}
	start(16, false);
	while (listing_walk_next(&walk) > 0) {
		const char *p = buffer_text(&walk.path);
		size_t i = (size_t)((p[0] - '0') * 100 + (p[1] - '0') * 10 +
			(p[2] - '0'));
		bool below = p[walk.path.len - 2] == 'x';
		CU_ASSERT_EQUAL(seen[i], below);
		twice += seen[i]++ != below;
		count++;
	}
	CU_ASSERT_EQUAL(count, 800);
	CU_ASSERT_EQUAL(twice, 0);
	listing_walk_close(&walk);
	scratch_close(&tree);
}

static void
test_depth(void)
{
	scratch_open(&tree);
	scratch_directory("a");
	scratch_directory("a/b");
	scratch_directory("a/b/c");
	size_t before = scratch_descriptors();
	start(1, false);
	check("");
	CU_ASSERT_TRUE(walk.cut);
	CU_ASSERT_EQUAL(scratch_descriptors(), before);
	start(3, false);
	check(" a/ a/b/");
	CU_ASSERT_TRUE(walk.cut);
	start(4, false);
	check(" a/ a/b/ a/b/c/");
	CU_ASSERT_FALSE(walk.cut);
	start(0, false);
	check("");
	start(-5, false);
	check("");
	scratch_close(&tree);
}

/* Deeper than there are levels. */
static void
test_very_deep(void)
{
	int entered = 0;

	scratch_open(&tree);
	for (int i = 0; i < LISTING_WALK_MAX_DEPTH + 10; i++) {
		CU_ASSERT_EQUAL(mkdir("d", 0755), 0);
		CU_ASSERT_EQUAL(chdir("d"), 0);
	}
	CU_ASSERT_EQUAL(chdir(tree.top), 0);
	start(INT64_MAX, false);
	while (listing_walk_next(&walk) > 0)
		entered++;
	CU_ASSERT_EQUAL(entered, LISTING_WALK_MAX_DEPTH - 1);
	CU_ASSERT_TRUE(walk.cut);
	listing_walk_close(&walk);
	scratch_close(&tree);
}

/* A path that no client could use is not followed further. */
static void
test_very_long_path(void)
{
	char name[256];
	int entered = 0;

	memset(name, 'n', 255);
	name[255] = '\0';
	scratch_open(&tree);
	for (int i = 0; i < 20; i++) {
		CU_ASSERT_EQUAL(mkdir(name, 0755), 0);
		CU_ASSERT_EQUAL(chdir(name), 0);
	}
	CU_ASSERT_EQUAL(chdir(tree.top), 0);
	start(64, false);
	while (listing_walk_next(&walk) > 0)
		entered++;
	CU_ASSERT_EQUAL(entered, (PATH_MAX - 1) / 256);
	CU_ASSERT_TRUE(walk.cut);
	listing_walk_close(&walk);

	/* nftw() could not remove it in one go. */
	for (int i = 0; i < 20; i++)
		CU_ASSERT_EQUAL(chdir(name), 0);
	for (int i = 0; i < 20; i++) {
		CU_ASSERT_EQUAL(chdir(".."), 0);
		CU_ASSERT_EQUAL(rmdir(name), 0);
	}
	scratch_close(&tree);
}

static void
test_hidden(void)
{
	scratch_open(&tree);
	scratch_directory(".h");
	scratch_directory(".h/x");
	start(16, false);
	check("");
	start(16, true);
	check(" .h/ .h/x/");
	scratch_close(&tree);
}

static void
test_links_are_not_followed(void)
{
	scratch_open(&tree);
	scratch_directory("real");
	scratch_link(".", "loop");
	scratch_link("..", "real/up");
	scratch_link("/", "root");
	start(16, true);
	check(" real/");
	CU_ASSERT_FALSE(walk.cut);
	scratch_close(&tree);
}

static void
test_closed_midway(void)
{
	scratch_open(&tree);
	size_t before = scratch_descriptors();
	scratch_directory("a");
	scratch_directory("a/b");
	start(16, false);
	CU_ASSERT_EQUAL(listing_walk_next(&walk), 1);
	CU_ASSERT_EQUAL(listing_walk_next(&walk), 1);
	listing_walk_close(&walk);
	listing_walk_close(&walk);
	CU_ASSERT_EQUAL(listing_walk_fd(&walk), -1);
	CU_ASSERT_EQUAL(scratch_descriptors(), before);
	scratch_close(&tree);
}

static void
test_directories_vanish(void)
{
	scratch_open(&tree);
	scratch_directory("a");
	scratch_directory("a/b");
	start(16, false);
	CU_ASSERT_EQUAL(listing_walk_next(&walk), 1);
	CU_ASSERT_EQUAL(rmdir("a/b"), 0);
	CU_ASSERT_EQUAL(rmdir("a"), 0);
	check("");
	scratch_close(&tree);
}

CU_TestInfo unit_tests[] = {
	{ "directories come from the top down", test_from_the_top_down },
	{ "many directories come once each", test_wide },
	{ "the depth limit is reported", test_depth },
	{ "no depth is too deep", test_very_deep },
	{ "no path is too long", test_very_long_path },
	{ "hidden directories only when asked for", test_hidden },
	{ "symbolic links are not followed", test_links_are_not_followed },
	{ "stopping midway leaves nothing open", test_closed_midway },
	{ "directories removed meanwhile are skipped",
		test_directories_vanish },
	CU_TEST_INFO_NULL,
};
