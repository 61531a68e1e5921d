/*
 * test_target.c - how names are resolved, and the paths in replies and the log.
 */
#include "common/base.h"

#include "tests/refuse.h"
#include "tests/unit/child.h"
#include "tests/unit/scratch.h"
#include "tests/unit/unit.h"
#include "worker/tree/target.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>

const char *const unit_name = "target";

static struct scratch tree;
static struct resolver resolver;

/* a/b/c/, link -> a/b, file, home/inner */
static void
open_tree(void)
{
	static char home[64];

	scratch_open(&tree);
	scratch_directory("a");
	scratch_directory("a/b");
	scratch_directory("a/b/c");
	scratch_link("a/b", "link");
	scratch_file("file", 0, 0);
	scratch_directory("home");
	scratch_file("home/inner", 3, 0);
	snprintf(home, sizeof(home), "%s/home", tree.top);
	resolver = (struct resolver){ .home = home };
}

/* The path as it is told; `relative` is below the scratch directory. */
static void
check_path(const char *path, const char *relative)
{
	BUFFER(got, 2 * PATH_MAX);
	BUFFER(wanted, 2 * PATH_MAX);
	char before[PATH_MAX], after[PATH_MAX];
	struct target at;

	CU_ASSERT_PTR_NOT_NULL(getcwd(before, sizeof(before)));
	buffer_addf(&wanted, "%s%s%s", relative[0] == '/' ? "" : tree.top,
		relative[0] == '/' || relative[0] == '\0' ? "" : "/",
		relative);
	(void)!target_resolve(&resolver, &at, path);
	target_path(&at, &got);
	CU_ASSERT_STRING_EQUAL(buffer_text(&got), buffer_text(&wanted));
	target_close(&at);
	CU_ASSERT_PTR_NOT_NULL(getcwd(after, sizeof(after)));
	CU_ASSERT_STRING_EQUAL(before, after);
}

static void
test_paths(void)
{
	open_tree();
	check_path("file", "file");
	check_path("new", "new");
	check_path("./file", "file");
	check_path("a/b/x", "a/b/x");
	check_path("a//b///x", "a/b/x");
	check_path("a/b/", "a/b");
	check_path("b/", "b");
	check_path(".", "");
	check_path("./", "");
	check_path("a/.", "a");
	check_path("a/..", "");
	check_path("a/b/..", "a");
	check_path("...", "...");
	check_path("..x", "..x");
	check_path("/", "/");
	check_path("///", "/");
	check_path("/etc", "/etc");
	check_path("/x", "/x");
	check_path("//x/", "/x");
	check_path("/..", "/");
	check_path("/../x", "/x");
	CU_ASSERT_EQUAL(chdir("a/b"), 0);
	check_path("..", "a");
	check_path("../..", "");
	check_path("../../file", "file");
	check_path("c/../x", "a/b/x");
	CU_ASSERT_EQUAL(chdir("/"), 0);
	check_path("x", "/x");
	check_path(".", "/");
	check_path("..", "/");
	scratch_close(&tree);
}

/* As text "link/.." would be the directory that holds the link. */
static void
test_links(void)
{
	open_tree();
	check_path("link/x", "a/b/x");
	check_path("link/..", "a");
	check_path("link/../x", "a/x");
	check_path("link/c/../../x", "a/x");
	/* The link itself is what a last component names. */
	check_path("link", "link");
	check_path("a/../link", "link");
	scratch_close(&tree);
}

/* What nobody can resolve is what the client called it. */
static void
test_what_is_not_there(void)
{
	struct target at;

	open_tree();
	CU_ASSERT_EQUAL(target_resolve(&resolver, &at, "no/x"), -ENOENT);
	target_close(&at);
	CU_ASSERT_EQUAL(target_resolve(&resolver, &at, "file/x"), -ENOTDIR);
	target_close(&at);
	check_path("no/x", "no/x");
	check_path("no/../x", "no/../x");
	check_path("/no/x", "/no/x");
	CU_ASSERT_EQUAL(chdir("/"), 0);
	check_path("no/x", "/no/x");
	scratch_close(&tree);
}

static void
test_names(void)
{
	static const struct {
		const char *path, *name;
		bool opened;
	} rows[] = {
		{ "file", "file", false }, { "b/", "b/", false },
		{ ".", ".", false }, { "/", "/", false }, { "//", "//", false },
		{ "a/b", "b", true }, { "a/b/", "b/", true },
		{ "/tmp", "tmp", true }, { "a/..", "..", true },
	};

	open_tree();
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct target at;
		CU_ASSERT_EQUAL(target_resolve(&resolver, &at, rows[i].path),
			0);
		CU_ASSERT_STRING_EQUAL(at.name, rows[i].name);
		CU_ASSERT_EQUAL(at.dir >= 0, rows[i].opened);
		CU_ASSERT_EQUAL(at.dir == AT_FDCWD, !rows[i].opened);
		target_close(&at);
		target_close(&at);
	}
	scratch_close(&tree);
}

static void
test_nothing_stays_open(void)
{
	size_t before;

	open_tree();
	before = scratch_descriptors();
	check_path("link/../x", "a/x");
	check_path("a/..", "");
	check_path("no/x", "no/x");
	CU_ASSERT_EQUAL(scratch_descriptors(), before);
	scratch_close(&tree);
}

