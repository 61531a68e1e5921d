/*
 * test_rules.c - which rule applies in a directory, and which directories
 * cannot be moved.
 */
#include "common/base.h"

#include "tests/unit/scratch.h"
#include "tests/unit/unit.h"
#include "worker/tree/rules.h"

#include <fcntl.h>

const char *const unit_name = "rules";

#define ACCOUNT 1u	/* permissions, as numbers that say who gave them */

static struct scratch scratch;
static char paths[4][PATH_MAX];
static struct identity_directory directories[4];
static struct identity identity = {
	.permissions = ACCOUNT, .directories = directories };
static struct rules rules;

/* A rule for a directory below the scratch directory. */
static void
add(const char *path, uint32_t permissions, bool recursive)
{
	size_t i = identity.ndirectories++;

	snprintf(paths[i], PATH_MAX, "%s/%s", scratch.top, path);
	directories[i] = (struct identity_directory){
		paths[i], permissions, recursive, -1 };
}

static int
open_rules(int root)
{
	int error = rules_open(&rules, &identity, root);

	rules_opened(&identity);
	return error;
}

static void
enter(void)
{
	scratch_open(&scratch);
	scratch_directory("a");
	scratch_directory("a/b");
	scratch_directory("a/b/c");
	scratch_directory("d");
	scratch_link("a/b", "link");
	identity.ndirectories = 0;
}

static void
leave(void)
{
	rules_close(&rules);
	scratch_close(&scratch);
}

static uint32_t
permissions_in(const char *path)
{
	int fd = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	uint32_t permissions = rules_permissions(&rules, fd);

	if (fd >= 0)
		close(fd);
	return permissions;
}

static bool
is_held(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && rules_hold(&rules, &st);
}

static void
test_none(void)
{
	enter();
	CU_ASSERT_EQUAL(open_rules(-1), 0);
	CU_ASSERT_EQUAL(rules.count, 0);
	CU_ASSERT_EQUAL(permissions_in("a"), ACCOUNT);
	add("none", 2, true);
	add("d/none", 2, true);
	rules_close(&rules);
	CU_ASSERT_EQUAL(open_rules(-1), 0);
	CU_ASSERT_EQUAL(rules.count, 0);
	CU_ASSERT_EQUAL(rules.any, ACCOUNT);
	leave();
}

static void
test_nearest(void)
{
	enter();
	add("a", 2, true);
	add("link", 4, false);
	CU_ASSERT_EQUAL(open_rules(-1), 0);
	CU_ASSERT_EQUAL(rules.any, ACCOUNT | 2 | 4);
	CU_ASSERT_EQUAL(permissions_in("."), ACCOUNT);
	CU_ASSERT_EQUAL(permissions_in("d"), ACCOUNT);
	CU_ASSERT_EQUAL(permissions_in("a"), 2);
	CU_ASSERT_EQUAL(permissions_in("a/b"), 4);
	CU_ASSERT_EQUAL(permissions_in("link"), 4);
	/* the one above it is not recursive, but the next is */
	CU_ASSERT_EQUAL(permissions_in("a/b/c"), 2);
	CU_ASSERT_EQUAL(chdir("a/b"), 0);
	CU_ASSERT_EQUAL(rules_permissions(&rules, AT_FDCWD), 4);
	CU_ASSERT_EQUAL(chdir("../.."), 0);
	/* by inode, whatever the name is now */
	CU_ASSERT_EQUAL(rename("a", "moved"), 0);
	CU_ASSERT_EQUAL(permissions_in("moved/b"), 4);
	CU_ASSERT_EQUAL(rename("moved/b", "d/b"), 0);
	CU_ASSERT_EQUAL(permissions_in("d/b"), 4);
	CU_ASSERT_EQUAL(permissions_in("d/b/c"), ACCOUNT);
	/* what cannot be looked at has none */
	CU_ASSERT_EQUAL(permissions_in("gone"), 0);
	leave();
}

static void
test_last_of_the_same(void)
{
	enter();
	add("a", 2, false);
	add("link/..", 4, false);
	CU_ASSERT_EQUAL(open_rules(-1), 0);
	CU_ASSERT_EQUAL(permissions_in("a"), 4);
	CU_ASSERT_EQUAL(permissions_in("a/b"), ACCOUNT);
	leave();
}

static void
test_held(void)
{
	enter();
	add("a/b", 2, false);
	CU_ASSERT_EQUAL(open_rules(-1), 0);
	CU_ASSERT_TRUE(is_held("a/b"));
	CU_ASSERT_TRUE(is_held("a"));
	CU_ASSERT_TRUE(is_held("."));
	CU_ASSERT_TRUE(is_held("/"));
	CU_ASSERT_FALSE(is_held("a/b/c"));
	CU_ASSERT_FALSE(is_held("d"));
	leave();
}

/* Inside a jail the way up ends at its root. */
static void
test_around_a_jail(void)
{
	int root;

	enter();
	add("a", 2, true);
	add("a/b", 4, false);
	root = open("a/b", O_PATH | O_DIRECTORY | O_CLOEXEC);
	CU_ASSERT_EQUAL(open_rules(root), 0);
	CU_ASSERT_EQUAL(rules.base, 2);
	close(root);
	rules_close(&rules);
	root = open("d", O_PATH | O_DIRECTORY | O_CLOEXEC);
	CU_ASSERT_EQUAL(open_rules(root), 0);
	CU_ASSERT_EQUAL(rules.base, ACCOUNT);
	close(root);
	leave();
}

static void
test_trusted(void)
{
	if (geteuid() != 0) {
		printf("SKIP (needs root): trusted paths\n");
		return;
	}
	enter();
	/* others can change what is in /tmp */
	add("a", 2, false);
	directories[0].fd = 99;
	rules_open_trusted(&identity);
	CU_ASSERT_EQUAL(directories[0].fd, -1);
	directories[0].path = "/usr/../etc//";
	rules_open_trusted(&identity);
	CU_ASSERT(directories[0].fd >= 0);
	/* where the account does not find it, this one counts */
	directories[0].path = "/none";
	CU_ASSERT_EQUAL(rules_open(&rules, &identity, -1), 0);
	CU_ASSERT_EQUAL(rules.count, 1);
	CU_ASSERT_EQUAL(permissions_in("/etc"), 2);
	rules_opened(&identity);
	CU_ASSERT_EQUAL(directories[0].fd, -1);
	directories[0].path = "/none";
	rules_open_trusted(&identity);
	CU_ASSERT_EQUAL(directories[0].fd, -1);
	leave();
}

static void
test_descriptors(void)
{
	size_t before;

	enter();
	before = scratch_descriptors();
	add("a", 2, true);
	add("none", 4, false);
	CU_ASSERT_EQUAL(open_rules(-1), 0);
	CU_ASSERT_EQUAL(scratch_descriptors(), before);
	(void)permissions_in("a/b/c");
	(void)permissions_in("d");
	CU_ASSERT_EQUAL(scratch_descriptors(), before);
	leave();
}

CU_TestInfo unit_tests[] = {
	{ "without rules the account's permissions apply", test_none },
	{ "the rule of the nearest parent applies", test_nearest },
	{ "of two rules for one directory the later applies",
		test_last_of_the_same },
	{ "directories of rules, and their parents, cannot be moved",
		test_held },
	{ "rules above a jail", test_around_a_jail },
	{ "rules of directories that only root can access", test_trusted },
	{ "no descriptor stays open", test_descriptors },
	CU_TEST_INFO_NULL,
};
