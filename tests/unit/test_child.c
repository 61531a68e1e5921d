/*
 * test_child.c - forking, initialisation of a child, and the meaning of an exit
 * status.
 */
#include "common/base.h"
#include "common/process/child.h"

#include "common/clock.h"
#include "common/io.h"
#include "common/process/channel.h"
#include "tests/unit/child.h"
#include "tests/unit/unit.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>

const char *const unit_name = "child";

static void
test_outcomes(void)
{
	static const struct {
		int signal;
		enum outcome outcome;
	} signals[] = {
		{ SIGSEGV, OUTCOME_CRASH }, { SIGABRT, OUTCOME_CRASH },
		{ SIGBUS, OUTCOME_CRASH }, { SIGSYS, OUTCOME_SANDBOX },
		/* an administrator, or the kernel short of memory */
		{ SIGKILL, OUTCOME_STOPPED }, { SIGTERM, OUTCOME_STOPPED },
		{ SIGINT, OUTCOME_STOPPED }, { SIGHUP, OUTCOME_STOPPED },
	};

	for (int code = 0; code < OUTCOMES; code++)
		CU_ASSERT_EQUAL(child_outcome(W_EXITCODE(code, 0)),
			(enum outcome)code);
	CU_ASSERT_EQUAL(child_outcome(W_EXITCODE(OUTCOMES, 0)),
		OUTCOME_ERROR);
	CU_ASSERT_EQUAL(child_outcome(W_EXITCODE(255, 0)), OUTCOME_ERROR);
	for (size_t i = 0; i < ARRAY_SIZE(signals); i++) {
		CU_ASSERT_EQUAL(child_outcome(W_EXITCODE(0,
			signals[i].signal)), signals[i].outcome);
		CU_ASSERT_EQUAL(child_outcome(W_EXITCODE(0,
			signals[i].signal) | 0x80), signals[i].outcome);
	}
}

/* A child that exits when its channel closes, or does not. */
static enum outcome
reap(bool stubborn, int64_t patience)
{
	int fd;
	pid_t pid = child_fork_with_channel(&fd);

	if (pid == 0) {
		char c;
		(void)!read(fd, &c, 1);
		if (stubborn)
			pause();
		_exit(OUTCOME_IDLE);
	}
	CU_ASSERT_FATAL(pid > 0);
	io_close(&fd);
	return child_reap(pid, patience);
}

static void
test_reaping(void)
{
	CU_ASSERT_EQUAL(reap(false, 5000), OUTCOME_IDLE);
	int64_t began = clock_ms();
	CU_ASSERT_EQUAL(reap(true, 50), OUTCOME_STOPPED);
	CU_ASSERT(clock_ms() - began >= 50);
	CU_ASSERT(clock_ms() - began < 5000);
	CU_ASSERT_EQUAL(child_reap(getpid(), 0), OUTCOME_ERROR);
}

static void
test_channel(void)
{
	char c = 'x';
	int fd;
	pid_t parent = getpid();
	pid_t pid = child_fork_with_channel(&fd);

	if (pid == 0) {
		c = child_parent() == parent ? 'y' : 'n';
		(void)!write(fd, &c, 1);
		_exit(0);
	}
	CU_ASSERT_FATAL(pid > 0);
	CU_ASSERT_EQUAL(fcntl(fd, F_GETFD), FD_CLOEXEC);
	CU_ASSERT_EQUAL(read(fd, &c, 1), 1);
	CU_ASSERT_EQUAL(c, 'y');
	CU_ASSERT_EQUAL(read(fd, &c, 1), 0);
	CU_ASSERT_EQUAL(child_reap(pid, 5000), OUTCOME_QUIT);
	close(fd);
}

static void
begins(void)
{
	static const int ignored[] = { SIGTERM, SIGINT, SIGHUP, SIGQUIT,
		SIGPIPE, SIGXFSZ };
	int kept = open("/dev/null", O_RDONLY | O_CLOEXEC);
	int closed = open("/dev/null", O_RDONLY | O_CLOEXEC);
	struct sigaction action;
	sigset_t all, now;

	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, NULL);
	child_begin(&kept, 1);
	CHILD_CHECK(fcntl(kept, F_GETFD) >= 0);
	CHILD_CHECK(fcntl(closed, F_GETFD) < 0);
	CHILD_CHECK(fcntl(STDERR_FILENO, F_GETFD) >= 0);
	sigprocmask(SIG_SETMASK, NULL, &now);
	CHILD_CHECK(sigisemptyset(&now));
	for (size_t i = 0; i < ARRAY_SIZE(ignored); i++) {
		CHILD_CHECK(sigaction(ignored[i], NULL, &action) == 0);
		CHILD_CHECK(action.sa_handler == SIG_IGN);
	}
	CHILD_CHECK(sigaction(SIGCHLD, NULL, &action) == 0);
	CHILD_CHECK(action.sa_handler == SIG_DFL);
}

