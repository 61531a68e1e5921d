/*
 * recording.c - the master's recorder: there is always one.
 *
 * Runs in: master; recorder_child() begins in the recorder.
 */
#include "common/base.h"
#include "daemon/recording.h"

#include "common/clock.h"
#include "common/io.h"
#include "common/log/event.h"
#include "common/log/log.h"
#include "common/process/child.h"
#include "daemon/recorder/recorder.h"

#include <fcntl.h>
#include <sys/wait.h>

#define CLOSE_MS 2000

static void NORETURN
recorder_child(const struct configuration *configuration,
	const struct configuration *former, int fd)
{
	child_new_group(0);
	child_begin(&fd, 1);
	/* It needs no keys. */
	tls_server_free(configuration->tls);
	if (former != NULL)
		tls_server_free(former->tls);
	recorder_main(fd, configuration->settings);
}

static pid_t
fork_recorder(const struct configuration *configuration,
	const struct configuration *former, int fd)
{
	pid_t pid = child_fork();

	if (pid == 0)
		recorder_child(configuration, former, fd);
	if (pid < 0)
		return pid;
	child_new_group(pid);
	return pid;
}

int
recording_start(struct recording *r, const struct configuration *configuration,
	const struct configuration *former)
{
	int fds[2];

	*r = (struct recording){ .read = -1, .write = -1 };
	int error = recorder_pair(fds);
	if (error < 0)
		return error;
	pid_t pid = fork_recorder(configuration, former, fds[0]);
	if (pid < 0) {
		io_close(&fds[0]);
		io_close(&fds[1]);
		return pid;
	}
	*r = (struct recording){
		.pid = pid, .read = fds[0], .write = fds[1] };
	return 0;
}

void
recording_use(struct recording *r, const struct recording *new)
{
	io_close(&r->read);
	*r = *new;
	(void)dup3(r->write, LOG_DESCRIPTOR, O_CLOEXEC);
	io_close(&r->write);
	log_connect(LOG_DESCRIPTOR);
	event_never_wait(true);
}

void
recording_drop(struct recording *r)
{
	io_close(&r->read);
	io_close(&r->write);
}

bool
recording_exited(struct recording *r, pid_t pid, int status)
{
	if (pid != r->pid)
		return false;
	r->pid = 0;
	pause_begin(&r->pause, clock_ms());
	if (WIFSIGNALED(status))
		log_error("recorder was killed by signal %d; starting another",
			WTERMSIG(status));
	else
		log_error("recorder exited with status %d; starting another",
			WEXITSTATUS(status));
	return true;
}

void
recording_reap(struct recording *r, pid_t pid)
{
	int status;

	if (pid == r->pid && waitpid(pid, &status, WNOHANG) == pid)
		(void)recording_exited(r, pid, status);
}

void
recording_step(struct recording *r, const struct configuration *configuration,
	int64_t now)
{
	if (r->pid != 0 || pause_holds(&r->pause, now))
		return;
	pid_t pid = fork_recorder(configuration, NULL, r->read);
	if (pid < 0)
		pause_begin(&r->pause, now);
	else
		r->pid = pid;
}

int64_t
recording_due(const struct recording *r, int64_t now)
{
	return pause_end(&r->pause, now);
}

void
recording_close(struct recording *r, const struct configuration *configuration)
{
	int64_t deadline = clock_ms() + CLOSE_MS;

	if (r->read < 0)
		return;
	recording_step(r, configuration, clock_ms());
	log_connect(-1);
	io_close(&r->read);
	close(LOG_DESCRIPTOR);
	/* As process 1 the master would take its recorders with it. */
	while (waitpid(-1, NULL, WNOHANG) >= 0 && !clock_passed(deadline))
		clock_sleep_until(clock_ms() + 5);
}
