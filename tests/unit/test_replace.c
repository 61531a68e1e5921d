/*
 * test_replace.c - atomic_uploads: the old file until the new one is whole.
 * Each test runs with files that have no name, and with hidden names.
 */
#include "common/base.h"

#include "common/settings/settings.h"
#include "tests/unit/scratch.h"
#include "tests/unit/unit.h"
#include "tests/unit/uploads.h"
#include "worker/tree/file_end.h"
#include "worker/tree/lock.h"

#include <dirent.h>
#include <fcntl.h>

const char *const unit_name = "replace";

static struct file f;
static bool named;

static mode_t
mode_of(const char *path)
{
	struct stat st = { 0 };

	CU_ASSERT_EQUAL(stat(path, &st), 0);
	return st.st_mode & 07777;
}

/* Entries of a directory; *hidden of them are hidden ones. */
static int
count_entries(const char *path, int *hidden)
{
	DIR *d = opendir(path);
	struct dirent *e;
	int n = 0;

	*hidden = 0;
	CU_ASSERT_PTR_NOT_NULL_FATAL(d);
	while ((e = readdir(d)) != NULL) {
		n += strcmp(e->d_name, ".") != 0 &&
			strcmp(e->d_name, "..") != 0;
		*hidden += hidden_is_name(e->d_name);
	}
	closedir(d);
	return n;
}

static void
check_entries(const char *path, int expected)
{
	int hidden;

	CU_ASSERT(count_entries(path, &hidden) == expected && hidden == 0);
}

static int
prepare(const char *path)
{
	int error = file_prepare_upload(&tree, &f, path, UPLOAD_STORE);

	file_close(&f);
	return error;
}

static void
new_file(void)
{
	int hidden;

	scratch_directory("d");
	uploads_begin(&f, "d/f", "new");
	CU_ASSERT_EQUAL(count_entries("d", &hidden), named ? 1 : 0);
	CU_ASSERT_EQUAL(hidden, named ? 1 : 0);
	CU_ASSERT_EQUAL(uploads_end(&f, true), 0);
	check_entries("d", 1);
	uploads_check("d/f", "new");
	CU_ASSERT_EQUAL(mode_of("d/f"), 0644);
	/* Not whole: nothing stays. */
	for (int keep = 0; keep < 2; keep++) {
		settings.incomplete_uploads = keep ? INCOMPLETE_KEEP :
			INCOMPLETE_DELETE;
		uploads_begin(&f, "d/g", "half");
		CU_ASSERT_EQUAL(uploads_end(&f, false), 0);
		check_entries("d", 1);
	}
	/* Nor when the command ends before the file is. */
	uploads_begin(&f, "d/g", "half");
	file_close(&f);
	check_entries("d", 1);
}

/* With files that have no name, and with hidden ones. */
static void
both_ways(void (*test)(void))
{
	for (int i = 0; i < 2; i++) {
		named = i == 1;
		uploads_enter_atomic(named);
		test();
		uploads_leave();
	}
}

static void
test_new(void)
{
	both_ways(new_file);
}

static void
old_file(void)
{
	struct stat before, after;

	uploads_write("f", "old");
	CU_ASSERT_EQUAL(chmod("f", 0750), 0);
	CU_ASSERT_EQUAL(link("f", "second"), 0);
	CU_ASSERT_EQUAL(stat("f", &before), 0);
	uploads_begin(&f, "f", "half");
	uploads_check("f", "old");
	CU_ASSERT_EQUAL(uploads_end(&f, false), 0);
	uploads_check("f", "old");
	CU_ASSERT_EQUAL(stat("f", &after), 0);
	CU_ASSERT_EQUAL(before.st_ino, after.st_ino);
	CU_ASSERT_EQUAL(before.st_mtim.tv_nsec, after.st_mtim.tv_nsec);
	uploads_begin(&f, "f", "whole");
	uploads_check("f", "old");
	CU_ASSERT_EQUAL(uploads_end(&f, true), 0);
	uploads_check("f", "whole");
	CU_ASSERT_EQUAL(mode_of("f"), 0750);
	uploads_check("second", "old");
	/* Special bits are not taken over. */
	CU_ASSERT_EQUAL(chmod("f", 04755), 0);
	uploads_begin(&f, "f", "again");
	CU_ASSERT_EQUAL(uploads_end(&f, true), 0);
	CU_ASSERT_EQUAL(mode_of("f"), 0755);
	check_entries(".", 2);
}

static void
test_old(void)
{
	both_ways(old_file);
}

