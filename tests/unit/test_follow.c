/*
 * test_follow.c - the target of a last component that is a link, and the
 * directory that contains it.
 */
#include "common/base.h"

#include "tests/unit/scratch.h"
#include "tests/unit/unit.h"
#include "worker/tree/target.h"

#include <fcntl.h>
#include <sys/stat.h>

const char *const unit_name = "follow";

static struct scratch scratch;
static struct resolver resolver = { .home = "/nonexistent", .careful = true };

/* a/b/file, and links of all kinds. */
static void
enter(void)
{
	char path[PATH_MAX];

	scratch_open(&scratch);
	scratch_directory("a");
	scratch_directory("a/b");
	scratch_file("a/b/file", 3, 0);
	scratch_link("a/b/file", "link");
	scratch_link("link", "again");
	scratch_link("../../again", "a/b/up");
	scratch_link("a/b", "to_dir");
	scratch_link("a/b/new", "to_new");
	scratch_link("none/x", "broken");
	scratch_link("self", "self");
	snprintf(path, sizeof(path), "%s/a/b/file", scratch.top);
	scratch_link(path, "absolute");
	scratch_link("/", "to_root");
	scratch_link("a/b/", "to_dir_slash");
}

/* The name of the target, and the directory that counts. */
static void
check(const char *path, int expected, const char *name, const char *place)
{
	size_t before = scratch_descriptors();
	struct stat st, wanted;
	struct target at;
	int error = target_resolve(&resolver, &at, path);

	if (error == 0)
		error = target_follow(&resolver, &at);
	CU_ASSERT_EQUAL(error, expected);
	if (error == 0) {
		int dir = at.has_place ? at.place : at.dir;
		CU_ASSERT_STRING_EQUAL(at.name, name);
		CU_ASSERT_EQUAL(dir == AT_FDCWD ? stat(".", &st) :
			fstat(dir, &st), 0);
		CU_ASSERT_EQUAL(stat(place, &wanted), 0);
		CU_ASSERT_EQUAL(st.st_ino, wanted.st_ino);
	}
	target_close(&at);
	CU_ASSERT_EQUAL(scratch_descriptors(), before);
}

static void
test_links(void)
{
	enter();
	check("a/b/file", 0, "file", "a/b");
	check("none", 0, "none", ".");
	check("a/none", 0, "none", "a");
	check("link", 0, "file", "a/b");
	check("again", 0, "file", "a/b");
	check("a/b/up", 0, "file", "a/b");
	check("absolute", 0, "file", "a/b");
	check("to_new", 0, "new", "a/b");
	check("to_dir", 0, "b", "a");
	check("broken", -ENOENT, "", "");
	check("self", -ELOOP, "", "");
	scratch_close(&scratch);
}

static void
test_directories(void)
{
	enter();
	check(".", 0, ".", "..");
	check("..", 0, ".", "../..");
	check("a/b/", 0, ".", "a");
	check("a/b/.", 0, ".", "a");
	check("a/b/..", 0, ".", ".");
	check("to_dir/", 0, ".", "a");
	check("to_dir/.", 0, ".", "a");
	check("to_dir_slash", 0, ".", "a");
	check("/", 0, ".", "/");
	check("to_root", 0, ".", "/");
	check("none/", 0, "none/", ".");
	scratch_close(&scratch);
}

/* The record is of the thing itself. */
static void
test_path(void)
{
	BUFFER(path, 2 * PATH_MAX);
	struct target at;

	enter();
	CU_ASSERT_EQUAL(target_resolve(&resolver, &at, "again"), 0);
	CU_ASSERT_EQUAL(target_follow(&resolver, &at), 0);
	target_path(&at, &path);
	CU_ASSERT_STRING_EQUAL(buffer_text(&path) + strlen(scratch.top),
		"/a/b/file");
	/* which is opened without following */
	CU_ASSERT_EQUAL(target_open(&resolver, AT_FDCWD, "link", O_RDONLY, 0),
		-ELOOP);
	int fd = target_open(&resolver, at.dir, at.name, O_RDONLY, 0);
	CU_ASSERT(fd >= 0);
	close(fd);
	target_close(&at);
	scratch_close(&scratch);
}

CU_TestInfo unit_tests[] = {
	{ "links lead to the thing and its directory", test_links },
	{ "a directory's place is its parent", test_directories },
	{ "the path is the thing's own", test_path },
	CU_TEST_INFO_NULL,
};
