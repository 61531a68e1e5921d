/*
 * world_run.c - runs a script in a private world (tests/functional/world.h)
 * beside the real daemon.
 *
 *	world_run [-o section.key=value]... script [argument]...
 *
 * The daemon listens on port 21 of the world's loopback.  The script finds its
 * own directory at /run/world/tests, the daemon's log at $SERVER_LOG and the
 * master's process number in $SERVER_PID.  Exits with the script's status, or
 * with 1 when the daemon did not start or stop as it should.
 */
#include "common/base.h"

#include "tests/functional/functional.h"
#include "tests/functional/world.h"

#include <fcntl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>

#define TESTS "/run/world/tests"
#define MAX_OPTIONS 32

static int complaints;	/* set by check_at(), read once at the end */

/* The harness checks with CUnit; here a failed check is a line and a status. */
bool
check_at(const char *file, int line, bool held, const char *format, ...)
{
	va_list ap;

	if (held)
		return true;
	complaints++;
	fprintf(stderr, "%s:%d: ", file, line);
	va_start(ap, format);
	vfprintf(stderr, format, ap);
	va_end(ap);
	fputc('\n', stderr);
	return false;
}

/* The script's directory appears at TESTS, wherever the repository is. */
static bool
show_tests(const char *directory)
{
	return mkdir(TESTS, 0755) == 0 &&
	    mount(directory, TESTS, NULL, MS_BIND, NULL) == 0;
}

static int
run_script(char **argv, pid_t server)
{
	char number[16];
	int status = 1;
	pid_t pid = fork();

	if (pid == 0) {
		snprintf(number, sizeof(number), "%d", (int)server);
		setenv("SERVER_PID", number, 1);
		setenv("SERVER_LOG", SERVER_ERRORS, 1);
		setenv("INTEROP_WORLD", "yes", 1);
		setenv("PATH", "/usr/sbin:/usr/bin:/sbin:/bin", 1);
		setenv("HOME", "/root", 1);
		setenv("LC_ALL", "C.UTF-8", 1);
		execv(argv[0], argv);
		perror(argv[0]);
		_exit(127);
	}
	while (pid > 0 && waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}

/* In the world: only now the repository may disappear behind its mounts. */
static int
run(char *script, char **argv, const char *const *options)
{
	char *slash = strrchr(script, '/');
	char inside[PATH_MAX];
	struct server server;
	int status;

	*slash = '\0';
	if (!show_tests(script)) {
		perror(script);
		return 1;
	}
	snprintf(inside, sizeof(inside), TESTS "/%s", slash + 1);
	argv[0] = inside;
	world_fresh();
	if (!server_start(&server, options))
		return 1;
	status = run_script(argv, server.pid);
	server_stop(&server);
	return complaints > 0 && status == 0 ? 1 : status;
}

int
main(int argc, char **argv)
{
	const char *options[MAX_OPTIONS + 1] = { NULL };
	size_t n = 0;
	int c;

	while ((c = getopt(argc, argv, "+o:")) == 'o' && n < MAX_OPTIONS)
		options[n++] = optarg;
	char *script = optind < argc ? realpath(argv[optind], NULL) : NULL;
	if (c != -1 || script == NULL) {
		fprintf(stderr, "usage: world_run [-o section.key=value]... "
			"script [argument]...\n");
		return 2;
	}

	const char *name = strrchr(script, '/') + 1;
	const char *reason = world_enter(name);
	if (reason != NULL) {
		printf("%s: 0 passed, 0 failed, 1 skipped (%s)\n", name,
			reason);
		return 0;
	}
	int status = run(script, argv + optind, options);
	fflush(stdout);
	_exit(status);
}
