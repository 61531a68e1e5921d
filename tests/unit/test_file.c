/*
 * test_file.c - the files of transfers: which can be opened, and the end of
 * uploads.
 */
#include "common/base.h"

#include "tests/unit/scratch.h"
#include "tests/unit/unit.h"
#include "tests/unit/uploads.h"

#include <fcntl.h>

const char *const unit_name = "file";

static struct file f;

static int
download(const char *path)
{
	int error = file_open_download(&tree, &f, path);

	file_close(&f);
	return error;
}

static int
prepare(const char *path, enum upload_kind kind)
{
	int error = file_prepare_upload(&tree, &f, path, kind);

	file_close(&f);
	return error;
}

/* A whole upload of this text. */
static void
upload(const char *path, enum upload_kind kind, int64_t offset,
	const char *text, bool complete)
{
	CU_ASSERT_EQUAL_FATAL(file_prepare_upload(&tree, &f, path, kind), 0);
	CU_ASSERT_EQUAL_FATAL(file_begin_upload(&tree, &f, offset), 0);
	CU_ASSERT_EQUAL(write(f.fd, text, strlen(text)),
		(ssize_t)strlen(text));
	CU_ASSERT_EQUAL(file_end_upload(&tree, &f, complete), 0);
	file_close(&f);
}

static void
test_downloads(void)
{
	uploads_enter();
	uploads_write("f", "abc");
	CU_ASSERT_EQUAL(file_open_download(&tree, &f, "f"), 0);
	CU_ASSERT_EQUAL(f.size, 3);
	CU_ASSERT(fcntl(f.fd, F_GETFD) & FD_CLOEXEC);
	file_close(&f);
	file_close(&f);
	CU_ASSERT_EQUAL(download("none"), -ENOENT);
	CU_ASSERT_EQUAL(access("none", F_OK), -1);
	uploads_leave();
}

/* A FIFO without anybody at its other end would block an ordinary open for
 * ever. */
static void
test_what_is_no_file(void)
{
	static const struct {
		const char *path;
		int download, upload;
	} rows[] = {
		{ "pipe", -ENXIO, -ENXIO }, { ".", -EISDIR, -EISDIR },
		{ "/dev/null", -ENXIO, -ENXIO }, { "d/", -EISDIR, -EISDIR },
		{ "f/", -ENOTDIR, -ENOTDIR },
		{ "/proc/self/fd/0", -EACCES, -EACCES },
		{ "/proc/self/maps", -EACCES, -EACCES },
		{ "/proc/self/mem", -EACCES, -EACCES },
		{ "/proc/self/comm", -EACCES, -EACCES },
		{ "/proc/thread-self/stat", -EACCES, -EACCES },
	};

	uploads_enter();
	CU_ASSERT_EQUAL(mkfifo("pipe", 0600), 0);
	scratch_directory("d");
	uploads_write("f", "x");
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		CU_ASSERT_EQUAL(download(rows[i].path), rows[i].download);
		int r = prepare(rows[i].path, UPLOAD_STORE);
		/* root may not even open some of them for writing */
		CU_ASSERT(r == rows[i].upload || (r < 0 &&
			rows[i].upload == -EACCES));
	}
	uploads_leave();
}

static void
test_uploads(void)
{
	uploads_enter();
	upload("f", UPLOAD_STORE, 0, "12345", true);
	uploads_check("f", "12345");
	upload("f", UPLOAD_STORE, 0, "xy", true);
	uploads_check("f", "xy");
	/* resumed, or changed in the middle: all else stays */
	uploads_write("f", "0123456789");
	upload("f", UPLOAD_RESUME, 8, "ABC", true);
	uploads_check("f", "01234567ABC");
	upload("f", UPLOAD_RESUME, 2, "x", true);
	uploads_check("f", "01x34567ABC");
	/* nothing is made before the data come */
	CU_ASSERT_EQUAL(prepare("new", UPLOAD_STORE), 0);
	CU_ASSERT_EQUAL(access("new", F_OK), -1);
	CU_ASSERT_EQUAL(prepare("f", UPLOAD_STORE), 0);
	uploads_check("f", "01x34567ABC");
	uploads_leave();
}

