/*
 * suite_kernel_quota.c - disk quotas of the kernel: of the user, the group and
 * the project, on ext4 and XFS.
 *
 * It needs file systems with quotas at /mnt (ext4) and /media (XFS), and fails
 * without: tests/lab/kernel_quota.sh boots a kernel that has them.
 */
#include "common/base.h"
#include "tests/functional/functional.h"

#include "common/clock.h"
#include "common/text.h"
#include "tests/functional/accounts.h"
#include "tests/functional/files.h"

#include <fcntl.h>
#include <linux/fs.h>
#include <linux/quota.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>

const char *const functional_name = "kernel_quota";

#define KIB	 1024
#define MIB	 (1 << 20)
#define NO_LIMIT 0

static const char *const places[] = { "/mnt", "/media" };

/* --- quotas, as an administrator sets them */

static bool
set_quota(const char *place, int type, uint32_t id, const struct if_dqblk *d)
{
	struct if_dqblk copy = *d;
	int fd = open(place, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	bool done = fd >= 0 && syscall(SYS_quotactl_fd, fd,
		QCMD(Q_SETQUOTA, type), id, &copy) == 0;

	if (!done)
		fprintf(stderr, "%s, type %d: %s\n", place, type,
			strerror(errno));
	close(fd);
	return CHECK(done);
}

static bool
limit(const char *place, int type, uint32_t id, uint64_t bytes)
{
	const struct if_dqblk d = { .dqb_bhardlimit = bytes / KIB,
		.dqb_valid = QIF_LIMITS };

	return set_quota(place, type, id, &d);
}

static bool
limit_anna(const char *place, uint64_t bytes)
{
	return limit(place, USRQUOTA, accounts_find("anna")->uid, bytes);
}

static void
unlimit(const char *place)
{
	limit_anna(place, NO_LIMIT);
	limit(place, GRPQUOTA, ACCOUNTS_TEAM_GID, NO_LIMIT);
	limit(place, PRJQUOTA, 7, NO_LIMIT);
}

/* --- a client in a directory of its own there */

#define DIRECTORY "directory"

static void
path_of(char path[64], const char *place, const char *name)
{
	snprintf(path, 64, "%s/" DIRECTORY "%s", place, name);
}

static bool
enter(struct ftp *c, const char *place)
{
	static const char *const names[] = { "/f", "/g", "" };
	char path[64];

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		path_of(path, place, names[i]);
		(void)remove(path);
	}
	return CHECK(files_mkdir_as("anna", path, 0700)) &&
		ftp_enter(c, "anna") && EXPECT(c, 200, "TYPE I") &&
		EXPECT(c, 250, "CWD %s", path);
}

static int64_t
available(struct ftp *c)
{
	int64_t bytes = -1;

	if (!EXPECT(c, 213, "AVBL"))
		return -1;
	const char *at = strchr(c->text, ' ');
	size_t len = at == NULL ? 0 : strspn(at + 1, "0123456789");
	return CHECK(len > 0 && text_number(at + 1, len, &bytes) == 0) ?
		bytes : -1;
}

/* Nearly so much, because a directory takes something as well; soon, because
 * XFS frees what was deleted in the background. */
static void
check_available(struct ftp *c, int64_t bytes)
{
	int64_t is = available(c);

	for (int i = 0; i < 100 && is < bytes - 64 * KIB && is >= 0; i++) {
		clock_sleep_until(clock_ms() + 50);
		is = available(c);
	}
	CHECK_SAYS(is <= bytes && is >= bytes - 64 * KIB, "AVBL: %lld",
		(long long)is);
}

/* An upload that is larger than allowed. */
static void
put_too_much(struct ftp *c, const char *place, size_t size, int code)
{
	char path[64];
	char *data = files_pattern(size);

	path_of(path, place, "/f");
	CHECK_NUMBER(ftp_put(c, data, size, "STOR f"), code);
	free(data);
	CHECK(files_size(path) < (int64_t)size);
}

/* --- the tests */

static void
user_quota(struct ftp *c, const char *place)
{
	limit_anna(place, MIB);
	check_available(c, MIB);
	EXPECT(c, 552, "ALLO %d", 2 * MIB);
	EXPECT(c, 200, "ALLO %d", MIB / 2);
	CHECK_NUMBER(ftp_put(c, "hello", 5, "STOR f"), 226);
	put_too_much(c, place, 2 * MIB, 552);
	/* It is not the file system that is full. */
	limit_anna(place, NO_LIMIT);
	CHECK(available(c) > 2 * MIB);
}

static void
group_quota(struct ftp *c, const char *place)
{
	char path[64];

	path_of(path, place, "");
	CHECK(chown(path, accounts_find("anna")->uid, ACCOUNTS_TEAM_GID) == 0);
	CHECK(chmod(path, 02770) == 0);
	limit_anna(place, 4 * MIB);
	limit(place, GRPQUOTA, ACCOUNTS_TEAM_GID, MIB);
	check_available(c, MIB);
	put_too_much(c, place, 2 * MIB, 552);
	EXPECT(c, 250, "DELE f");
	/* The smaller one counts. */
	limit_anna(place, MIB / 2);
	check_available(c, MIB / 2);
}

