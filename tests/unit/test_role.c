/*
 * test_role.c - each kind of process, inspected through /proc.
 */
#include "common/base.h"
#include "common/process/role.h"
#include "common/process/role_prepare.h"

#include "common/io.h"
#include "common/process/child.h"
#include "common/process/empty_root.h"
#include "common/process/message.h"
#include "common/process/sandbox.h"
#include "tests/unit/child.h"
#include "tests/unit/unit.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#define LIFE 30		/* seconds; a model that nobody ends does not stay */

const char *const unit_name = "role";

/* A process in a role, waiting to be looked at. */
struct model {
	pid_t pid;
	int release;		/* closing it lets the process end */
	char status[8192];	/* /proc/PID/status */
	char limits[4096];	/* /proc/PID/limits */
	char root[PATH_MAX];
};

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
pose(enum role role, int ready, int release)
{
	char c = 'r';

	alarm(LIFE);
	role_enter(role, role == ROLE_SESSION ? &identity : NULL);
#ifndef SANDBOX_SANITIZED
	/* Root's processes look the same from outside; the others may not
	 * ask (tests/functional/suite_processes.c looks at those). */
	if (geteuid() == 0 && prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) != 0)
		c = 'd';
#endif
	(void)!write(ready, &c, 1);
	(void)!read(release, &c, 1);
	_exit(0);
}

static void
read_proc(const struct model *model, const char *name, char *text, size_t size)
{
	char path[64];

	(void)!snprintf(path, sizeof(path), "/proc/%d/%s", (int)model->pid,
		name);
	FILE *f = fopen(path, "re");
	CU_ASSERT_PTR_NOT_NULL_FATAL(f);
	size_t len = fread(text, 1, size - 1, f);
	fclose(f);
	text[len] = '\0';
}

static void
look(struct model *model)
{
	char path[64];

	read_proc(model, "status", model->status, sizeof(model->status));
	read_proc(model, "limits", model->limits, sizeof(model->limits));
	(void)!snprintf(path, sizeof(path), "/proc/%d/root", (int)model->pid);
	ssize_t root = readlink(path, model->root, sizeof(model->root) - 1);
	CU_ASSERT_FATAL(root > 0);
	model->root[root] = '\0';
}

static void
start(struct model *model, enum role role)
{
	int ready[2], release[2];
	char c;

	CU_ASSERT_EQUAL_FATAL(pipe2(ready, O_CLOEXEC), 0);
	CU_ASSERT_EQUAL_FATAL(pipe2(release, O_CLOEXEC), 0);
	model->pid = child_fork();
	if (model->pid == 0) {
		close(release[1]);
		pose(role, ready[1], release[0]);
	}
	close(ready[1]);
	close(release[0]);
	CU_ASSERT_EQUAL_FATAL(read(ready[0], &c, 1), 1);
	CU_ASSERT_EQUAL(c, 'r');
	close(ready[0]);
	model->release = release[1];
	look(model);
}

static void
end(struct model *model)
{
	int status;

	close(model->release);
	CU_ASSERT_EQUAL(waitpid(model->pid, &status, 0), model->pid);
	CU_ASSERT_EQUAL(status, 0);
}

/* Does /proc/PID/status have this line, or one that begins so? */
static bool
says(const struct model *model, const char *line)
{
	const char *at = strstr(model->status, line);

	return at != NULL && (at == model->status || at[-1] == '\n') &&
		strchr("\n \t", at[strlen(line)]) != NULL;
}

static void
check_powerless(const struct model *model)
{
	CU_ASSERT(says(model, "CapInh:\t0000000000000000"));
	CU_ASSERT(says(model, "CapPrm:\t0000000000000000"));
	CU_ASSERT(says(model, "CapEff:\t0000000000000000"));
	CU_ASSERT(says(model, "CapBnd:\t0000000000000000"));
	CU_ASSERT(says(model, "CapAmb:\t0000000000000000"));
	CU_ASSERT(says(model, "NoNewPrivs:\t1"));
	if (sandbox_available())
		CU_ASSERT(says(model, "Seccomp:\t2"));
}

/* The hard limit of a line of /proc/PID/limits, as text: "Max open files   32
 * 32   files". */
static bool
limited(const struct model *model, const char *line, const char *hard)
{
	const char *at = strstr(model->limits, line);

	CU_ASSERT_PTR_NOT_NULL_FATAL(at);
	at += strlen(line);
	at += strspn(at, " ");
	at += strcspn(at, " ");
	at += strspn(at, " ");
	return strncmp(at, hard, strlen(hard)) == 0 && at[strlen(hard)] == ' ';
}

/* Rule R3. */
static void
test_greeter(void)
{
	struct model m;

	if (!prepared("the greeter"))
		return;
	start(&m, ROLE_GREETER);
	CU_ASSERT(says(&m, "Name:\tsureftpd-greet"));
	CU_ASSERT(!says(&m, "Uid:\t0"));
	CU_ASSERT(says(&m, "Groups:\t"));
	check_powerless(&m);
	CU_ASSERT_PTR_NOT_NULL(strstr(m.root, "(deleted)"));
	CU_ASSERT(limited(&m, "Max processes", "0"));
	CU_ASSERT(limited(&m, "Max core file size", "0"));
	CU_ASSERT(limited(&m, "Max open files", "32"));
#ifndef SANDBOX_SANITIZED
	CU_ASSERT(!limited(&m, "Max address space", "unlimited"));
#endif
	end(&m);
}

