/*
 * test_upload_owner.c - which files get another owner, whatever the session
 * sends.
 */
#include "common/base.h"

#include "common/process/upload_owner.h"
#include "tests/unit/scratch.h"
#include "tests/unit/unit.h"

#include <fcntl.h>
#include <sys/stat.h>

const char *const unit_name = "upload_owner";

#define SESSION 12345
#define OWNER	23456

static const struct upload_owner owner = { .wanted = true, .known = true,
	.uid = OWNER, .mode = 0640 };

static int
give(const struct upload_owner *to, int fd)
{
	int error = upload_owner_give(to, SESSION, fd);

	close(fd);
	return -error;
}

static int
make(const char *path, uid_t uid, mode_t mode)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

	CU_ASSERT_FATAL(fd >= 0);
	CU_ASSERT_EQUAL(fchown(fd, uid, 777), 0);
	CU_ASSERT_EQUAL(fchmod(fd, mode), 0);
	return fd;
}

static void
check(const char *path, uid_t uid, mode_t mode)
{
	struct stat st = { 0 };

	CU_ASSERT_EQUAL(stat(path, &st), 0);
	CU_ASSERT_EQUAL(st.st_uid, uid);
	CU_ASSERT_EQUAL(st.st_mode & 07777, mode);
}

static void
test_given(void)
{
	struct scratch scratch;
	struct stat st = { 0 };

	if (geteuid() != 0) {
		printf("SKIP (not root): giving uploads away\n");
		return;
	}
	scratch_open(&scratch);
	CU_ASSERT_EQUAL(give(&owner, make("f", SESSION, 0600)), 0);
	check("f", OWNER, 0640);
	CU_ASSERT_EQUAL(stat("f", &st), 0);
	CU_ASSERT_EQUAL(st.st_gid, 777);
	/* No program of the owner's that anybody may run as him. */
	CU_ASSERT_EQUAL(give(&owner, make("g", SESSION, 06777)), 0);
	check("g", OWNER, 0640);
	scratch_close(&scratch);
}

static void
test_refused(void)
{
	const struct upload_owner off = { .uid = OWNER };
	const struct upload_owner unknown = { .wanted = true };
	struct scratch scratch;
	int fd;

	if (geteuid() != 0) {
		printf("SKIP (not root): uploads that are not given away\n");
		return;
	}
	scratch_open(&scratch);
	/* Of others, with a second name, gone, no plain file. */
	CU_ASSERT_EQUAL(give(&owner, make("root", 0, 0600)), EPERM);
	check("root", 0, 0600);
	CU_ASSERT_EQUAL(give(&owner, make("given", OWNER, 0600)), EPERM);
	fd = make("linked", SESSION, 0600);
	CU_ASSERT_EQUAL(link("linked", "second"), 0);
	CU_ASSERT_EQUAL(give(&owner, fd), EPERM);
	check("linked", SESSION, 0600);
	fd = make("gone", SESSION, 0600);
	CU_ASSERT_EQUAL(unlink("gone"), 0);
	CU_ASSERT_EQUAL(give(&owner, fd), EPERM);
	scratch_directory("d");
	CU_ASSERT_EQUAL(chown("d", SESSION, SESSION), 0);
	CU_ASSERT_EQUAL(give(&owner, open("d", O_RDONLY | O_CLOEXEC)), EPERM);
	check("d", SESSION, 0755);
	/* Only named: such a descriptor proves nothing about its sender. */
	close(make("named", SESSION, 0600));
	CU_ASSERT_EQUAL(give(&owner, open("named", O_PATH | O_CLOEXEC)),
		EBADF);
	check("named", SESSION, 0600);
	/* Nobody to give it to. */
	CU_ASSERT_EQUAL(give(&off, make("off", SESSION, 0600)), EPERM);
	CU_ASSERT_EQUAL(give(&unknown, make("no", SESSION, 0600)), EPERM);
	check("off", SESSION, 0600);
	check("no", SESSION, 0600);
	scratch_close(&scratch);
}

static void
test_owner(void)
{
	static char root[] = "root", none[] = "no.such.account", empty[] = "";
	struct user_settings settings = { .upload_mode = 0604 };
	struct upload_owner found;

	settings.upload_user = empty;
	CU_ASSERT_FALSE(upload_owner_find(&found, &settings));
	CU_ASSERT_FALSE(found.wanted || found.known);
	settings.upload_user = none;
	CU_ASSERT(upload_owner_find(&found, &settings));
	CU_ASSERT(found.wanted && !found.known);
	settings.upload_user = root;
	CU_ASSERT(upload_owner_find(&found, &settings));
	CU_ASSERT(found.wanted && found.known && found.uid == 0);
	CU_ASSERT_EQUAL(found.mode, 0604);
}

CU_TestInfo unit_tests[] = {
	{ "the owner of an upload is changed", test_given },
	{ "the owner of other files is not changed", test_refused },
	{ "the new owner", test_owner },
	CU_TEST_INFO_NULL,
};
