/*
 * share.c - sureftpd --share, started and stopped by a test.
 *
 * Runs in: the suite's process.
 */
#include "common/base.h"
#include "tests/functional/share.h"

#include "tests/functional/accounts.h"
#include "tests/functional/files.h"
#include "tests/functional/functional.h"
#include "tests/functional/procs.h"
#include "tests/functional/world.h"

#include <dirent.h>
#include <fcntl.h>
#include <grp.h>
#include <sys/wait.h>

#define OPTIONS 12

static bool
make_directory(const char *path, mode_t mode)
{
	return files_exist(path) || files_mkdir_as("anna", path, mode);
}

/* What a user may listen on is the network namespace's, which is ours. */
bool
share_prepare(void)
{
	static bool mounted;

	if (!mounted)
		mounted = world_mount("/tmp", "mode=1777");
	return CHECK(mounted) && CHECK(terminal_prepare()) &&
		CHECK(make_directory(SHARE_DIRECTORY, 0755)) &&
		CHECK(make_directory(SHARE_RUNTIME, 0700)) &&
		CHECK(files_write_as("anna", SHARE_DIRECTORY "/hello",
			"hello\n", 6)) &&
		CHECK(files_write_text("/proc/sys/net/ipv4/"
			"ip_unprivileged_port_start", "0\n"));
}

static void
arguments(const char **argv, const char *const *options)
{
	size_t n = 2;

	argv[0] = WORLD_SERVER;
	argv[1] = "--share";
	for (size_t i = 0; options[i] != NULL && i < OPTIONS; i++)
		argv[n++] = options[i];
	argv[n] = NULL;
}

bool
share_start(struct terminal *t, const char *locale,
	const char *const *options)
{
	const char *environment[] = { "TERM=vt100",
		"XDG_RUNTIME_DIR=" SHARE_RUNTIME, locale, NULL };
	const char *all[OPTIONS + 1] = { "-p", "21", "-d", SHARE_DIRECTORY };
	const char *argv[OPTIONS + 3];

	for (size_t i = 0; options[i] != NULL && i + 5 < OPTIONS; i++)
		all[i + 4] = options[i];
	arguments(argv, all);
	return share_prepare() &&
		CHECK(terminal_start_as(t, 50, 150, environment, "anna",
			argv)) &&
		CHECK_SAYS(terminal_shows(t, "Press Ctrl-C"), "it does not "
			"start: %.150s\n%.150s", t->screen[0], t->screen[1]);
}

bool
share_is_clean(void)
{
	DIR *dir = opendir(SHARE_RUNTIME);
	size_t count = 0;

	if (dir == NULL)
		return false;
	while (readdir(dir) != NULL)
		count++;
	closedir(dir);
	return count == 2;	/* "." and ".." */
}

void
share_end(struct terminal *t)
{
	terminal_type(t, "\003");
	CHECK_NUMBER(terminal_end(t), 0);
	CHECK(!t->strange);
	CHECK(share_is_clean());
	CHECK(procs_wait_for_count(NULL, 0, 5000));
}

static void NORETURN
become_share(const struct account *a, const char *const *options)
{
	const char *argv[OPTIONS + 3];
	int out = open(SHARE_OUTPUT, O_WRONLY | O_CREAT | O_TRUNC, 0644);
	int err = open(SHARE_ERRORS, O_WRONLY | O_CREAT | O_TRUNC, 0644);

	arguments(argv, options);
	dup2(open("/dev/null", O_RDWR), 0);
	dup2(out, 1);
	dup2(err, 2);
	close_range(3, ~0U, 0);
	setenv("XDG_RUNTIME_DIR", SHARE_RUNTIME, 1);
	if (a == NULL || (initgroups(a->name, a->gid) == 0 &&
	    setgid(a->gid) == 0 && setuid(a->uid) == 0))
		execv(WORLD_SERVER, (char *const *)(uintptr_t)argv);
	_exit(127);
}

pid_t
share_run(const char *account, const char *const *options)
{
	/* What one before it printed must not be taken for its own. */
	(void)unlink(SHARE_OUTPUT);
	(void)unlink(SHARE_ERRORS);
	fflush(stdout);
	pid_t pid = fork();

	if (pid == 0)
		become_share(account == NULL ? NULL : accounts_find(account),
			options);
	return pid;
}

int
share_status(const char *account, const char *const *options)
{
	pid_t pid = share_run(account, options);
	int status = -1;

	if (!server_wait(pid, 10000, &status))
		return -1;
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static const char *
text_of(const char *path, char *text, size_t size)
{
	if (files_read(path, text, size) < 0)
		text[0] = '\0';
	return text;
}

const char *
share_output(void)
{
	static char text[16384];

	return text_of(SHARE_OUTPUT, text, sizeof(text));
}

const char *
share_errors(void)
{
	static char text[65536];

	return text_of(SHARE_ERRORS, text, sizeof(text));
}
