/*
 * world_run.c - runs a script in private namespaces (tests/functional/world.h)
 * with the real daemon.
 *
 *	world_run [-t] [-n MINUTES] [-o section.key=value]... script
 *		[argument]...
 *
 * The daemon, $SUREFTPD, listens on port 21 of the world's loopback.  The
 * script finds its own directory at /run/world/tests, that of the daemon's
 * program at /run/world/build, the machine's /etc, which it cannot write to, at
 * /run/world/etc and the daemon's log at $SERVER_LOG.  With -t the daemon has
 * the certificates of tests/functional/ftps_certs.h.  With -n there is no
 * daemon, and the script may take this long.  Exits with the
 * script's status, or with 1 when the daemon did not start or stop as it
 * should.
 */
#include "common/base.h"

#include "common/buffer.h"
#include "common/text.h"
#include "tests/functional/ftps_certs.h"
#include "tests/functional/functional.h"
#include "tests/functional/world.h"

#include <fcntl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>

#define TESTS "/run/world/tests"
#define BUILD "/run/world/build"
#define ETC "/run/world/etc"
#define MAX_OPTIONS 32
#define MAX_MINUTES 1000

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

/* The directory of `file` appears at `at`, wherever the repository is. */
static bool
show_directory(const char *file, const char *at)
{
	BUFFER(directory, PATH_MAX);

	buffer_add(&directory, file, (size_t)(strrchr(file, '/') - file));
	if (mkdir(at, 0755) == 0 && !directory.overflow &&
	    mount(buffer_text(&directory), at, NULL, MS_BIND, NULL) == 0)
		return true;
	perror(file);
	return false;
}

static bool
show_settings(void)
{
	if (show_directory("/etc/", ETC) &&
	    mount(NULL, ETC, NULL, MS_BIND | MS_REMOUNT | MS_RDONLY, NULL) == 0)
		return true;
	perror(ETC);
	return false;
}

static int
run_script(char **argv)
{
	int status = 1;
	pid_t pid = fork();

	if (pid == 0) {
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

/* In the world: only now may the repository disappear behind its mounts.
 * Without options there is no daemon. */
static int
run(const char *script, const char *program, char **argv,
	const char *const *options, bool tls)
{
	BUFFER(inside, PATH_MAX);
	struct server server;

	if (!show_directory(script, TESTS) ||
	    !show_directory(program, BUILD) || !show_settings())
		return 1;
	buffer_addf(&inside, TESTS "%s", strrchr(script, '/'));
	argv[0] = inside.data;
	world_fresh();
	if (tls)
		ftps_certs_configure();
	if (options == NULL)
		return run_script(argv);
	if (!server_start(&server, options))
		return 1;
	int status = run_script(argv);
	server_stop(&server);
	return complaints > 0 && status == 0 ? 1 : status;
}

int
main(int argc, char **argv)
{
	const char *options[MAX_OPTIONS + 1] = { NULL };
	bool tls = false, daemon = true;
	int64_t minutes;
	size_t n = 0;
	int c;

	while ((c = getopt(argc, argv, "+n:o:t")) != -1 && n < MAX_OPTIONS) {
		if (c == 'o')
			options[n++] = optarg;
		else if (c == 't')
			tls = true;
		else if (c != 'n' || text_number(optarg, strlen(optarg),
		    &minutes) < 0 || minutes > MAX_MINUTES)
			break;
		else
			daemon = false;
	}
	if (!daemon)
		world_allow((int)minutes);
	const char *program = getenv("SUREFTPD");
	program = realpath(program != NULL ? program : "build/sureftpd", NULL);
	char *script = optind < argc ? realpath(argv[optind], NULL) : NULL;
	if (c != -1 || script == NULL || program == NULL) {
		fprintf(stderr, "usage: SUREFTPD=program world_run "
			"[-t] [-n minutes] [-o section.key=value]... "
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
	int status = run(script, program, argv + optind,
		daemon ? options : NULL, tls);
	fflush(stdout);
	_exit(status);
}
