/*
 * test_scan_changes.c - what changes while a tree is scanned is counted once,
 * wherever the scan is at that moment, or the result says that it is inexact.
 */
#include "common/base.h"

#include "common/clock.h"
#include "daemon/quota/scan.h"
#include "tests/unit/scratch.h"
#include "tests/unit/unit.h"

#include <fcntl.h>
#include <sys/stat.h>

const char *const unit_name = "scan_changes";

static const struct scan_rules rules;
static struct scratch scratch;
static struct scan scan;

static void
begin(void)
{
	int fd = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	CU_ASSERT_EQUAL_FATAL(scan_start(&scan, fd, &rules), 0);
}

static struct scan_sum
finish(void)
{
	struct scan_sum sum;

	while (scan_step(&scan, 10) > 0)
		;
	scan_result(&scan, &sum);
	scan_end(&scan);
	return sum;
}

/* --- changes, as a session makes and reports them */

static void
at_directory(struct quota_change *c, const char *dir)
{
	struct stat st;

	CU_ASSERT_EQUAL_FATAL(stat(dir, &st), 0);
	c->dir_dev = st.st_dev;
	c->dir_ino = st.st_ino;
}

static void
split(const char *path, char *dir, size_t size)
{
	const char *slash = strrchr(path, '/');

	snprintf(dir, size, "%.*s", slash == NULL ? 1 : (int)(slash - path),
		slash == NULL ? "." : path);
}

static int64_t
size_of(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 ? st.st_size : 0;
}

static void
remove_file(const char *path)
{
	struct quota_change c = { .kind = QUOTA_CHANGE_ENTRY, .files = -1 };
	char dir[64];
	struct stat st;

	split(path, dir, sizeof(dir));
	at_directory(&c, dir);
	CU_ASSERT_EQUAL_FATAL(stat(path, &st), 0);
	c.before = st.st_size;
	c.dev = st.st_dev;
	c.ino = st.st_ino;
	c.from = clock_ns();
	CU_ASSERT_EQUAL_FATAL(unlink(path), 0);
	c.to = clock_ns();
	scan_change(&scan, &c);
}

/* A new file or other content, in one go. */
static void
store_file(const char *path, off_t size)
{
	struct quota_change c = { .kind = QUOTA_CHANGE_FILE };
	char dir[64];
	struct stat st;

	split(path, dir, sizeof(dir));
	at_directory(&c, dir);
	c.files = access(path, F_OK) == 0 ? 0 : 1;
	c.before = size_of(path);
	c.after = size;
	c.from = clock_ns();
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	CU_ASSERT_EQUAL_FATAL(ftruncate(fd, size), 0);
	CU_ASSERT_EQUAL(fstat(fd, &st), 0);
	close(fd);
	c.to = clock_ns();
	c.dev = st.st_dev;
	c.ino = st.st_ino;
	scan_change(&scan, &c);
}

static void
rename_file(const char *from, const char *to)
{
	struct quota_change c = { .kind = QUOTA_CHANGE_MOVED };
	char dir[64];
	struct stat st;

	split(from, dir, sizeof(dir));
	at_directory(&c, dir);
	split(to, dir, sizeof(dir));
	CU_ASSERT_EQUAL_FATAL(stat(dir, &st), 0);
	c.dev = st.st_dev;
	c.ino = st.st_ino;
	c.from = clock_ns();
	CU_ASSERT_EQUAL_FATAL(rename(from, to), 0);
	c.to = clock_ns();
	scan_change(&scan, &c);
}

/* --- what a tree holds */

static struct scan_sum
recount(void)
{
	begin();
	return finish();
}

/* The scan must have found what is there now; or, if that is allowed, say that
 * it does not know. */
static void
check(const struct scan_sum *sum, bool exact)
{
	struct scan_sum now = recount();

	if (exact)
		CU_ASSERT_EQUAL(sum->inexact, 0);
	if (sum->inexact != 0)
		return;
	CU_ASSERT_EQUAL(sum->count.bytes, now.count.bytes);
	CU_ASSERT_EQUAL(sum->count.files, now.count.files);
}

static void
make_tree(void)
{
	char name[32];

	scratch_open(&scratch);
	for (int d = 0; d < 5; d++) {
		snprintf(name, sizeof(name), "d%d", d);
		scratch_directory(name);
		for (int f = 0; f < 20; f++) {
			snprintf(name, sizeof(name), "d%d/f%d", d, f);
			scratch_file(name, 100 + f, 1);
		}
	}
}

/* Step until the directory has been read (or only begun); which of the five
 * comes first is up to the file system. */
static void
step_until_read(const char *dir, bool begun_only)
{
	struct stat st;
	const struct inode_row *row;

	CU_ASSERT_EQUAL_FATAL(stat(dir, &st), 0);
	do {
		CU_ASSERT_EQUAL_FATAL(scan_step(&scan, 1), 1);
		row = inode_table_find(&scan.dirs, st.st_dev, st.st_ino);
	} while (row == NULL || (!begun_only && row->b == INT64_MAX));
}

