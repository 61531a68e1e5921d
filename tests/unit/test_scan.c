/*
 * test_scan.c - everything in a tree is counted once, whatever the tree looks
 * like.
 */
#include "common/base.h"

#include "daemon/quota/scan.h"
#include "tests/unit/scratch.h"
#include "tests/unit/unit.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>

const char *const unit_name = "scan";

static const struct scan_rules files_only;
static const struct scan_rules all = {
	.kinds = QUOTA_DIRECTORIES | QUOTA_SYMLINKS };

static int
open_here(void)
{
	int fd = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	CU_ASSERT_TRUE_FATAL(fd >= 0);
	return fd;
}

static struct scan_sum
scan_here(const struct scan_rules *rules)
{
	struct scan_sum sum;
	struct scan s;
	int more;

	CU_ASSERT_EQUAL_FATAL(scan_start(&s, open_here(), rules), 0);
	while ((more = scan_step(&s, 7)) > 0)
		;
	CU_ASSERT_EQUAL(more, 0);
	scan_result(&s, &sum);
	scan_end(&s);
	return sum;
}

static void
test_empty(void)
{
	struct scratch t;

	scratch_open(&t);
	struct scan_sum sum = scan_here(&all);
	CU_ASSERT_EQUAL(sum.count.bytes, 0);
	CU_ASSERT_EQUAL(sum.count.files, 0);
	CU_ASSERT_EQUAL(sum.directories, 1);
	CU_ASSERT_EQUAL(sum.inexact, 0);
	scratch_close(&t);
}

static void
make_small_tree(void)
{
	scratch_file("one", 1000, 1);
	scratch_directory("a");
	scratch_file("a/two", 200, 1);
	scratch_directory("a/b");
	scratch_directory("a/b/empty");
	scratch_file("a/b/three", 30, 1);
	scratch_link("/etc/passwd", "a/link");
	scratch_link("a", "around");
}

static void
test_what_counts(void)
{
	struct scratch t;

	scratch_open(&t);
	make_small_tree();
	struct scan_sum sum = scan_here(&files_only);
	CU_ASSERT_EQUAL(sum.count.bytes, 1230);
	CU_ASSERT_EQUAL(sum.count.files, 3);
	CU_ASSERT_EQUAL(sum.directories, 4);
	CU_ASSERT_EQUAL(sum.entries, 8);
	sum = scan_here(&all);
	CU_ASSERT_EQUAL(sum.count.bytes, 1230 + 11 + 1 +
		3 * QUOTA_DIRECTORY_BYTES);
	CU_ASSERT_EQUAL(sum.count.files, 8);
	CU_ASSERT_EQUAL(sum.unreadable, 0);
	scratch_close(&t);
}