static void
test_session(void)
{
	struct model m;

	if (!prepared("the session"))
		return;
	start(&m, ROLE_SESSION);
	CU_ASSERT(says(&m, "Name:\tsureftpd-sess"));
	CU_ASSERT(says(&m, "Uid:\t54321\t54321\t54321\t54321"));
	CU_ASSERT(says(&m, "Gid:\t54322\t54322\t54322\t54322"));
	CU_ASSERT(says(&m, "Groups:\t70001 70002"));
	check_powerless(&m);
	CU_ASSERT_STRING_EQUAL(m.root, "/");
	CU_ASSERT(limited(&m, "Max processes", "0"));
	end(&m);
}

static void
test_recorder(void)
{
	struct model m;

	if (!prepared("the recorder"))
		return;
	start(&m, ROLE_RECORDER);
	CU_ASSERT(says(&m, "Name:\tsureftpd-log"));
	CU_ASSERT(!says(&m, "Uid:\t0"));
	check_powerless(&m);
	end(&m);
}

static void
test_keeper(void)
{
	struct model m;

	if (!prepared("the keeper"))
		return;
	start(&m, ROLE_KEEPER);
	CU_ASSERT(says(&m, "Name:\tsureftpd-key"));
	CU_ASSERT(!says(&m, "Uid:\t0"));
	check_powerless(&m);
	CU_ASSERT_STRING_NOT_EQUAL(m.root, "/");
	CU_ASSERT(limited(&m, "Max processes", "0"));
	end(&m);
}

static uint64_t
capabilities(const struct model *model)
{
	const char *at = strstr(model->status, "\nCapPrm:\t");
	uint64_t caps = 0;

	CU_ASSERT_PTR_NOT_NULL_FATAL(at);
	for (at += 9; *at != '\n'; at++)
		caps = caps << 4 | (uint64_t)(*at <= '9' ? *at - '0' :
			*at - 'a' + 10);
	return caps;
}

static void
test_monitor(void)
{
	struct model login, session;

	if (!prepared("the monitor"))
		return;
	start(&login, ROLE_MONITOR_LOGIN);
	end(&login);
	start(&session, ROLE_MONITOR_SESSION);
	end(&session);
	CU_ASSERT(says(&login, "Name:\tsureftpd-mon"));
	CU_ASSERT(says(&login, "Uid:\t0"));
	CU_ASSERT(says(&login, "NoNewPrivs:\t0"));
	CU_ASSERT(says(&session, "NoNewPrivs:\t1"));
	CU_ASSERT(says(&session, "CapInh:\t0000000000000000"));
	uint64_t more = capabilities(&login), less = capabilities(&session);
	CU_ASSERT_NOT_EQUAL(more, 0);
	CU_ASSERT_EQUAL(less & more, less);
	CU_ASSERT(__builtin_popcountll(less) <= 4);
	/* CAP_SETUID is 7 */
	CU_ASSERT(more & UINT64_C(1) << 7);
	CU_ASSERT(!(less & UINT64_C(1) << 7));
}

static void
prepare_with_missing_account(void)
{
	CHILD_CHECK(role_prepare("no-such-account-here", "nobody",
		"nobody") == 0);
	CHILD_CHECK(role_service_account(ROLE_GREETER)->uid != 0);
	CHILD_CHECK(role_service_account(ROLE_GREETER)->uid ==
		role_service_account(ROLE_RECORDER)->uid);
}

static void
prepare_with_root(void)
{
	CHILD_CHECK(role_prepare("root", "nobody", "nobody") == -EPERM);
	CHILD_CHECK(role_prepare("nobody", "root", "nobody") == -EPERM);
	CHILD_CHECK(role_prepare("nobody", "nobody", "root") == -EPERM);
}

static void
test_service_accounts(void)
{
	if (child_skip_without_root("service accounts"))
		return;
	CU_ASSERT_EQUAL(child_run(prepare_with_missing_account), 0);
	CU_ASSERT_EQUAL(child_run(prepare_with_root), 0);
}

static void
test_empty_root(void)
{
	if (!prepared("the empty root directory"))
		return;
	int fd = openat(empty_root_fd(), "x", O_CREAT | O_WRONLY | O_CLOEXEC,
		0600);
	CU_ASSERT(fd < 0 && errno == ENOENT);
	CU_ASSERT_EQUAL(fcntl(empty_root_fd(), F_GETFD), FD_CLOEXEC);
}

CU_TestInfo unit_tests[] = {
	{ "the greeter has no privileges", test_greeter },
	{ "the session runs as the user", test_session },
	{ "the recorder has no rights", test_recorder },
	{ "the keeper has no rights and an empty root", test_keeper },
	{ "the monitor has fewer rights after login", test_monitor },
	{ "service accounts", test_service_accounts },
	{ "nothing can be put into the empty root", test_empty_root },
	CU_TEST_INFO_NULL
};