static void
change_all_ways(const char *dir)
{
	char a[32], b[32];

	snprintf(a, sizeof(a), "%s/f1", dir);
	remove_file(a);
	snprintf(a, sizeof(a), "%s/f2", dir);
	store_file(a, 5000);
	snprintf(a, sizeof(a), "%s/new", dir);
	store_file(a, 700);
	snprintf(a, sizeof(a), "%s/f3", dir);
	snprintf(b, sizeof(b), "%s/renamed", dir);
	rename_file(a, b);
	snprintf(a, sizeof(a), "%s/f4", dir);
	snprintf(b, sizeof(b), "%s/f5", dir);
	store_file(b, 0);
	remove_file(b);
	rename_file(a, b);
	snprintf(a, sizeof(a), "%s/short", dir);
	store_file(a, 999);
	remove_file(a);
}

static void
test_already_read(void)
{
	make_tree();
	begin();
	step_until_read("d2", false);
	change_all_ways("d2");
	struct scan_sum sum = finish();
	check(&sum, true);
	scratch_close(&scratch);
}

static void
test_not_yet_read(void)
{
	make_tree();
	begin();
	CU_ASSERT_EQUAL(scan_step(&scan, 1), 1);
	change_all_ways("d2");
	struct scan_sum sum = finish();
	check(&sum, true);
	scratch_close(&scratch);
}

static void
test_being_read(void)
{
	make_tree();
	begin();
	step_until_read("d2", true);
	CU_ASSERT_EQUAL(scan_step(&scan, 5), 1);
	change_all_ways("d2");
	struct scan_sum sum = finish();
	CU_ASSERT_EQUAL(sum.inexact, 1);
	scratch_close(&scratch);
}

/* After the last directory, before the result. */
static void
test_after_the_walk(void)
{
	make_tree();
	begin();
	while (scan_step(&scan, 10) > 0)
		;
	change_all_ways("d0");
	change_all_ways("d4");
	struct scan_sum sum = finish();
	check(&sum, true);
	scratch_close(&scratch);
}

/* An upload that begins before the scan and ends after it has passed. */
static void
test_long_upload(void)
{
	struct quota_change c = { .kind = QUOTA_CHANGE_FILE, .files = 1,
		.from = clock_ns() };
	struct stat st;

	make_tree();
	int fd = open("d3/upload", O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	CU_ASSERT_EQUAL(ftruncate(fd, 300), 0);
	/* The bookkeeper settles it when the scan begins. */
	c.files = 0;
	c.before = 300;
	begin();
	step_until_read("d3", false);
	CU_ASSERT_EQUAL(ftruncate(fd, 800), 0);
	CU_ASSERT_EQUAL(fstat(fd, &st), 0);
	close(fd);
	c.to = clock_ns();
	c.after = 800;
	c.dev = st.st_dev;
	c.ino = st.st_ino;
	at_directory(&c, "d3");
	scan_change(&scan, &c);
	struct scan_sum sum = finish();
	check(&sum, true);
	scratch_close(&scratch);
}

static void
test_new_directory(void)
{
	make_tree();
	begin();
	step_until_read("d1", false);
	scratch_directory("d1/late");
	store_file("d1/late/f", 123);
	while (scan_step(&scan, 1) > 0)
		;
	store_file("d1/late/g", 77);
	struct scan_sum sum = finish();
	check(&sum, true);
	scratch_close(&scratch);
}

/* A new file is moved from a directory that was read to one that will be. */
static void
test_moved_file(void)
{
	make_tree();
	begin();
	step_until_read(".", false);
	store_file("moved", 700);
	rename_file("moved", "d2/moved");
	CU_ASSERT_EQUAL(finish().inexact, 1);
	scratch_close(&scratch);
}

static void
test_moved_directory(void)
{
	struct quota_change c = { .kind = QUOTA_CHANGE_TREE };

	make_tree();
	begin();
	step_until_read("d1", false);
	CU_ASSERT_EQUAL(rename("d1", "d2/d1"), 0);
	scan_change(&scan, &c);
	CU_ASSERT_EQUAL(finish().inexact, 1);
	scratch_close(&scratch);
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
		store_file(a, r % 4096);
	else if (access(a, F_OK) < 0)
		return;
	else if (r / 16384 % 3 == 1)
		remove_file(a);
	else if (access(b, F_OK) < 0)
		rename_file(a, b);
}

static void
test_random(void)
{
	unsigned seed = 1;
	int exact = 0;

	for (int round = 0; round < 150; round++) {
		make_tree();
		begin();
		int changes = round % 10, more = 1;
		for (int i = 0; i < changes; i++) {
			if (more > 0)
				more = scan_step(&scan,
					(unsigned)rand_r(&seed) % 25);
			random_change(&seed);
		}
		struct scan_sum sum = finish();
		exact += sum.inexact == 0;
		check(&sum, false);
		scratch_close(&scratch);
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
