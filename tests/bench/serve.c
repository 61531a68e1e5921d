/*
 * serve.c - runs a server so that its processor time and memory can be read:
 * all of its processes stay descendants of this one, which reaps orphans.
 */
#include "common/base.h"
#include "tests/bench/bench.h"

#include "common/io.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>

#define LOG "/dev/log"
#define CHILDREN_SIZE ((size_t)1 << 17)	/* for 10,000 of them */

/* Whoever runs this ends it, and all that is below, by ending the world. */
void
serve_run(char **argv)
{
	prctl(PR_SET_CHILD_SUBREAPER, 1UL, 0UL, 0UL, 0UL);
	pid_t server = fork(), ended;
	if (server == 0) {
		execv(argv[0], argv);
		client_fail(argv[0]);
	}
	while ((ended = waitpid(-1, NULL, 0)) != server)
		if (ended < 0 && errno != EINTR)
			client_fail(argv[0]);
	errno = 0;
	client_fail("the server ended");
}

void
serve_log(void)
{
	struct sockaddr_un a = { .sun_family = AF_UNIX, .sun_path = LOG };
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	char line[8192];

	if (fd < 0 || bind(fd, (struct sockaddr *)&a, sizeof(a)) < 0 ||
	    chmod(LOG, 0666) < 0)
		client_fail(LOG);
	while (read(fd, line, sizeof(line)) >= 0)
		;
	client_fail(LOG);
}

/* A small file of a process; empty when it has just ended. */
static const char *
read_proc(pid_t pid, const char *file, char *text, size_t size)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/%s", (int)pid, file);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t len = 0, n = 1;
	while (fd >= 0 && n > 0 && (size_t)len + 1 < size) {
		n = read(fd, text + len, size - 1 - (size_t)len);
		len += n > 0 ? n : 0;
	}
	text[len] = '\0';
	io_close(&fd);
	return text;
}

/* Call it for all processes below this one. */
static int64_t
sum_below(pid_t parent, int64_t (*measure)(pid_t pid))
{
	char file[64], *list = malloc(CHILDREN_SIZE);
	const char *at = list;
	int64_t sum = 0;
	pid_t pid;

	if (list == NULL)
		client_fail("out of memory");
	snprintf(file, sizeof(file), "task/%d/children", (int)parent);
	read_proc(parent, file, list, CHILDREN_SIZE);
	while ((pid = (pid_t)client_number(&at)) > 0)
		sum += measure(pid) + sum_below(pid, measure);
	free(list);
	return sum;
}

static int64_t
pss_of(pid_t pid)
{
	char text[8192];
	const char *at = strstr(read_proc(pid, "smaps_rollup", text,
		sizeof(text)), "\nPss:");

	return at == NULL ? 0 : client_number(&at);
}

/* `bench serve` ends with its server. */
static void
check_server(pid_t parent)
{
	if (kill(parent, 0) < 0)
		client_fail("the server's parent");
}

int64_t
serve_pss(pid_t parent)
{
	check_server(parent);
	int64_t sum = sum_below(parent, pss_of);
	if (sum == 0)
		client_fail("no process whose memory can be read");
	return sum;
}

/* proc_pid_stat(5): the fields 16 and 17 are those of its children that were
 * waited for. */
static int64_t
ended_ns(pid_t pid)
{
	char text[1024];
	const char *at = strrchr(read_proc(pid, "stat", text, sizeof(text)),
		')');
	int64_t ticks = 0;

	for (int field = 3; at != NULL && field <= 17; field++) {
		at = strchr(at + 1, ' ');
		const char *value = at;
		if (at != NULL && field >= 16)
			ticks += client_number(&value);
	}
	return ticks * (1000000000 / sysconf(_SC_CLK_TCK));
}

/* Its own time is there in nanoseconds (the kernel's sched-stats.rst). */
static int64_t
ns_of(pid_t pid)
{
	char text[128];
	const char *at = read_proc(pid, "schedstat", text, sizeof(text));

	return client_number(&at) + ended_ns(pid);
}

int64_t
serve_cpu(pid_t parent)
{
	check_server(parent);
	return ended_ns(parent) + sum_below(parent, ns_of);
}