static void
test_too_long(void)
{
	static char path[PATH_MAX + 10];
	struct target at;

	open_tree();
	memset(path, '/', sizeof(path) - 1);
	path[sizeof(path) - 2] = 'x';
	CU_ASSERT_EQUAL(target_resolve(&resolver, &at, path), -ENAMETOOLONG);
	target_close(&at);
	scratch_close(&tree);
}

/* --- home */

static int
open_directory(const char *path)
{
	int fd = target_open_directory(&resolver, path, O_RDONLY);

	if (fd >= 0)
		close(fd);
	return fd < 0 ? fd : 0;
}

static void
test_home(void)
{
	open_tree();
	CU_ASSERT_EQUAL(chdir("a"), 0);
	check_path("~/inner", "home/inner");
	check_path("~/../x", "x");
	CU_ASSERT_EQUAL(open_directory("~"), 0);
	CU_ASSERT_EQUAL(open_directory("~/"), 0);
	CU_ASSERT_EQUAL(open_directory("~/none"), -ENOENT);
	CU_ASSERT_EQUAL(open_directory("~bert"), -ENOENT);
	CU_ASSERT_EQUAL(open_directory("x~/"), -ENOENT);
	/* A name comes first. */
	scratch_directory("~");
	check_path("~/inner", "a/~/inner");
	scratch_file("~bert", 0, 0);
	check_path("~bert", "a/~bert");
	scratch_close(&tree);
}

/* --- what the kernel may refuse */

static void
test_magic_links(void)
{
	struct target at;

	CU_ASSERT_EQUAL(target_open(&resolver, AT_FDCWD, "/proc/self/fd/0",
		O_RDONLY, 0), -ELOOP);
	CU_ASSERT_EQUAL(target_resolve(&resolver, &at, "/proc/self/root/etc"),
		-ELOOP);
	target_close(&at);
}

static int refusal;

static void
work_without_openat2(void)
{
	struct target at;
	char byte;
	int fd;

	CHILD_CHECK(refuse_call(SYS_openat2, refusal));
	fd = target_open(&resolver, AT_FDCWD, "home/inner", O_RDONLY, 0);
	CHILD_CHECK(fd >= 0 && read(fd, &byte, 1) == 1);
	CHILD_CHECK(resolver.no_openat2);
	fd = target_open(&resolver, AT_FDCWD, "made", O_WRONLY | O_CREAT, 0600);
	CHILD_CHECK(fd >= 0);
	CHILD_CHECK(target_open(&resolver, AT_FDCWD, "none", O_RDONLY, 0) ==
		-ENOENT);
	CHILD_CHECK(target_resolve(&resolver, &at, "a/b/c") == 0);
	CHILD_CHECK(faccessat(at.dir, at.name, F_OK, 0) == 0);
}

/* Kernels before 5.6, and containers whose filter does not know the call. */
static void
test_without_openat2(void)
{
	static const int errors[] = { ENOSYS, EPERM };

	open_tree();
	for (size_t i = 0; i < ARRAY_SIZE(errors); i++) {
		refusal = errors[i];
		CU_ASSERT_EQUAL(child_run(work_without_openat2), 0);
	}
	scratch_close(&tree);
}

static void
work_without_proc(void)
{
	BUFFER(text, 100);
	struct target at;

	CHILD_CHECK(chroot(tree.top) == 0 && chdir("/a") == 0);
	CHILD_CHECK(access("/proc", F_OK) < 0);
	CHILD_CHECK(target_resolve(&resolver, &at, "../link/../x") == 0);
	target_path(&at, &text);
	CHILD_CHECK(strcmp(buffer_text(&text), "/a/x") == 0);
	target_close(&at);
	CHILD_CHECK(target_resolve(&resolver, &at, "../../../y") == 0);
	buffer_clear(&text);
	target_path(&at, &text);
	CHILD_CHECK(strcmp(buffer_text(&text), "/y") == 0);
}

static void
test_without_proc(void)
{
	if (child_skip_without_root("chroot"))
		return;
	open_tree();
	CU_ASSERT_EQUAL(child_run(work_without_proc), 0);
	scratch_close(&tree);
}

static void
test_working_directory(void)
{
	char text[PATH_MAX], small[4];

	open_tree();
	CU_ASSERT_STRING_EQUAL(target_working_directory(text, sizeof(text)),
		tree.top);
	CU_ASSERT_STRING_EQUAL(target_working_directory(small, sizeof(small)),
		"");
	scratch_directory("gone");
	CU_ASSERT_EQUAL(chdir("gone"), 0);
	CU_ASSERT_EQUAL(rmdir("../gone"), 0);
	CU_ASSERT_STRING_EQUAL(target_working_directory(text, sizeof(text)),
		"(unreachable)");
	scratch_close(&tree);
}

CU_TestInfo unit_tests[] = {
	{ "paths are shown as resolved by the kernel", test_paths },
	{ "paths through symbolic links", test_links },
	{ "a name that cannot be resolved is shown unchanged",
		test_what_is_not_there },
	{ "only the last component is left of a name", test_names },
	{ "nothing stays open", test_nothing_stays_open },
	{ "a path that is too long is an error", test_too_long },
	{ "~ is the home directory unless a file has that name", test_home },
	{ "magic links of /proc are not followed", test_magic_links },
	{ "kernels and containers without openat2", test_without_openat2 },
	{ "paths are shown without /proc, in another root", test_without_proc },
	{ "the working directory, also a removed one",
		test_working_directory },
	CU_TEST_INFO_NULL,
};
