/*
 * upgrade.c - replaces the running program by another one.
 *
 * Runs in: master; try_program() in a child.
 * Never: executes a file that another user can write to.
 */
#include "common/base.h"
#include "daemon/upgrade/upgrade.h"

#include "common/clock.h"
#include "common/io.h"
#include "common/log/log.h"
#include "common/process/child.h"
#include "common/text.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <sysexits.h>

#define TRIAL_MS 7000	/* in the patience of sureftpctl (ctl_ask.c) */
#define OWN_FILE "/proc/self/exe"	/* even if it was removed */
#define ANSWER	 "can continue from state "
#define TAIL	 1024	/* bytes of a trial's output that are looked at */

static bool
same_file(const char *path, const char *other)
{
	struct stat a, b;

	return stat(path, &a) == 0 && stat(other, &b) == 0 &&
	    a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

void
upgrade_init(struct upgrade *u, const struct options *options,
	const char *argv0)
{
	*u = (struct upgrade){
		.options = options, .program = -1, .output = -1,
	};
	if (argv0 != NULL && argv0[0] == '/' &&
	    same_file(argv0, OWN_FILE) &&
	    text_copy(u->path, sizeof(u->path), argv0) == 0)
		return;
	ssize_t n = readlink(OWN_FILE, u->path, sizeof(u->path) - 1);
	u->path[n > 0 ? n : 0] = '\0';
}

/* --- the trial */

static int
open_program(const char *path)
{
	struct stat st;
	int fd = open(path, O_PATH | O_CLOEXEC);

	if (fd < 0)
		return -errno;
	int error = fstat(fd, &st) < 0 ? -errno : 0;
	if (error == 0 && (!S_ISREG(st.st_mode) || st.st_uid != 0 ||
	    (st.st_mode & (S_IWGRP | S_IWOTH)) != 0))
		error = -EPERM;
	if (error < 0) {
		io_close(&fd);
		return error;
	}
	return fd;
}

/* The arguments of the running program, except what is only for its start, and
 * with an absolute path of the file. */
static const char **
make_arguments(const struct upgrade *u, const char *trial)
{
	const struct options *o = u->options;
	const char **argv = calloc(2 * o->assignment_count + 10,
		sizeof(*argv));
	const char **at = argv;

	if (argv == NULL)
		return NULL;
	*at++ = u->path;
	if (o->path_named) {
		*at++ = "-C";
		*at++ = o->path;
	}
	for (size_t i = 0; i < o->assignment_count; i++) {
		*at++ = "-o";
		*at++ = o->assignments[i];
	}
	if (trial != NULL) {
		*at++ = "--continue-from";
		*at++ = trial;
		return argv;
	}
	if (o->background)
		*at++ = "--background";
	if (o->pid_file != NULL) {
		*at++ = "--pid-file";
		*at++ = o->pid_file;
	}
	return argv;
}

/* The call only reads the arguments, but has no const. */
static void
execute(const struct upgrade *u, const char **argv, char **env)
{
	(void)execveat(u->program, "", (char *const *)(uintptr_t)argv, env,
		AT_EMPTY_PATH);
}

static void NORETURN
try_program(const struct upgrade *u, int output)
{
	const int keep[] = { u->program, output };
	char format[STATE_FORMAT_SIZE];
	const char **argv = make_arguments(u, state_format(format));

	child_new_group(0);
	child_begin(keep, ARRAY_SIZE(keep));
	if (argv != NULL && dup2(output, STDOUT_FILENO) >= 0 &&
	    dup2(output, STDERR_FILENO) >= 0)
		execute(u, argv, environ);
	dprintf(output, "%s\n", strerror(errno));
	_exit(EX_OSERR);
}

static int
start_trial(struct upgrade *u)
{
	int fds[2];

	if (pipe2(fds, O_CLOEXEC) < 0)
		return -errno;
	pid_t pid = child_fork();
	if (pid == 0)
		try_program(u, fds[1]);
	io_close(&fds[1]);
	u->output = fds[0];
	if (pid < 0)
		return (int)pid;
	child_new_group(pid);
	u->trial = pid;
	u->deadline = clock_ms() + TRIAL_MS;
	return io_nonblocking(u->output, true);
}

int
upgrade_begin(struct upgrade *u, bool same)
{
	upgrade_end(u);
	/* It would need more than arguments: sureftpd --share. */
	u->program = u->options->path == NULL ? -EOPNOTSUPP :
		open_program(same ? OWN_FILE : u->path);
	int error = u->program < 0 ? u->program : start_trial(u);
	if (error == 0) {
		u->under_way = true;
		return 0;
	}
	log_error("cannot upgrade to %s: %s", u->path, error == -EPERM ?
		"it must be a file that is owned by root and writable by root "
		"only" : log_errno(error));
	upgrade_end(u);
	return error;
}

/* --- its end */

bool
upgrade_exited(struct upgrade *u, pid_t pid, int status)
{
	if (u->trial == 0 || pid != u->trial)
		return false;
	u->trial = 0;
	u->status = status;
	u->deadline = clock_ms();
	return true;
}

void
upgrade_reap(struct upgrade *u)
{
	int status;

	if (u->trial > 0 && waitpid(u->trial, &status, WNOHANG) == u->trial)
		(void)upgrade_exited(u, u->trial, status);
}

/* The end of what the trial has printed, in text[2 * TAIL]; its length. */
static size_t
read_tail(const struct upgrade *u, char *text)
{
	size_t len = 0;
	ssize_t n;

	while ((n = read(u->output, text + len, TAIL)) > 0) {
		len += (size_t)n;
		if (len <= TAIL)
			continue;
		memmove(text, text + len - TAIL, TAIL);
		len = TAIL;
	}
	return len;
}

/* What the trial printed last. */
static void
read_output(const struct upgrade *u, char *line, size_t size)
{
	char text[2 * TAIL + 1];

	text[read_tail(u, text)] = '\0';
	size_t len = strlen(text);
	while (len > 0 && text[len - 1] == '\n')
		text[--len] = '\0';
	const char *last = strrchr(text, '\n');
	/* A longer line is not an answer. */
	if (text_copy(line, size, last == NULL ? text : last + 1) < 0)
		line[0] = '\0';
}

static enum upgrade_result
judge(const struct upgrade *u)
{
	char line[512], wanted[STATE_FORMAT_SIZE + 64];
	char format[STATE_FORMAT_SIZE];

	read_output(u, line, sizeof(line));
	snprintf(wanted, sizeof(wanted), ANSWER "%s", state_format(format));
	bool well = WIFEXITED(u->status) && WEXITSTATUS(u->status) == EX_OK;
	if (well && strcmp(line, wanted) == 0)
		return UPGRADE_READY;
	log_error("cannot upgrade to %s, continuing with the running program: "
		"%s", u->path, *line != '\0' ? line :
		WIFSIGNALED(u->status) ? "it was killed by a signal" :
		"it does not report that it can continue");
	return UPGRADE_FAILED;
}

enum upgrade_result
upgrade_step(struct upgrade *u, int64_t now)
{
	if (!u->under_way || now < u->deadline)
		return UPGRADE_NONE;
	if (u->trial == 0)
		return judge(u);
	log_error("cannot upgrade to %s, continuing with the running program: "
		"its trial took too long", u->path);
	return UPGRADE_FAILED;
}

int64_t
upgrade_due(const struct upgrade *u)
{
	return u->under_way ? u->deadline : CLOCK_NEVER;
}

void
upgrade_end(struct upgrade *u)
{
	if (u->trial > 0)
		child_kill_group(u->trial);
	u->trial = 0;
	u->under_way = false;
	io_close(&u->program);
	io_close(&u->output);
}

int
upgrade_answer(const char *format)
{
	char own[STATE_FORMAT_SIZE];

	if (strcmp(format, state_format(own)) != 0) {
		printf("it cannot continue from the state of the running "
			"program (%s, not %s); restart the server\n", own,
			format);
		return EX_SOFTWARE;
	}
	/* The start needs it to share memory (board.c). */
	if (access("/proc/self/fd", X_OK) < 0) {
		printf("it cannot start without /proc/self/fd: %s (is /proc "
			"mounted?)\n", strerror(errno));
		return EX_OSERR;
	}
	printf(ANSWER "%s\n", own);
	return EX_OK;
}

/* --- executing it */

static char **
make_environment(const char *assignment)
{
	size_t n = 0, kept = 0;

	while (environ[n] != NULL)
		n++;
	char **env = calloc(n + 2, sizeof(*env));
	if (env == NULL)
		return NULL;
	for (size_t i = 0; i < n; i++)
		if (strncmp(environ[i], STATE_VARIABLE "=",
		    sizeof(STATE_VARIABLE)) != 0)
			env[kept++] = environ[i];
	env[kept] = (char *)(uintptr_t)assignment;
	return env;
}

int
upgrade_execute(struct upgrade *u, struct state_writer *w)
{
	char assignment[STATE_ASSIGN_SIZE];
	int fd = state_seal(w), error = fd;

	if (fd >= 0) {
		state_assign(fd, assignment);
		const char **argv = make_arguments(u, NULL);
		char **env = make_environment(assignment);
		error = -ENOMEM;
		if (argv != NULL && env != NULL) {
			execute(u, argv, env);
			error = -errno;
		}
		free(argv);
		free(env);
	}
	log_error("cannot upgrade to %s: %s", u->path, log_errno(error));
	return error;
}
