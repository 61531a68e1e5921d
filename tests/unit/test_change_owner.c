/*
 * test_change_owner.c - whose files an account with allow_chown can give to
 * whom, whatever the session sends.
 */
#include "common/base.h"

#include "common/process/change_owner.h"
#include "tests/unit/scratch.h"
#include "tests/unit/unit.h"

#include <fcntl.h>
#include <sys/stat.h>

const char *const unit_name = "change_owner";

#define SESSION 12345
#define OTHER	23456
#define NEW	34567
#define KEEP	CHANGE_OWNER_KEEP

static const struct user_settings rules = { .allow_chown = true,
	.min_chown_id = 1000 };
static gid_t groups[] = { 300, 33 };
static const struct identity account = { .class = IDENTITY_SYSTEM,
	.uid = SESSION, .gid = SESSION, .groups = groups,
	.ngroups = ARRAY_SIZE(groups) };

static bool
is_root(const char *what)
{
	if (geteuid() != 0)
		printf("SKIP (not root): %s\n", what);
	return geteuid() == 0;
}

static void
make(const char *path, uid_t uid, mode_t mode)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

	CU_ASSERT_FATAL(fd >= 0);
	CU_ASSERT_EQUAL(fchown(fd, uid, 777), 0);
	CU_ASSERT_EQUAL(fchmod(fd, mode), 0);
	close(fd);
}

static int
change(const char *path, int flags, int64_t uid, int64_t gid)
{
	int fd = open(path, flags | O_CLOEXEC | O_NONBLOCK);

	CU_ASSERT_FATAL(fd >= 0);
	int error = change_owner(&rules, &account, fd, uid, gid);
	close(fd);
	return -error;
}

static void
check(const char *path, uid_t uid, gid_t gid, mode_t mode)
{
	struct stat st = { 0 };

	CU_ASSERT_EQUAL(lstat(path, &st), 0);
	CU_ASSERT_EQUAL(st.st_uid, uid);
	CU_ASSERT_EQUAL(st.st_gid, gid);
	CU_ASSERT_EQUAL(st.st_mode & 07777, mode);
}

static void
test_changed(void)
{
	struct scratch scratch;

	if (!is_root("files with another owner"))
		return;
	scratch_open(&scratch);
	make("own", SESSION, 0640);
	CU_ASSERT_EQUAL(change("own", O_RDONLY, NEW, KEEP), 0);
	check("own", NEW, 777, 0640);
	make("other", OTHER, 0666);
	CU_ASSERT_EQUAL(change("other", O_WRONLY, NEW, 5000), 0);
	check("other", NEW, 5000, 0666);
	/* A program that anybody may run as the new owner or group, or a file
	 * that is locked by its mode. */
	make("suid", SESSION, 06777);
	CU_ASSERT_EQUAL(change("suid", O_RDONLY, NEW, KEEP), 0);
	check("suid", NEW, 777, 0777);
	make("locked", SESSION, 02644);
	CU_ASSERT_EQUAL(change("locked", O_RDONLY, KEEP, 5000), 0);
	check("locked", SESSION, 5000, 0644);
	/* A group of the account, although it is the system's. */
	make("member", SESSION, 0600);
	CU_ASSERT_EQUAL(change("member", O_RDONLY, KEEP, 33), 0);
	check("member", SESSION, 33, 0600);
	scratch_directory("d");
	CU_ASSERT_EQUAL(chown("d", SESSION, SESSION), 0);
	CU_ASSERT_EQUAL(chmod("d", 07755), 0);
	CU_ASSERT_EQUAL(change("d", O_RDONLY, NEW, NEW), 0);
	check("d", NEW, NEW, 01755);
	scratch_close(&scratch);
}

static void
test_ids_refused(void)
{
	static const struct {
		int64_t uid, gid;
		int error;
	} rows[] = {
		{ 0, KEEP, OWNER_TO_SYSTEM },
		{ 999, KEEP, OWNER_TO_SYSTEM },
		{ KEEP, 0, OWNER_TO_GROUP },
		{ KEEP, 999, OWNER_TO_GROUP },
		{ NEW, 0, OWNER_TO_GROUP },
		/* What the kernel takes for "unchanged", or for root. */
		{ UINT32_MAX, KEEP, EINVAL },
		{ KEEP, UINT32_MAX, EINVAL },
		{ INT64_C(1) << 32, KEEP, EINVAL },
		{ -2, KEEP, EINVAL },
		{ INT64_MIN, KEEP, EINVAL },
	};
	struct scratch scratch;

	if (!is_root("owners that are refused"))
		return;
	scratch_open(&scratch);
	make("f", SESSION, 0600);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		CU_ASSERT_EQUAL(change("f", O_RDWR, rows[i].uid, rows[i].gid),
			rows[i].error);
	check("f", SESSION, 777, 0600);
	scratch_close(&scratch);
}

