/*
 * test_files.c - opening files for transfers.
 */
#include "common/base.h"

#include "tests/unit/unit.h"

#include "worker/tree/files.h"

#include <fcntl.h>

const char *const unit_name = "files";

static char home[] = "/tmp/sureftpd-files-XXXXXX";

static void
enter(void)
{
	memcpy(home + strlen(home) - 6, "XXXXXX", 6);
	CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(home));
	CU_ASSERT_EQUAL_FATAL(chdir(home), 0);
}

static void
leave(void)
{
	CU_ASSERT_EQUAL(chdir("/"), 0);
	CU_ASSERT_EQUAL(rmdir(home), 0);
}

static void
test_plain_files(void)
{
	struct stat st;

	enter();
	int fd = files_create("f", true);
	CU_ASSERT_FATAL(fd >= 0);
	CU_ASSERT_EQUAL(write(fd, "abc", 3), 3);
	CU_ASSERT(fcntl(fd, F_GETFD) & FD_CLOEXEC);
	close(fd);
	CU_ASSERT_EQUAL(files_create("f", true), -EEXIST);
	fd = files_create("f", false);
	CU_ASSERT(fd >= 0);
	close(fd);

	fd = files_open_read("f", &st);
	CU_ASSERT(fd >= 0);
	CU_ASSERT_EQUAL(st.st_size, 3);
	close(fd);
	fd = files_open_existing("f", &st);
	CU_ASSERT(fd >= 0);
	CU_ASSERT_EQUAL(st.st_size, 3);
	close(fd);
	CU_ASSERT_EQUAL(files_open_existing("g", &st), -ENOENT);
	CU_ASSERT_EQUAL(files_open_read("g", &st), -ENOENT);
	CU_ASSERT_EQUAL(access("g", F_OK), -1);
	unlink("f");
	leave();
}

/* A FIFO without a partner would block an ordinary open for ever. */
static void
test_what_is_no_file(void)
{
	struct stat st;

	enter();
	CU_ASSERT_EQUAL(mkfifo("pipe", 0600), 0);
	CU_ASSERT_EQUAL(files_open_read("pipe", &st), -EINVAL);
	CU_ASSERT_EQUAL(files_open_existing("pipe", &st), -ENXIO);
	CU_ASSERT_EQUAL(files_open_read(".", &st), -EISDIR);
	CU_ASSERT_EQUAL(files_open_existing(".", &st), -EISDIR);
	CU_ASSERT_EQUAL(files_open_read("/dev/null", &st), -EINVAL);
	CU_ASSERT_EQUAL(files_open_read("/proc/self/fd/0", &st), -ELOOP);
	CU_ASSERT_EQUAL(files_open_read("/proc/self/maps", &st), -EACCES);
	CU_ASSERT_EQUAL(files_open_read("/proc/thread-self/stat", &st),
		-EACCES);
	CU_ASSERT_EQUAL(files_open_existing("/proc/self/comm", &st), -EACCES);
	unlink("pipe");
	leave();
}

static void
test_remove_only_the_same(void)
{
	enter();
	int fd = files_create("f", true);
	CU_ASSERT_EQUAL(rename("f", "old"), 0);
	int other = files_create("f", false);
	files_remove_if_same("f", fd);
	CU_ASSERT_EQUAL(access("f", F_OK), 0);
	files_remove_if_same("old", fd);
	CU_ASSERT_EQUAL(access("old", F_OK), -1);
	files_remove_if_same("f", other);
	CU_ASSERT_EQUAL(access("f", F_OK), -1);
	close(fd);
	close(other);
	leave();
}

CU_TestInfo unit_tests[] = {
	{ "plain files open, new ones are made once", test_plain_files },
	{ "devices, pipes and magic links do not", test_what_is_no_file },
	{ "only the very file is removed", test_remove_only_the_same },
	CU_TEST_INFO_NULL,
};