static void
project_quota(struct ftp *c, const char *place)
{
	struct fsxattr attributes;
	char path[64];

	path_of(path, place, "");
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	CHECK(ioctl(fd, FS_IOC_FSGETXATTR, &attributes) == 0);
	attributes.fsx_projid = 7;
	attributes.fsx_xflags |= FS_XFLAG_PROJINHERIT;
	CHECK(ioctl(fd, FS_IOC_FSSETXATTR, &attributes) == 0);
	close(fd);
	limit(place, PRJQUOTA, 7, MIB);
	check_available(c, MIB);
	EXPECT(c, 552, "ALLO %d", 2 * MIB);
	/* XFS says that the disk is full. */
	put_too_much(c, place, 2 * MIB,
		strcmp(place, "/mnt") == 0 ? 552 : 452);
}

/* The soft limit was exceeded, and its grace is over. */
static void
grace_over(struct ftp *c, const char *place)
{
	struct if_dqblk d = { .dqb_bsoftlimit = 8, .dqb_valid = QIF_LIMITS };
	char *data = files_pattern(64 * KIB);

	d.dqb_bhardlimit = MIB / KIB;
	set_quota(place, USRQUOTA, accounts_find("anna")->uid, &d);
	CHECK_NUMBER(ftp_put(c, data, 64 * KIB, "STOR f"), 226);
	/* XFS keeps usage that is not yet on the disk elsewhere. */
	sync();
	CHECK(available(c) > 512 * KIB);
	d.dqb_valid = QIF_BTIME;
	d.dqb_btime = (uint64_t)time(NULL) - 10;
	set_quota(place, USRQUOTA, accounts_find("anna")->uid, &d);
	CHECK_NUMBER(available(c), 0);
	/* In place of the old file it would fit. */
	CHECK_NUMBER(ftp_put(c, data, 64 * KIB, "STOR g"), 552);
	free(data);
}

#define OPTIONS_MAX 5

static void
in_each_place(const char *const options[OPTIONS_MAX],
	void (*test)(struct ftp *c, const char *place))
{
	for (size_t i = 0; i < ARRAY_SIZE(places); i++) {
		struct server s;
		struct ftp c;

		if (!server_start(&s, options) || !enter(&c, places[i]))
			continue;
		test(&c, places[i]);
		unlimit(places[i]);
		ftp_close(&c);
		CHECK(logged_times(0, "* alert *") == 0);
		server_stop(&s);
	}
}

static const char *const in_place[OPTIONS_MAX] = {
	"session.atomic_uploads=no" };
static const char *const atomic[OPTIONS_MAX] = {
	"session.atomic_uploads=yes" };

static void
test_user(void)
{
	in_each_place(in_place, user_quota);
	in_each_place(atomic, user_quota);
}

static void
test_group(void)
{
	in_each_place(in_place, group_quota);
}

static void
test_project(void)
{
	in_each_place(in_place, project_quota);
}

static void
test_grace(void)
{
	in_each_place(in_place, grace_over);
}

/* quota_engine: SITE QUOTA shows disk quotas, and with both the smaller one. */
static void
shown(struct ftp *c, const char *place)
{
	limit_anna(place, MIB);
	CHECK_NUMBER(ftp_put(c, "hello", 5, "STOR f"), 226);
	EXPECT(c, 200, "SITE QUOTA");
	CHECK_HAS(c->text, "200 disk quota of the user: ");
	CHECK_HAS(c->text, " of 1048576 bytes and ");
	limit(place, GRPQUOTA, accounts_find("anna")->gid, 2 * MIB);
	EXPECT(c, 200, "SITE QUOTA");
	CHECK_HAS(c->text, "; disk quota of the group: ");
	limit(place, GRPQUOTA, accounts_find("anna")->gid, NO_LIMIT);
}

static void
shown_as_pwp(struct ftp *c, const char *place)
{
	/* The ledger allows 2 MiB. */
	EXPECT(c, 200, "SITE QUOTA");
	CHECK_TEXT(c->text, "200 0 out of 2097152 bytes of quota used.");
	limit_anna(place, MIB);
	EXPECT(c, 200, "SITE QUOTA");
	CHECK_HAS(c->text, " out of 1048576 bytes of quota used.");
	check_available(c, MIB);
}

static void
test_engines(void)
{
	static const char *const kernel[OPTIONS_MAX] = {
		"quota.quota_engine=kernel" };
	static const char *const both[OPTIONS_MAX] = {
		"quota.quota_engine=both", "quota.quota_bytes=2M",
		"quota.site_quota_wording=pwp" };

	in_each_place(kernel, shown);
	in_each_place(both, shown_as_pwp);
}

/* What is announced by ALLO is refused with the quota's code, before a byte is
 * sent. */
static void
announced(struct ftp *c, const char *place)
{
	CHECK_NUMBER(ftp_put(c, "old", 3, "STOR f"), 226);
	EXPECT(c, 200, "ALLO %d", 2 * MIB);
	limit_anna(place, MIB);
	CHECK(ftp_prepare(c));
	EXPECT(c, 552, "STOR f");
	ftp_data_close(c);
}

static void
test_announced(void)
{
	in_each_place(in_place, announced);
}

CU_TestInfo functional_tests[] = {
	{ "the user's quota", test_user },
	{ "the group's quota", test_group },
	{ "the project's quota", test_project },
	{ "a soft limit after its grace", test_grace },
	{ "an upload that was announced", test_announced },
	{ "SITE QUOTA by quota_engine", test_engines },
	CU_TEST_INFO_NULL
};
