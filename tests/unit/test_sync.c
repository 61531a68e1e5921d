/*
 * test_sync.c - fsync_uploads: what is on disk before an upload counts as
 * complete, and disk errors.
 */
#include "common/base.h"

#include "common/settings/settings.h"
#include "tests/unit/scratch.h"
#include "tests/unit/unit.h"
#include "worker/tree/file_end.h"

#include <fcntl.h>

const char *const unit_name = "sync";

static struct scratch scratch;
static struct user_settings settings;
static struct tree tree;
static struct file f;

/* What was synced, a letter each: f a file, d a directory; upper case when "f"
 * had the new content already. */
static char synced[16];
static int failure;		/* errno for the next one */

int
fsync(int fd)
{
	char content[8] = "";
	size_t n = strlen(synced);
	struct stat st;
	int old = open("f", O_RDONLY | O_CLOEXEC);

	if (old >= 0) {
		CU_ASSERT(read(old, content, sizeof(content) - 1) >= 0);
		close(old);
	}
	CU_ASSERT_EQUAL(fstat(fd, &st), 0);
	char what = S_ISDIR(st.st_mode) ? 'd' : 'f';
	if (strcmp(content, "new") == 0)
		what = (char)(what - 'a' + 'A');
	if (n + 1 < sizeof(synced))
		synced[n] = what;
	errno = failure;
	return failure != 0 ? -1 : 0;
}

static void
enter(bool atomic, bool sync)
{
	static const struct identity identity = { .home = "/nonexistent",
		.permissions = UINT32_MAX, .settings = &settings };

	scratch_open(&scratch);
	settings = (struct user_settings){
		.atomic_uploads = atomic,
		.fsync_uploads = sync,
		.file_mode = 0666,
	};
	tree_init(&tree, &identity);
	memset(synced, 0, sizeof(synced));
	failure = 0;
}

static void
leave(void)
{
	scratch_close(&scratch);
}

static int
upload(enum upload_kind kind)
{
	CU_ASSERT_EQUAL_FATAL(file_prepare_upload(&tree, &f, "f", kind), 0);
	CU_ASSERT_EQUAL_FATAL(file_begin_upload(&tree, &f, 0), 0);
	CU_ASSERT_EQUAL(write(f.fd, "new", 3), 3);
	int error = file_end_upload(&tree, &f, true);
	file_close(&f);
	return error;
}

static void
write_old(void)
{
	int fd = open("f", O_WRONLY | O_CREAT | O_CLOEXEC, 0644);

	CU_ASSERT_EQUAL(write(fd, "old", 3), 3);
	close(fd);
}

static void
check_content(const char *text)
{
	char data[8] = "";
	int fd = open("f", O_RDONLY | O_CLOEXEC);

	CU_ASSERT_EQUAL(read(fd, data, sizeof(data) - 1),
		(ssize_t)strlen(text));
	CU_ASSERT_STRING_EQUAL(data, text);
	close(fd);
}

static void
test_order(void)
{
	static const struct {
		bool atomic, named, old, sync;
		enum upload_kind kind;
		const char *synced;
	} rows[] = {
		{ false, false, false, false, UPLOAD_STORE, "" },
		{ false, false, false, true, UPLOAD_STORE, "FD" },
		{ false, false, true, true, UPLOAD_STORE, "FD" },
		{ false, false, false, true, UPLOAD_APPEND, "FD" },
		/* The file first, then its name, then the directory. */
		{ true, false, false, false, UPLOAD_STORE, "" },
		{ true, false, false, true, UPLOAD_STORE, "fD" },
		{ true, false, true, true, UPLOAD_STORE, "fD" },
		{ true, true, true, true, UPLOAD_STORE, "fD" },
		/* Hidden names are those of network file systems, too. */
		{ true, true, true, false, UPLOAD_STORE, "f" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		enter(rows[i].atomic, rows[i].sync);
		tree.hidden.named_only = rows[i].named;
		if (rows[i].old)
			write_old();
		CU_ASSERT_EQUAL(upload(rows[i].kind), 0);
		CU_ASSERT_STRING_EQUAL(synced, rows[i].synced);
		check_content("new");
		leave();
	}
}

static void
test_failure(void)
{
	for (int named = 0; named < 2; named++) {
		enter(true, true);
		tree.hidden.named_only = named == 1;
		write_old();
		failure = EIO;
		CU_ASSERT_EQUAL(upload(UPLOAD_STORE), -EIO);
		check_content("old");
		CU_ASSERT_STRING_EQUAL(synced, "f");
		leave();
	}
	enter(false, true);
	failure = ENOSPC;
	CU_ASSERT_EQUAL(upload(UPLOAD_STORE), -ENOSPC);
	leave();
}

CU_TestInfo unit_tests[] = {
	{ "the file, its name, its directory", test_order },
	{ "a disk that fails at the end", test_failure },
	CU_TEST_INFO_NULL,
};
