/*
 * server.c - starts and stops the daemon of a suite's world.
 *
 * Runs in: the suite's process; the daemon is its child.
 */
#include "common/base.h"
#include "tests/functional/server.h"

#include "common/clock.h"
#include "tests/functional/files.h"
#include "tests/functional/functional.h"
#include "tests/functional/network.h"
#include "tests/functional/procs.h"
#include "tests/functional/world.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/pidfd.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>

#define NOTIFY "/run/world/notify"
#define MAX_OPTIONS 32

static const char base_config[] = "[auth]\n"
				  "failed_login_delay = 0\n"
				  "[limits]\n"
				  "ban_after = 0\n"
				  "bans_file =\n"
				  "[server]\n"
				  "min_spare_workers = 2\n";

static int
open_notify(void)
{
	struct sockaddr_un a = { .sun_family = AF_UNIX, .sun_path = NOTIFY };
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	unlink(NOTIFY);
	if (fd >= 0 && bind(fd, (struct sockaddr *)&a, sizeof(a)) == 0)
		return fd;
	perror(NOTIFY);
	return -1;
}

void (*server_prepare)(void);

static void NORETURN
become_server(const char *const *options)
{
	const char *argv[3 + 2 * MAX_OPTIONS + 1] = { WORLD_SERVER, "-C",
		SERVER_CONFIG };
	size_t n = 3;
	int log = open(SERVER_ERRORS, O_WRONLY | O_CREAT | O_APPEND, 0600);
	int null = open("/dev/null", O_RDWR);

	for (size_t i = 0; options[i] != NULL && i < MAX_OPTIONS; i++) {
		argv[n++] = "-o";
		argv[n++] = options[i];
	}
	dup2(null, 0);
	dup2(log, 1);
	dup2(log, 2);
	close_range(3, ~0U, 0);
	setenv("NOTIFY_SOCKET", NOTIFY, 1);
	if (server_prepare != NULL)
		server_prepare();
	execv(WORLD_SERVER, (char *const *)(uintptr_t)argv);
	perror(WORLD_SERVER);
	_exit(127);
}

/* READY=1, or the end of the process, or ten seconds. */
static bool
wait_until_ready(int notify, pid_t pid)
{
	int64_t deadline = clock_ms() + 10000;
	char text[512];

	while (!clock_passed(deadline)) {
		if (!network_readable(notify, 50)) {
			if (waitpid(pid, NULL, WNOHANG) == pid)
				return false;
			continue;
		}
		ssize_t n = recv(notify, text, sizeof(text) - 1, 0);
		text[n > 0 ? n : 0] = '\0';
		if (strstr(text, "READY=1") != NULL)
			return true;
	}
	return false;
}

bool
server_start(struct server *s, const char *const *options)
{
	int notify = open_notify();

	if (!files_exist(SERVER_CONFIG))
		files_write_text(SERVER_CONFIG, base_config);
	fflush(stdout);
	s->pid = fork();
	if (s->pid == 0)
		become_server(options);
	bool ready = s->pid > 0 && wait_until_ready(notify, s->pid);
	close(notify);
	if (!ready)
		s->pid = -1;
	return CHECK_SAYS(ready, "the server did not start: %.800s",
		server_log());
}

void
server_configure(const char *lines)
{
	if (!files_exist(SERVER_CONFIG))
		files_write_text(SERVER_CONFIG, base_config);
	files_append_text(SERVER_CONFIG, lines);
}

bool
server_wait(pid_t pid, int64_t ms, int *status)
{
	int fd = pidfd_open(pid, 0);
	bool ended = fd < 0 ? errno == ESRCH : network_readable(fd, ms);
	int got = 0;

	if (fd >= 0)
		close(fd);
	/* A process that is not our child has no wait status. */
	if (ended && waitpid(pid, &got, WNOHANG) == pid && status != NULL)
		*status = got;
	return ended;
}

void
server_stop(struct server *s)
{
	int status = -1;

	if (s->pid <= 0)
		return;
	kill(s->pid, SIGTERM);
	if (CHECK_SAYS(server_wait(s->pid, 10000, &status),
		    "the server did not stop in ten seconds")) {
		CHECK_SAYS(WIFEXITED(status) && WEXITSTATUS(status) == 0,
			"the server ended with status %#x: %.600s", status,
			server_log());
		CHECK_SAYS(procs_wait_for_count(NULL, 0, 2000),
			"processes are left after the server stopped");
	}
	s->pid = -1;
}

const char *
server_log(void)
{
	static char log[4 << 20];

	if (files_read(SERVER_ERRORS, log, sizeof(log)) < 0)
		return "(no log)";
	return log;
}
