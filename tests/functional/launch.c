/*
 * launch.c - starts the daemon as a service manager, a start script or a
 * container does.
 *
 * Runs in: the suite's process; the daemon is its child.
 */
#include "common/base.h"
#include "tests/functional/launch.h"

#include "common/clock.h"
#include "tests/functional/files.h"
#include "tests/functional/functional.h"
#include "tests/functional/network.h"
#include "tests/functional/procs.h"
#include "tests/functional/world.h"

#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>

#define NOTIFY "/run/world/manager"

static void
set_number(const char *name, int number)
{
	char text[32];

	snprintf(text, sizeof(text), "%d", number);
	setenv(name, text, 1);
}

/* The passed descriptors become 3 and 4. */
static void
pass(const struct launch *start)
{
	int copies[2], count = 0;

	while (count < 2 && start->passed[count] > 0) {
		copies[count] = fcntl(start->passed[count], F_DUPFD, 20);
		count++;
	}
	for (int i = 0; i < count; i++)
		dup2(copies[i], 3 + i);
	close_range((unsigned)(3 + count), ~0U, 0);
	if (count == 0)
		return;
	set_number("LISTEN_PID", getpid());
	set_number("LISTEN_FDS", count);
	setenv("LISTEN_FDNAMES", start->names, 1);
}

static void NORETURN
become_server(const struct launch *start)
{
	const char *argv[24] = { WORLD_SERVER, "-C", SERVER_CONFIG };
	size_t n = 3;
	int log = open(start->stderr_to != NULL ? start->stderr_to :
		SERVER_ERRORS, O_WRONLY | O_CREAT | O_APPEND, 0600);

	for (size_t i = 0; i < ARRAY_SIZE(start->options) &&
	    start->options[i] != NULL; i++) {
		if (start->options[i][0] != '-')
			argv[n++] = "-o";
		argv[n++] = start->options[i];
	}
	dup2(log, 1);
	dup2(log, 2);
	setenv("NOTIFY_SOCKET", NOTIFY, 1);
	if (start->watchdog != NULL)
		setenv("WATCHDOG_USEC", start->watchdog, 1);
	pass(start);
	if (start->missing != 0 && prctl(PR_CAPBSET_DROP, start->missing) < 0)
		_exit(126);
	execv(WORLD_SERVER, (char *const *)(uintptr_t)argv);
	_exit(127);
}

pid_t
launch(const struct launch *start)
{
	if (!files_exist(SERVER_CONFIG))
		files_write_text(SERVER_CONFIG, "[limits]\nban_after = 0\n"
			"bans_file =\n");
	fflush(stdout);
	/* Only for the child, which is process 1 there. */
	int mine = start->first_process ? open("/proc/self/ns/pid",
		O_RDONLY | O_CLOEXEC) : -1;
	if (start->first_process && !CHECK(unshare(CLONE_NEWPID) == 0))
		return -1;
	pid_t pid = fork();
	if (pid == 0)
		become_server(start);
	if (mine >= 0) {
		CHECK(setns(mine, CLONE_NEWPID) == 0);
		close(mine);
	}
	return pid;
}

int
launch_manager(void)
{
	struct sockaddr_un a = { .sun_family = AF_UNIX, .sun_path = NOTIFY };
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	unlink(NOTIFY);
	CHECK(bind(fd, (struct sockaddr *)&a, sizeof(a)) == 0);
	return fd;
}

/* One message of the server, and the descriptor that came with it or -1. */
static int
read_message(int manager, char *text, size_t size)
{
	union {
		char space[CMSG_SPACE(sizeof(int))];
		struct cmsghdr head;
	} control = { 0 };
	struct iovec iov = { text, size - 1 };
	struct msghdr m = { .msg_iov = &iov, .msg_iovlen = 1,
		.msg_control = &control, .msg_controllen = sizeof(control) };
	int fd = -1;

	*text = '\0';
	if (!network_readable(manager, 100))
		return -1;
	ssize_t n = recvmsg(manager, &m, MSG_CMSG_CLOEXEC);
	text[n < 0 ? 0 : n] = '\0';
	const struct cmsghdr *c = n < 0 ? NULL : CMSG_FIRSTHDR(&m);
	if (c != NULL)
		memcpy(&fd, CMSG_DATA(c), sizeof(fd));
	return fd;
}

bool
launch_awaits(int manager, const char *wanted, int *passed)
{
	int64_t deadline = clock_after(10);
	char text[512];

	while (!clock_passed(deadline)) {
		int fd = read_message(manager, text, sizeof(text));
		bool found = strstr(text, wanted) != NULL;

		if (found && passed != NULL)
			*passed = fd;
		else if (fd >= 0)
			close(fd);
		if (found)
			return true;
	}
	return CHECK_SAYS(false, "no message %s: %.600s", wanted,
		server_log());
}

void
launch_check_greeted(uint16_t port)
{
	char text[64] = "";
	int fd = network_connect("127.0.0.1", port, NULL);

	if (CHECK(fd >= 0)) {
		CHECK(network_readable(fd, 5000));
		CHECK(recv(fd, text, sizeof(text) - 1, 0) > 4);
		CHECK_HAS(text, "220 ");
		close(fd);
	}
}

void
launch_end(pid_t pid)
{
	int status = -1;

	kill(pid, SIGTERM);
	CHECK(server_wait(pid, 8000, &status));
	CHECK_SAYS(WIFEXITED(status) && WEXITSTATUS(status) == 0,
		"it ended with %#x: %.600s", status, server_log());
	CHECK(procs_wait_for_count(NULL, 0, 3000));
}

int
launch_status(const struct launch *start)
{
	int status = -1;
	pid_t pid = launch(start);

	CHECK(server_wait(pid, 10000, &status));
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}
