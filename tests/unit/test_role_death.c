/*
 * test_role_death.c - no process outlives its parent.
 */
#include "common/base.h"
#include "common/process/role.h"
#include "common/process/role_prepare.h"

#include "common/process/child.h"
#include "tests/unit/child.h"
#include "tests/unit/unit.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>

#define LIFE 30		/* seconds; what does not die does not stay */

const char *const unit_name = "role_death";

static const struct identity identity = {
	.uid = 54321, .gid = 54322, .root = -1 };

NORETURN static void
be_session(int ready, int never)
{
	char c = 'r';

	alarm(LIFE);
	role_enter(ROLE_SESSION, &identity);
	(void)!write(ready, &c, 1);
	(void)!read(never, &c, 1);
	_exit(0);
}

/* A process that starts a session and tells its number when it is one. */
static pid_t
start_family(int told)
{
	pid_t parent = fork();

	if (parent != 0)
		return parent;
	int ready[2], never[2];
	char c;
	CHILD_CHECK(pipe2(ready, O_CLOEXEC) == 0);
	CHILD_CHECK(pipe2(never, O_CLOEXEC) == 0);
	alarm(LIFE);
	pid_t child = child_fork();
	if (child == 0)
		be_session(ready[1], never[0]);
	close(ready[1]);
	CHILD_CHECK(read(ready[0], &c, 1) == 1);
	CHILD_CHECK(write(told, &child, sizeof(child)) == sizeof(child));
	pause();
	_exit(0);
}

/* A monitor that dies takes its session with it: killed, not ended. */
static void
test_dies_with_parent(void)
{
	int told[2], status;
	pid_t child;

	if (child_skip_without_root("death of the parent"))
		return;
	CU_ASSERT_EQUAL_FATAL(role_prepare("nobody", "nobody",
			"nobody"), 0);
	CU_ASSERT_EQUAL_FATAL(pipe2(told, O_CLOEXEC), 0);
	/* The orphan becomes this process's child, to be waited for. */
	CU_ASSERT_EQUAL_FATAL(prctl(PR_SET_CHILD_SUBREAPER, 1UL), 0);
	pid_t parent = start_family(told[1]);
	close(told[1]);
	CU_ASSERT_EQUAL_FATAL(read(told[0], &child, sizeof(child)),
		sizeof(child));
	close(told[0]);
	kill(parent, SIGKILL);
	CU_ASSERT_EQUAL(waitpid(parent, &status, 0), parent);
	CU_ASSERT_EQUAL(waitpid(child, &status, 0), child);
	CU_ASSERT(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
}

/* One that died before its child could say so is noticed all the same: by then
 * getppid() names another process. */
static void
test_parent_died_before(void)
{
	int told[2], status;
	pid_t child;

	if (child_skip_without_root("death of the parent"))
		return;
	CU_ASSERT_EQUAL_FATAL(pipe2(told, O_CLOEXEC), 0);
	pid_t parent = child_fork();
	if (parent == 0) {
		child = child_fork();
		if (child == 0) {
			CHILD_CHECK(unit_await_exit(child_parent()));
			CHILD_CHECK(getppid() != child_parent());
			alarm(LIFE);
			role_enter(ROLE_SESSION, &identity);
			_exit(0);
		}
		CHILD_CHECK(write(told[1], &child, sizeof(child)) ==
			sizeof(child));
		_exit(0);
	}
	CU_ASSERT_EQUAL(waitpid(parent, &status, 0), parent);
	CU_ASSERT_EQUAL(read(told[0], &child, sizeof(child)), sizeof(child));
	CU_ASSERT_EQUAL(waitpid(child, &status, 0), child);
	CU_ASSERT(WIFEXITED(status) && WEXITSTATUS(status) == OUTCOME_LOST);
	close(told[0]);
	close(told[1]);
}

CU_TestInfo unit_tests[] = {
	{ "a session dies with its monitor", test_dies_with_parent },
	{ "a session exits if its monitor had died before",
		test_parent_died_before },
	CU_TEST_INFO_NULL
};