static void
test_files_refused(void)
{
	struct scratch scratch;

	if (!is_root("files that keep their owner"))
		return;
	scratch_open(&scratch);
	make("root", 0, 0666);
	make("system", 999, 0666);
	make("other", OTHER, 0666);
	make("linked", SESSION, 0600);
	CU_ASSERT_EQUAL(link("linked", "second"), 0);
	CU_ASSERT_EQUAL(mkfifo("fifo", 0600), 0);
	CU_ASSERT_EQUAL(chown("fifo", SESSION, 777), 0);
	scratch_directory("d");
	CU_ASSERT_EQUAL(chown("d", OTHER, 777), 0);
	CU_ASSERT_EQUAL(change("root", O_RDWR, NEW, KEEP), OWNER_OF_SYSTEM);
	CU_ASSERT_EQUAL(change("system", O_RDWR, NEW, KEEP), OWNER_OF_SYSTEM);
	/* Others can usually be read. */
	CU_ASSERT_EQUAL(change("other", O_RDONLY, NEW, KEEP),
		OWNER_NOT_WRITABLE);
	CU_ASSERT_EQUAL(change("other", O_RDONLY, KEEP, NEW),
		OWNER_NOT_WRITABLE);
	CU_ASSERT_EQUAL(change("other", O_PATH, NEW, KEEP),
		OWNER_NOT_WRITABLE);
	CU_ASSERT_EQUAL(change("d", O_RDONLY, NEW, KEEP), OWNER_NOT_WRITABLE);
	CU_ASSERT_EQUAL(change("linked", O_RDWR, NEW, KEEP), OWNER_NO_FILE);
	CU_ASSERT_EQUAL(change("fifo", O_RDWR, NEW, KEEP), OWNER_NO_FILE);
	check("root", 0, 777, 0666);
	check("system", 999, 777, 0666);
	check("other", OTHER, 777, 0666);
	check("linked", SESSION, 777, 0600);
	check("fifo", SESSION, 777, 0600);
	scratch_close(&scratch);
}

static void
test_accounts_refused(void)
{
	const struct user_settings off = { .min_chown_id = 1000 };
	struct identity anonymous = account;

	anonymous.class = IDENTITY_ANONYMOUS;
	CU_ASSERT_TRUE(change_owner_allowed(&rules, &account));
	CU_ASSERT_FALSE(change_owner_allowed(&off, &account));
	CU_ASSERT_FALSE(change_owner_allowed(&rules, &anonymous));
	CU_ASSERT_EQUAL(change_owner(&off, &account, STDIN_FILENO, NEW, KEEP),
		-OWNER_NOT_ALLOWED);
	CU_ASSERT_EQUAL(change_owner(&rules, &anonymous, STDIN_FILENO, NEW,
		KEEP), -OWNER_NOT_ALLOWED);
}

static void
test_texts(void)
{
	for (int i = OWNER_NOT_ALLOWED; i < OWNER_REFUSALS_END; i++)
		CU_ASSERT_PTR_NOT_NULL(change_owner_text(i));
	CU_ASSERT_PTR_NULL(change_owner_text(OWNER_NOT_ALLOWED - 1));
	CU_ASSERT_PTR_NULL(change_owner_text(OWNER_REFUSALS_END));
	CU_ASSERT_PTR_NULL(change_owner_text(EPERM));
}

CU_TestInfo unit_tests[] = {
	{ "owner and group change, and set-id bits go", test_changed },
	{ "not to the system, and no other numbers", test_ids_refused },
	{ "not files of others or of the system", test_files_refused },
	{ "only accounts with allow_chown, and never anonymous ones",
		test_accounts_refused },
	{ "each refusal has its words", test_texts },
	CU_TEST_INFO_NULL,
};
