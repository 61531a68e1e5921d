/*
 * background.c - runs the server in the background, and writes the pid file.
 *
 * Runs in: master.
 */
#include "common/base.h"
#include "daemon/background.h"

#include "common/buffer.h"
#include "common/clock.h"
#include "common/io.h"
#include "common/log/log.h"
#include "common/text.h"

#include <fcntl.h>
#include <libgen.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <sysexits.h>

/* What the server sends to the process that was started. */
#define SILENT 's'	/* its standard error is closed */
#define READY  'r'

/* In the process that was started. */
static void NORETURN
wait_for(pid_t child, int ready)
{
	bool silent = false;
	int status = 0;
	char byte;

	while (read(ready, &byte, 1) == 1) {
		if (byte == READY)
			_exit(EX_OK);
		silent = true;
	}
	if (silent)
		log_error("the server did not start; the reason is in its log, "
			"or shown here without --background");
	if (waitpid(child, &status, 0) == child && WIFEXITED(status))
		_exit(WEXITSTATUS(status));
	_exit(EX_OSERR);
}

int
background_begin(struct background *b)
{
	int fds[2];

	if (pipe2(fds, O_CLOEXEC) < 0)
		return -errno;
	pid_t child = fork();
	if (child < 0) {
		int error = -errno;

		io_close(&fds[0]);
		io_close(&fds[1]);
		return error;
	}
	if (child > 0) {
		io_close(&fds[1]);
		wait_for(child, fds[0]);
	}
	io_close(&fds[0]);
	b->ready = fds[1];
	return setsid() < 0 ? -errno : 0;
}

bool
background_keeps_stderr(void)
{
	struct stat st;

	return fstat(STDERR_FILENO, &st) == 0 && S_ISREG(st.st_mode);
}

void
background_close_stderr(const struct background *b)
{
	if (b->ready < 0 || background_keeps_stderr())
		return;
	/* Standard input is /dev/null. */
	if (dup2(STDIN_FILENO, STDERR_FILENO) < 0)
		log_warning("cannot close standard error: %s",
			strerror(errno));
	else
		(void)!write(b->ready, &(char){ SILENT }, 1);
}

/* In a directory that others can write to, the file could be another user's. */
static int
check_directory(const char *path)
{
	char copy[PATH_MAX];
	struct stat st;
	int error = text_copy(copy, sizeof(copy), path);

	if (error < 0)
		return error;
	if (stat(dirname(copy), &st) < 0)
		return -errno;
	return st.st_uid == 0 && (st.st_mode & (S_IWGRP | S_IWOTH)) == 0 ? 0 :
	    -EPERM;
}

static int
write_pid(const char *path)
{
	BUFFER(text, 32);
	int error = check_directory(path);

	if (error < 0)
		return error;
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW |
		O_NOCTTY | O_NONBLOCK | O_CLOEXEC, 0644);
	if (fd < 0)
		return -errno;
	buffer_addf(&text, "%d\n", getpid());
	error = io_write_all(fd, buffer_text(&text), text.len,
		clock_after(1));
	io_close(&fd);
	return error;
}

int
background_write_pid(const struct background *b)
{
	int error = b->pid_file == NULL ? 0 : write_pid(b->pid_file);

	if (error < 0)
		log_error("cannot write %s: %s", b->pid_file, error == -EPERM ?
			"its directory must be owned by root and writable by "
			"root only" : log_errno(error));
	return error;
}

void
background_ready(struct background *b)
{
	if (b->ready < 0)
		return;
	(void)!write(b->ready, &(char){ READY }, 1);
	io_close(&b->ready);
}

void
background_end(const struct background *b)
{
	if (b->pid_file != NULL && unlink(b->pid_file) < 0 &&
	    errno != ENOENT)
		log_warning("cannot remove %s: %s", b->pid_file,
			strerror(errno));
}
