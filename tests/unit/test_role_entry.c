/*
 * test_role_entry.c - entering a role: limits, signals, files, root directory.
 */
#include "common/base.h"
#include "common/process/role.h"
#include "common/process/role_prepare.h"

#include "common/log/log.h"
#include "common/process/empty_root.h"
#include "tests/unit/child.h"
#include "tests/unit/unit.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>

const char *const unit_name = "role_entry";

static gid_t groups[] = { 70002, 70001 };
static struct identity identity = {
	.uid = 54321, .gid = 54322,
	.groups = groups, .ngroups = ARRAY_SIZE(groups),
	.root = -1,
};

static bool
prepared(const char *what)
{
	if (child_skip_without_root(what))
		return false;
	if (empty_root_fd() < 0)
		CU_ASSERT(role_prepare("nobody", "nobody", "nobody") == 0);
	return true;
}

static void
session_with_low_limits(void)
{
	struct rlimit low = { 20, 30 }, now;

	CHILD_CHECK(setrlimit(RLIMIT_NOFILE, &low) == 0);
	role_enter(ROLE_SESSION, &identity);
	CHILD_CHECK(getrlimit(RLIMIT_NOFILE, &now) == 0);
	CHILD_CHECK(now.rlim_cur == 20 && now.rlim_max == 30);
}

/* What pam_limits has set holds. */
static void
test_limits_only_go_down(void)
{
	if (!prepared("limits"))
		return;
	CU_ASSERT_EQUAL(child_run(session_with_low_limits), 0);
}

static void
session_without_account(void)
{
	signal(SIGABRT, SIG_DFL);
	role_enter(ROLE_SESSION, NULL);
}

static void
signals_come_back(void)
{
	sigset_t before, after;

	sigemptyset(&before);
	sigaddset(&before, SIGTERM);
	sigprocmask(SIG_SETMASK, &before, NULL);
	role_enter(ROLE_SESSION, &identity);
	sigprocmask(SIG_SETMASK, NULL, &after);
	CHILD_CHECK(sigismember(&after, SIGTERM) == 1);
	CHILD_CHECK(sigismember(&after, SIGHUP) == 0);
	CHILD_CHECK(strcmp(log_context()->role, "session") == 0);
}

/* With the account's rights already, while everything else is root's. */
static void
opens_files_as_the_account(void)
{
	char path[] = "/tmp/unit_role.XXXXXX";

	CHILD_CHECK(mkdtemp(path) != NULL);
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	CHILD_CHECK(fd >= 0);
	role_use_files_as(&identity);
	CHILD_CHECK(open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC) < 0 &&
		errno == EACCES);
	CHILD_CHECK(fchdir(fd) < 0 && errno == EACCES);
	CHILD_CHECK(geteuid() == 0 && rmdir(path) < 0);
	role_enter(ROLE_SESSION, &identity);
	CHILD_CHECK(geteuid() == 54321);
}

/* What the identity has as its root directory is all that there is. */
static void
session_in_a_root_directory(void)
{
	char path[] = "/tmp/unit_role.XXXXXX";

	CHILD_CHECK(mkdtemp(path) != NULL && chmod(path, 0755) == 0);
	identity.root = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	CHILD_CHECK(identity.root >= 0);
	int root = identity.root;
	CHILD_CHECK(rmdir(path) == 0);
	role_enter(ROLE_SESSION, &identity);
	CHILD_CHECK(open("/etc", O_PATH | O_CLOEXEC) < 0 && errno == ENOENT);
	CHILD_CHECK(open("../etc", O_PATH | O_CLOEXEC) < 0);
	CHILD_CHECK(close(root) < 0 && errno == EBADF);
}

static void
test_entering(void)
{
	if (!prepared("roles"))
		return;
	CU_ASSERT_EQUAL(child_run(session_without_account),
		CHILD_KILLED + SIGABRT);
	CU_ASSERT_EQUAL(child_run(signals_come_back), 0);
	CU_ASSERT_EQUAL(child_run(opens_files_as_the_account), 0);
	CU_ASSERT_EQUAL(child_run(session_in_a_root_directory), 0);
}

CU_TestInfo unit_tests[] = {
	{ "limits only go down", test_limits_only_go_down },
	{ "signals, files and root directory on the way in", test_entering },
	CU_TEST_INFO_NULL
};