/* To wherever the end is then, and nothing is cut off. */
static void
test_appends(void)
{
	uploads_enter();
	uploads_write("log", "one ");
	CU_ASSERT_EQUAL(file_prepare_upload(&tree, &f, "log", UPLOAD_APPEND),
		0);
	CU_ASSERT_EQUAL(f.size, 4);
	CU_ASSERT_EQUAL(file_begin_upload(&tree, &f, 0), 0);
	CU_ASSERT_EQUAL(f.offset, 4);
	int other = open("log", O_WRONLY | O_APPEND | O_CLOEXEC);
	CU_ASSERT_EQUAL(write(other, "two ", 4), 4);
	CU_ASSERT_EQUAL(write(f.fd, "three ", 6), 6);
	CU_ASSERT_EQUAL(write(other, "four", 4), 4);
	close(other);
	CU_ASSERT_EQUAL(file_end_upload(&tree, &f, true), 0);
	file_close(&f);
	uploads_check("log", "one two three four");
	upload("new", UPLOAD_APPEND, 0, "x", true);
	uploads_check("new", "x");
	uploads_leave();
}

static void
test_unique(void)
{
	char path[PATH_MAX];

	uploads_enter();
	CU_ASSERT_EQUAL(file_prepare_upload(&tree, &f, "f", UPLOAD_UNIQUE), 0);
	snprintf(path, sizeof(path), "%s", f.unique);
	CU_ASSERT_EQUAL(strncmp(path, "f.", 2), 0);
	CU_ASSERT_EQUAL(file_begin_upload(&tree, &f, 0), 0);
	CU_ASSERT_EQUAL(access(path, F_OK), 0);
	CU_ASSERT_EQUAL(file_end_upload(&tree, &f, true), 0);
	file_close(&f);
	/* Whoever has made it meanwhile keeps it. */
	CU_ASSERT_EQUAL(file_prepare_upload(&tree, &f, "f", UPLOAD_UNIQUE), 0);
	uploads_write(f.unique, "theirs");
	CU_ASSERT_EQUAL(file_begin_upload(&tree, &f, 0), -EEXIST);
	uploads_check(f.unique, "theirs");
	file_close(&f);
	uploads_leave();
}

static void
test_incomplete(void)
{
	uploads_enter();
	upload("f", UPLOAD_STORE, 0, "piece", false);
	CU_ASSERT_EQUAL(access("f", F_OK), -1);
	/* what was there before, and what others wrote, is kept */
	uploads_write("f", "0123");
	upload("f", UPLOAD_RESUME, 2, "x", false);
	uploads_check("f", "01x3");
	upload("log", UPLOAD_APPEND, 0, "x", false);
	uploads_check("log", "x");
	settings.incomplete_uploads = INCOMPLETE_KEEP;
	upload("g", UPLOAD_STORE, 0, "piece", false);
	uploads_check("g", "piece");
	uploads_leave();
}

/* overwrite = deny and rename: nothing that is there is touched. */
static void
test_no_overwriting(void)
{
	uploads_enter();
	uploads_write("f", "old");
	uploads_write("f.1", "older");
	scratch_directory("d");
	CU_ASSERT_EQUAL(symlink("nothing", "link"), 0);
	settings.overwrite = OVERWRITE_DENY;
	CU_ASSERT_EQUAL(prepare("f", UPLOAD_STORE), -EEXIST);
	CU_ASSERT_EQUAL(prepare("link", UPLOAD_STORE), -EEXIST);
	CU_ASSERT_EQUAL(prepare("d", UPLOAD_STORE), -EISDIR);
	CU_ASSERT_EQUAL(prepare("no/f", UPLOAD_STORE), -ENOENT);
	upload("new", UPLOAD_STORE, 0, "new", true);
	uploads_check("new", "new");
	upload("f", UPLOAD_RESUME, 3, "er", true);
	uploads_check("f", "older");
	settings.overwrite = OVERWRITE_RENAME;
	upload("f", UPLOAD_STORE, 0, "newest", true);
	CU_ASSERT_STRING_EQUAL(f.at.path, "f.2");
	uploads_check("f.2", "newest");
	upload("d/../f", UPLOAD_STORE, 0, "last", true);
	CU_ASSERT_STRING_EQUAL(f.numbered.path, "d/../f.3");
	uploads_check("f.3", "last");
	uploads_check("f", "older");
	upload("free", UPLOAD_STORE, 0, "x", true);
	CU_ASSERT_EQUAL(f.numbered.number, 0);
	uploads_leave();
}

