/*
 * test_links.c - opening without following links if openat2() is missing, and
 * which targets are inside a directory.
 */
#include "common/base.h"

#include "common/settings/settings.h"
#include "tests/unit/scratch.h"
#include "tests/unit/unit.h"
#include "worker/reason.h"
#include "worker/tree/links.h"
#include "worker/tree/target.h"

#include <fcntl.h>

const char *const unit_name = "links";

static struct scratch scratch;

/* a/b/file; link -> a, a/up -> .., a/file_link -> b/file */
static void
enter(void)
{
	scratch_open(&scratch);
	scratch_directory("a");
	scratch_directory("a/b");
	scratch_file("a/b/file", 1, 0);
	scratch_link("a", "link");
	scratch_link("..", "a/up");
	scratch_link("b/file", "a/file_link");
}

static int
opened(int fd)
{
	if (fd < 0)
		return fd;
	close(fd);
	return 0;
}

static void
test_open(void)
{
	static const struct {
		const char *path;
		int flags, error;
	} rows[] = {
		{ "a", O_PATH | O_DIRECTORY, 0 },
		{ "a/", O_PATH | O_DIRECTORY, 0 },
		{ "./a//b/../b/.", O_PATH | O_DIRECTORY, 0 },
		{ "a/b/file", O_RDONLY, 0 }, { "/", O_PATH | O_DIRECTORY, 0 },
		{ "..", O_PATH | O_DIRECTORY, 0 },
		{ "link", O_PATH | O_DIRECTORY, -ELOOP },
		{ "link/", O_PATH | O_DIRECTORY, -ELOOP },
		{ "link//", O_PATH, -ELOOP },
		{ "link/b", O_PATH | O_DIRECTORY, -ELOOP },
		{ "a/up/a", O_PATH | O_DIRECTORY, -ELOOP },
		{ "a/new/", O_WRONLY | O_CREAT, -EISDIR },
		{ "a/file_link", O_RDONLY, -ELOOP },
		{ "a/b/file/", O_RDONLY, -ENOTDIR },
		{ "none", O_RDONLY, -ENOENT }, { "", O_RDONLY, -ENOENT },
		{ "none/x", O_RDONLY, -ENOENT },
	};
	char absolute[PATH_MAX];
	size_t before;

	enter();
	before = scratch_descriptors();
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		CU_ASSERT_EQUAL(opened(links_open_without(AT_FDCWD,
			rows[i].path, rows[i].flags | O_CLOEXEC, 0)),
			rows[i].error);
	snprintf(absolute, sizeof(absolute), "%s/a/b", scratch.top);
	CU_ASSERT_EQUAL(opened(links_open_without(AT_FDCWD, absolute,
		O_PATH | O_DIRECTORY | O_CLOEXEC, 0)), 0);
	CU_ASSERT_EQUAL(scratch_descriptors(), before);
	scratch_close(&scratch);
}

static bool
is_inside(const char *dir, const char *top)
{
	int fd = open(dir, O_PATH | O_DIRECTORY | O_CLOEXEC);
	bool inside = links_is_inside(fd, top);

	close(fd);
	return inside;
}

static void
test_inside(void)
{
	enter();
	CU_ASSERT_TRUE(is_inside("a", "a"));
	CU_ASSERT_TRUE(is_inside("a/b", "a"));
	CU_ASSERT_TRUE(is_inside("link/b", "a"));
	CU_ASSERT_TRUE(is_inside("a/b", "/"));
	CU_ASSERT_FALSE(is_inside("a/up", "a"));
	CU_ASSERT_FALSE(is_inside(".", "a"));
	CU_ASSERT_FALSE(is_inside("a", "none"));
	CU_ASSERT_TRUE(links_is_inside(AT_FDCWD, "."));
	scratch_close(&scratch);
}

/* The same answers with openat2() and without. */
static void
test_resolver(void)
{
	char home[PATH_MAX];

	enter();
	snprintf(home, sizeof(home), "%s/a", scratch.top);
	for (int without = 0; without < 2; without++) {
		struct resolver deny = { .home = home, .careful = true,
			.links = SYMLINKS_DENY, .no_openat2 = without != 0 };
		struct resolver inside = deny;
		inside.links = SYMLINKS_INSIDE;
		CU_ASSERT_EQUAL(opened(target_open_directory(&deny, "a/b",
			O_PATH)), 0);
		CU_ASSERT_EQUAL(opened(target_open_directory(&deny, "link",
			O_PATH)), -REASON_LINK);
		CU_ASSERT_EQUAL(opened(target_open_directory(&deny, "link/",
			O_PATH)), -REASON_LINK);
		CU_ASSERT_EQUAL(opened(target_open_directory(&inside, "link/b",
			O_PATH)), 0);
		CU_ASSERT_EQUAL(opened(target_open_directory(&inside, "a/up",
			O_PATH)), -REASON_LINK);
		CU_ASSERT_EQUAL(opened(target_open_directory(&inside, "a/up/",
			O_PATH)), -REASON_LINK);
		CU_ASSERT_EQUAL(opened(target_open_directory(&inside, "a/b/..",
			O_PATH)), 0);
	}
	scratch_close(&scratch);
}

CU_TestInfo unit_tests[] = {
	{ "a name without links, component by component", test_open },
	{ "what is inside a directory", test_inside },
	{ "links that are denied, or must lead inside", test_resolver },
	CU_TEST_INFO_NULL,
};