/* What a link leads to is replaced, not the link. */
static void
links(void)
{
	char absolute[PATH_MAX];

	scratch_directory("d");
	scratch_directory("e");
	uploads_write("d/f", "old");
	snprintf(absolute, sizeof(absolute), "%s/e/two", uploads_top());
	CU_ASSERT_EQUAL(symlink(absolute, "one"), 0);
	CU_ASSERT_EQUAL(symlink("three", "e/two"), 0);
	CU_ASSERT_EQUAL(symlink("../d/f", "e/three"), 0);
	uploads_begin(&f, "one", "new");
	uploads_check("d/f", "old");
	CU_ASSERT_EQUAL(uploads_end(&f, true), 0);
	uploads_check("d/f", "new");
	CU_ASSERT(uploads_is_link("one") &&
		uploads_is_link("e/two") && uploads_is_link("e/three"));
	check_entries("d", 1);
	check_entries("e", 2);
	/* From the directory of the link itself. */
	CU_ASSERT_EQUAL(chdir("e"), 0);
	uploads_begin(&f, "three", "newer");
	CU_ASSERT_EQUAL(uploads_end(&f, true), 0);
	CU_ASSERT_EQUAL(chdir(".."), 0);
	uploads_check("d/f", "newer");

	CU_ASSERT_EQUAL(symlink("nothing", "dangling"), 0);
	CU_ASSERT_EQUAL(prepare("dangling"), -ENXIO);
	CU_ASSERT_EQUAL(symlink("loop", "loop"), 0);
	CU_ASSERT_EQUAL(prepare("loop"), -ELOOP);
	CU_ASSERT_EQUAL(symlink("d", "directory"), 0);
	CU_ASSERT_EQUAL(prepare("directory"), -EISDIR);
	CU_ASSERT(uploads_is_link("dangling") && uploads_is_link("directory"));
}

static void
test_links(void)
{
	size_t descriptors = scratch_descriptors();

	both_ways(links);
	CU_ASSERT_EQUAL(scratch_descriptors(), descriptors);
}

/* The target that changes places while its upload runs. */
static void
name_taken(void)
{
	uploads_begin(&f, "f", "ours");
	uploads_write("f", "theirs");
	CU_ASSERT_EQUAL(uploads_end(&f, true), 0);
	uploads_check("f", "ours");
	settings.overwrite = OVERWRITE_DENY;
	uploads_begin(&f, "g", "ours");
	uploads_write("g", "theirs");
	CU_ASSERT_EQUAL(uploads_end(&f, true), -EEXIST);
	uploads_check("g", "theirs");
	settings.overwrite = OVERWRITE_RENAME;
	uploads_begin(&f, "h", "ours");
	uploads_write("h", "theirs");
	CU_ASSERT_EQUAL(uploads_end(&f, true), 0);
	CU_ASSERT_STRING_EQUAL(f.numbered.path, "h.1");
	uploads_check("h", "theirs");
	uploads_check("h.1", "ours");
	check_entries(".", 4);
	/* A directory is never replaced. */
	settings.overwrite = OVERWRITE_ALLOW;
	uploads_begin(&f, "x", "ours");
	scratch_directory("x");
	CU_ASSERT(uploads_end(&f, true) < 0);
	check_entries("x", 0);
	check_entries(".", 5);
}

static void
test_name_taken(void)
{
	both_ways(name_taken);
}

static void
locks(void)
{
	struct file other;

	uploads_write("f", "old");
	uploads_begin(&f, "f", "new");
	/* Readers of the old file come and go; nobody writes to it. */
	CU_ASSERT_EQUAL(file_open_download(&tree, &other, "f"), 0);
	CU_ASSERT_EQUAL(uploads_end(&f, false), 0);
	uploads_begin(&f, "f", "new");
	file_close(&other);
	CU_ASSERT_EQUAL(file_prepare_upload(&tree, &other, "f",
		UPLOAD_APPEND), -EAGAIN);
	file_close(&other);
	CU_ASSERT_EQUAL(uploads_end(&f, true), 0);
	uploads_check("f", "new");
	/* Whoever writes to it keeps it. */
	CU_ASSERT_EQUAL(file_prepare_upload(&tree, &other, "f",
		UPLOAD_APPEND), 0);
	CU_ASSERT_EQUAL(prepare("f"), -EAGAIN);
	file_close(&other);
	uploads_begin(&f, "g", "ours");
	uploads_write("g", "theirs");
	int fd = open("g", O_WRONLY | O_CLOEXEC);
	CU_ASSERT_EQUAL(lock_file(fd, F_WRLCK), 0);
	CU_ASSERT_EQUAL(uploads_end(&f, true), -EAGAIN);
	uploads_check("g", "theirs");
	close(fd);
	check_entries(".", 2);
}

static void
test_locks(void)
{
	both_ways(locks);
}

/* In a sticky directory of somebody else, others' files cannot be replaced;
 * that is known before the data come. */
static void
test_sticky(void)
{
	uploads_enter_atomic(named);
	scratch_directory("d");
	uploads_write("d/f", "old");
	tree.user.uid = 12345;
	CU_ASSERT_EQUAL(prepare("d/f"), 0);
	CU_ASSERT_EQUAL(chmod("d", 01777), 0);
	CU_ASSERT_EQUAL(prepare("d/f"), -EPERM);
	CU_ASSERT_EQUAL(prepare("d/g"), 0);
	uploads_leave();
}

CU_TestInfo unit_tests[] = {
	{ "a new file appears when it is complete", test_new },
	{ "an old file stays until then, and its mode is kept", test_old },
	{ "links stay links", test_links },
	{ "names that are created meanwhile", test_name_taken },
	{ "readers may read, writers must wait", test_locks },
	{ "sticky directories", test_sticky },
	CU_TEST_INFO_NULL,
};