static void
test_blocks(void)
{
	static const struct scan_rules rules = { .kinds = QUOTA_BLOCKS };
	struct scratch t;
	int fd;

	scratch_open(&t);
	scratch_file("hole", 1 << 20, 1);
	fd = open("full", O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	CU_ASSERT_EQUAL(write(fd, "x", 1), 1);
	fsync(fd);
	close(fd);
	struct scan_sum sum = scan_here(&rules);
	CU_ASSERT_TRUE(sum.count.bytes >= 512 && sum.count.bytes <= 65536);
	CU_ASSERT_EQUAL(sum.count.files, 2);
	scratch_close(&t);
}

static void
test_hard_links_once(void)
{
	static const struct scan_rules rules = { .max_remembered = 2 };
	struct scratch t;
	char name[16];

	scratch_open(&t);
	scratch_directory("d");
	for (int i = 0; i < 3; i++) {
		snprintf(name, sizeof(name), "d/%d", i);
		scratch_file(name, 100, 1);
		CU_ASSERT_EQUAL(link(name, name + 2), 0);
	}
	struct scan_sum sum = scan_here(&files_only);
	CU_ASSERT_EQUAL(sum.count.bytes, 300);
	CU_ASSERT_EQUAL(sum.count.files, 3);
	CU_ASSERT_EQUAL(sum.links_full, 0);
	/* Only two are remembered: the third counts twice, and that is said. */
	sum = scan_here(&rules);
	CU_ASSERT_EQUAL(sum.count.bytes, 400);
	CU_ASSERT_EQUAL(sum.links_full, 1);
	scratch_close(&t);
}

static void
test_ledger_is_skipped(void)
{
	struct scan_rules rules = { .kinds = QUOTA_SYMLINKS };
	struct scratch t;
	struct stat st;

	scratch_open(&t);
	scratch_file("ledger", 77, 1);
	scratch_file("other", 5, 1);
	CU_ASSERT_EQUAL(stat("ledger", &st), 0);
	rules.skip_dev = st.st_dev;
	rules.skip_ino = st.st_ino;
	struct scan_sum sum = scan_here(&rules);
	CU_ASSERT_EQUAL(sum.count.bytes, 5);
	CU_ASSERT_EQUAL(sum.count.files, 1);
	scratch_close(&t);
}

/* Deeper than directories are kept open, deeper than PATH_MAX, and with
 * something on each level after the directory. */
static void
test_deep(void)
{
	enum { DEPTH = 3000 };
	struct scratch t;
	struct scan s;
	struct scan_sum sum;
	size_t most = 0;

	scratch_open(&t);
	size_t before = scratch_descriptors();
	for (int i = 0; i < DEPTH; i++) {
		scratch_file("a", 1, 1);
		scratch_directory("m");
		scratch_directory("n");
		scratch_file("n/z", 10, 1);
		CU_ASSERT_EQUAL_FATAL(chdir("m"), 0);
	}
	CU_ASSERT_EQUAL_FATAL(chdir(t.top), 0);
	CU_ASSERT_EQUAL(scan_start(&s, open_here(), &files_only), 0);
	while (scan_step(&s, 100) > 0) {
		size_t now = scratch_descriptors();
		most = now > most ? now : most;
	}
	scan_result(&s, &sum);
	scan_end(&s);
	CU_ASSERT_EQUAL(sum.count.bytes, 11 * DEPTH);
	CU_ASSERT_EQUAL(sum.directories, 2 * DEPTH + 1);
	CU_ASSERT_EQUAL(sum.unreadable + sum.inexact, 0);
	CU_ASSERT_TRUE(most - before <= SCAN_MAX_OPEN + 2);
	CU_ASSERT_EQUAL(scratch_descriptors(), before);
	/* scratch_close() does not go that deep. */
	for (int i = 0; i < DEPTH; i++)
		CU_ASSERT_EQUAL_FATAL(chdir("m"), 0);
	for (int i = 0; i < DEPTH; i++) {
		CU_ASSERT_EQUAL_FATAL(chdir(".."), 0);
		CU_ASSERT_EQUAL(remove("m") + remove("n/z") + remove("n") +
			remove("a"), 0);
	}
	scratch_close(&t);
}

/* Wider than a buffer of entries: each subdirectory is entered once. */
static void
test_wide(void)
{
	enum { WIDTH = 3000 };
	struct scratch t;
	char name[64];

	scratch_open(&t);
	for (int i = 0; i < WIDTH; i++) {
		snprintf(name, sizeof(name), "a-directory-%d", i);
		scratch_directory(name);
		snprintf(name, sizeof(name), "a-directory-%d/file", i);
		scratch_file(name, 2, 1);
		snprintf(name, sizeof(name), "a-file-%d", i);
		scratch_file(name, 3, 1);
	}
	struct scan_sum sum = scan_here(&files_only);
	CU_ASSERT_EQUAL(sum.count.bytes, 5 * WIDTH);
	CU_ASSERT_EQUAL(sum.count.files, 2 * WIDTH);
	CU_ASSERT_EQUAL(sum.directories, WIDTH + 1);
	scratch_close(&t);
}

/* A directory without x, and one without r: root would not notice. */
static void
scan_as_nobody(void)
{
	if (setresgid(65534, 65534, 65534) < 0 ||
	    setresuid(65534, 65534, 65534) < 0)
		_exit(9);
	struct scan_sum sum = scan_here(&files_only);
	_exit(sum.unreadable == 3 && sum.count.bytes == 7 &&
	    sum.count.files == 1 && sum.inexact == 0 ? 0 : 1);
}

static void
test_unreadable(void)
{
	struct scratch t;
	int status;

	if (geteuid() != 0)
		return;
	scratch_open(&t);
	CU_ASSERT_EQUAL(chmod(".", 0755), 0);
	scratch_directory("closed");
	scratch_file("closed/file", 100, 1);
	scratch_directory("listed");
	scratch_file("listed/one", 100, 1);
	scratch_file("listed/two", 100, 1);
	scratch_directory("open");
	scratch_file("open/file", 7, 1);
	CU_ASSERT_EQUAL(chmod("closed", 0700), 0);
	CU_ASSERT_EQUAL(chmod("listed", 0744), 0);
	pid_t pid = fork();
	if (pid == 0)
		scan_as_nobody();
	CU_ASSERT_EQUAL(waitpid(pid, &status, 0), pid);
	CU_ASSERT_EQUAL(status, 0);
	scratch_close(&t);
}

/* The directory above was moved while the scan was far below it. */
static void
test_moved_above(void)
{
	enum { DEPTH = SCAN_MAX_OPEN + 10 };
	struct scan_sum sum;
	struct scratch t;
	struct scan s;

	scratch_open(&t);
	scratch_directory("other");
	scratch_directory("d");
	CU_ASSERT_EQUAL_FATAL(chdir("d"), 0);
	for (int i = 0; i < DEPTH; i++) {
		scratch_directory("d");
		CU_ASSERT_EQUAL_FATAL(chdir("d"), 0);
	}
	CU_ASSERT_EQUAL_FATAL(chdir(t.top), 0);
	CU_ASSERT_EQUAL(scan_start(&s, open_here(), &files_only), 0);
	while (scan_step(&s, 1) > 0)
		if (s.levels.count == DEPTH + 1)
			break;
	CU_ASSERT_EQUAL(s.levels.count, DEPTH + 1);
	CU_ASSERT_EQUAL(rename("d/d/d", "other/d"), 0);
	while (scan_step(&s, 1) > 0)
		;
	scan_result(&s, &sum);
	CU_ASSERT_EQUAL(sum.inexact, 1);
	scan_end(&s);
	scratch_close(&t);
}

CU_TestInfo unit_tests[] = {
	{ "an empty directory", test_empty },
	{ "files, directories and symbolic links", test_what_counts },
	{ "blocks instead of bytes", test_blocks },
	{ "hard links count once", test_hard_links_once },
	{ "the ledger does not count", test_ledger_is_skipped },
	{ "a deep tree", test_deep },
	{ "a wide tree", test_wide },
	{ "directories that cannot be read", test_unreadable },
	{ "a directory that moves", test_moved_above },
	CU_TEST_INFO_NULL
};