/* Only the very file is removed, not another that has its name now. */
static void
test_remove_only_the_same(void)
{
	uploads_enter();
	CU_ASSERT_EQUAL(file_prepare_upload(&tree, &f, "f", UPLOAD_STORE), 0);
	CU_ASSERT_EQUAL(file_begin_upload(&tree, &f, 0), 0);
	CU_ASSERT_EQUAL(rename("f", "old"), 0);
	uploads_write("f", "other");
	CU_ASSERT_EQUAL(file_end_upload(&tree, &f, false), 0);
	file_close(&f);
	uploads_check("f", "other");
	CU_ASSERT_EQUAL(access("old", F_OK), 0);
	uploads_leave();
}

static void
test_locks(void)
{
	struct file second;

	uploads_enter();
	uploads_write("f", "x");
	CU_ASSERT_EQUAL(file_open_download(&tree, &f, "f"), 0);
	CU_ASSERT_EQUAL(file_open_download(&tree, &second, "f"), 0);
	file_close(&second);
	CU_ASSERT_EQUAL(file_prepare_upload(&tree, &second, "f",
		UPLOAD_STORE), -EAGAIN);
	file_close(&second);
	file_close(&f);

	CU_ASSERT_EQUAL(file_prepare_upload(&tree, &f, "f", UPLOAD_STORE), 0);
	CU_ASSERT_EQUAL(file_open_download(&tree, &second, "f"), -EAGAIN);
	file_close(&second);
	CU_ASSERT_EQUAL(file_prepare_upload(&tree, &second, "f",
		UPLOAD_APPEND), -EAGAIN);
	file_close(&second);
	settings.upload_locking = false;
	CU_ASSERT_EQUAL(file_open_download(&tree, &second, "f"), 0);
	file_close(&second);
	file_close(&f);
	uploads_leave();
}

static void
test_permissions(void)
{
	uploads_enter();
	uploads_write("f", "x");
	tree.user.permissions = ~(uint32_t)PERMISSION_retrieve;
	CU_ASSERT_EQUAL(download("f"),
		-permissions_errno(PERMISSION_retrieve));
	tree.user.permissions = ~(uint32_t)PERMISSION_store;
	CU_ASSERT_EQUAL(prepare("f", UPLOAD_STORE),
		-permissions_errno(PERMISSION_store));
	CU_ASSERT_EQUAL(prepare("f", UPLOAD_UNIQUE),
		-permissions_errno(PERMISSION_store));
	CU_ASSERT_EQUAL(prepare("f", UPLOAD_APPEND), 0);
	tree.user.permissions = ~(uint32_t)PERMISSION_append;
	CU_ASSERT_EQUAL(prepare("f", UPLOAD_APPEND),
		-permissions_errno(PERMISSION_append));
	uploads_leave();
}

CU_TestInfo unit_tests[] = {
	{ "plain files open", test_downloads },
	{ "devices, pipes, directories and magic links do not",
		test_what_is_no_file },
	{ "uploads replace, or resume", test_uploads },
	{ "appends lose nothing", test_appends },
	{ "a unique name is made once", test_unique },
	{ "incomplete uploads are removed if they are all there is",
		test_incomplete },
	{ "overwrite = deny and rename", test_no_overwriting },
	{ "only the opened file is removed", test_remove_only_the_same },
	{ "locks keep writers and readers apart", test_locks },
	{ "each operation needs its permission", test_permissions },
	CU_TEST_INFO_NULL,
};