static void
test_first_steps(void)
{
	CU_ASSERT_EQUAL(child_run(begins), 0);
}

/* A child that copies only the descriptors below a number, while its parent
 * opens and closes some. */
static void
test_own_descriptors(void)
{
	int low[2], high, status = -1;
	char byte;

	CU_ASSERT_EQUAL_FATAL(channel_pair(low), 0);
	high = fcntl(low[0], F_DUPFD_CLOEXEC, 100);
	CU_ASSERT_FATAL(high >= 100);
	pid_t parent = getpid();
	pid_t pid = child_fork_sharing_descriptors();
	if (pid == 0) {
		if (child_own_descriptors(100) < 0)
			_exit(1);
		CHILD_CHECK(child_parent() == parent);
		CHILD_CHECK(write(low[1], "x", 1) == 1);
		CHILD_CHECK(read(low[1], &byte, 1) == 1);
		/* What the parent closed meanwhile is still here, what was
		 * above never was. */
		CHILD_CHECK(fcntl(low[0], F_GETFD) >= 0);
		CHILD_CHECK(fcntl(high, F_GETFD) < 0);
		close(low[1]);
		_exit(42);
	}
	CU_ASSERT_FATAL(pid > 0);
	CU_ASSERT_EQUAL(read(low[0], &byte, 1), 1);
	CU_ASSERT_TRUE(fcntl(high, F_GETFD) >= 0);
	close(low[0]);
	CU_ASSERT_EQUAL(write(high, "x", 1), 1);
	CU_ASSERT_EQUAL(waitpid(pid, &status, 0), pid);
	CU_ASSERT_EQUAL(status, W_EXITCODE(42, 0));
	/* What the child closed in its own table is still in ours. */
	CU_ASSERT_TRUE(fcntl(low[1], F_GETFD) >= 0);
	close(low[1]);
	close(high);
}

/* A TCP connection whose last close() waits for its peer, who reads nothing. */
static int
lingering(int *deaf)
{
	static const char bytes[65536];
	const struct linger linger = { .l_onoff = 1, .l_linger = 60 };
	struct sockaddr_in at = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t size = sizeof(at);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	*deaf = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	CU_ASSERT_FATAL(bind(*deaf, (struct sockaddr *)&at, size) == 0 &&
		listen(*deaf, 1) == 0 &&
		getsockname(*deaf, (struct sockaddr *)&at, &size) == 0 &&
		connect(fd, (struct sockaddr *)&at, size) == 0);
	while (send(fd, bytes, sizeof(bytes), MSG_DONTWAIT) > 0)
		;
	CU_ASSERT_EQUAL(setsockopt(fd, SOL_SOCKET, SO_LINGER, &linger,
		sizeof(linger)), 0);
	return fd;
}

/* The parent closes it first, and so its child's copy is the last one. */
static void
test_hurry(void)
{
	int go[2], deaf;
	char byte;

	CU_ASSERT_EQUAL_FATAL(channel_pair(go), 0);
	int fd = lingering(&deaf);
	pid_t pid = child_fork();
	if (pid == 0) {
		close(deaf);
		CHILD_CHECK(read(go[1], &byte, 1) == 1);
		child_begin(NULL, 0);
		_exit(OUTCOME_IDLE);
	}
	CU_ASSERT_FATAL(pid > 0);
	close(fd);
	CU_ASSERT_EQUAL(write(go[0], "x", 1), 1);
	CU_ASSERT_EQUAL(child_reap(pid, 10000), OUTCOME_IDLE);
	close(go[0]);
	close(go[1]);
	close(deaf);
}

CU_TestInfo unit_tests[] = {
	{ "exit status and signals as outcomes", test_outcomes },
	{ "a child that does not exit is killed", test_reaping },
	{ "a channel to the parent", test_channel },
	{ "child_begin() resets signals and descriptors", test_first_steps },
	{ "a child with a small table of descriptors", test_own_descriptors },
	{ "a child does not wait for what it closes", test_hurry },
	CU_TEST_INFO_NULL
};
