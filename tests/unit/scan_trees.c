/*
 * scan_trees.c - what the suites about changes during a scan share.
 *
 * Runs in: the suite's process.
 */
#include "common/base.h"
#include "tests/unit/scan_trees.h"

#include "common/clock.h"
#include "tests/unit/unit.h"

#include <fcntl.h>
#include <sys/stat.h>

static const struct scan_rules rules;
struct scratch trees_scratch;
struct scan trees_scan;

void
trees_begin(void)
{
	int fd = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	CU_ASSERT_EQUAL_FATAL(scan_start(&trees_scan, fd, &rules), 0);
}

struct scan_sum
trees_finish(void)
{
	struct scan_sum sum;

	while (scan_step(&trees_scan, 10) > 0)
		;
	scan_result(&trees_scan, &sum);
	scan_end(&trees_scan);
	return sum;
}

void
trees_at_directory(struct quota_change *c, const char *dir)
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

void
trees_remove_file(const char *path)
{
	struct quota_change c = { .kind = QUOTA_CHANGE_ENTRY, .files = -1 };
	char dir[64];
	struct stat st;

	split(path, dir, sizeof(dir));
	trees_at_directory(&c, dir);
	CU_ASSERT_EQUAL_FATAL(stat(path, &st), 0);
	c.before = st.st_size;
	c.dev = st.st_dev;
	c.ino = st.st_ino;
	c.from = clock_ns();
	CU_ASSERT_EQUAL_FATAL(unlink(path), 0);
	c.to = clock_ns();
	scan_change(&trees_scan, &c);
}

void
trees_store_file(const char *path, off_t size)
{
	struct quota_change c = { .kind = QUOTA_CHANGE_FILE };
	char dir[64];
	struct stat st;

	split(path, dir, sizeof(dir));
	trees_at_directory(&c, dir);
	c.files = access(path, F_OK) == 0 ? 0 : 1;
	c.there = 1;
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
	scan_change(&trees_scan, &c);
}

void
trees_rename_file(const char *from, const char *to)
{
	struct quota_change c = { .kind = QUOTA_CHANGE_MOVED };
	char dir[64];
	struct stat st;

	split(from, dir, sizeof(dir));
	trees_at_directory(&c, dir);
	split(to, dir, sizeof(dir));
	CU_ASSERT_EQUAL_FATAL(stat(dir, &st), 0);
	c.dev = st.st_dev;
	c.ino = st.st_ino;
	c.from = clock_ns();
	CU_ASSERT_EQUAL_FATAL(rename(from, to), 0);
	c.to = clock_ns();
	scan_change(&trees_scan, &c);
}

/* --- what a tree holds */

static struct scan_sum
recount(void)
{
	trees_begin();
	return trees_finish();
}

void
trees_check(const struct scan_sum *sum, bool exact)
{
	struct scan_sum now = recount();

	if (exact)
		CU_ASSERT_EQUAL(sum->inexact, 0);
	if (sum->inexact != 0)
		return;
	CU_ASSERT_EQUAL(sum->count.bytes, now.count.bytes);
	CU_ASSERT_EQUAL(sum->count.files, now.count.files);
}

void
trees_make_tree(void)
{
	char name[32];

	scratch_open(&trees_scratch);
	for (int d = 0; d < 5; d++) {
		snprintf(name, sizeof(name), "d%d", d);
		scratch_directory(name);
		for (int f = 0; f < 20; f++) {
			snprintf(name, sizeof(name), "d%d/f%d", d, f);
			scratch_file(name, 100 + f, 1);
		}
	}
}

void
trees_step_until_read(const char *dir, bool begun_only)
{
	struct stat st;
	const struct inode_row *row;

	CU_ASSERT_EQUAL_FATAL(stat(dir, &st), 0);
	do {
		CU_ASSERT_EQUAL_FATAL(scan_step(&trees_scan, 1), 1);
		row = inode_table_find(&trees_scan.dirs, st.st_dev, st.st_ino);
	} while (row == NULL || (!begun_only && row->b == INT64_MAX));
}
