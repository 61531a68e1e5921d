/*
 * recording.c - the master's care for its recorder.
 *
 * Runs in: master; recorder_child() begins in the recorder.
 */
#include "common/base.h"
#include "daemon/recording.h"

#include "common/clock.h"
#include "common/log/event.h"
#include "common/io.h"
#include "common/log/log.h"
#include "common/process/child.h"
#include "daemon/recorder/recorder.h"

#include <fcntl.h>
#include <sys/wait.h>

#define CLOSE_MS 2000

static void NORETURN
recorder_child(const struct master *m, int fd)
{
	child_new_group(0);
	child_begin(&fd, 1);
	tls_server_free(m->tls);	/* keys have no business there */
	recorder_main(fd, m->settings);
}

static pid_t
start(const struct master *m, int fd)
{
	pid_t pid = child_fork();

	if (pid == 0)
		recorder_child(m, fd);
	if (pid < 0)
		return pid;
	child_new_group(pid);
	return pid;
}

int
recording_open(struct master *m)
{
	int fds[2];

	int error = recorder_pair(fds);
	if (error < 0)
		return error;
	pid_t pid = start(m, fds[0]);
	if (pid < 0) {
		io_close(&fds[0]);
		io_close(&fds[1]);
		return pid;
	}
	m->recorder.pid = pid;
	m->recorder.read = fds[0];
	(void)dup3(fds[1], LOG_DESCRIPTOR, O_CLOEXEC);
	io_close(&fds[1]);
	log_connect(LOG_DESCRIPTOR);
	event_never_wait(true);
	return 0;
}

int
recording_change(struct master *m)
{
	int old_read = m->recorder.read;

	int error = recording_open(m);
	if (error < 0) {
		log_error("cannot start a new recorder: %s", log_errno(error));
		return error;
	}
	io_close(&old_read);
	pause_clear(&m->recorder.pause);
	return 0;
}

void
recording_ended(struct master *m, int wait_status)
{
	m->recorder.pid = 0;
	pause_begin(&m->recorder.pause, clock_ms());
	if (WIFSIGNALED(wait_status))
		log_error("the recorder was ended by signal %d; starting "
			"another one", WTERMSIG(wait_status));
	else
		log_error("the recorder ended with status %d; starting "
			"another one", WEXITSTATUS(wait_status));
}

void
recording_restart(struct master *m)
{
	if (m->recorder.pid != 0 ||
	    pause_holds(&m->recorder.pause, clock_ms()))
		return;
	pid_t pid = start(m, m->recorder.read);
	if (pid < 0)
		pause_begin(&m->recorder.pause, clock_ms());
	else
		m->recorder.pid = pid;
}

void
recording_close(struct master *m)
{
	int64_t deadline = clock_ms() + CLOSE_MS;

	if (m->recorder.read < 0)
		return;
	recording_restart(m);
	log_connect(-1);
	io_close(&m->recorder.read);
	close(LOG_DESCRIPTOR);
	/* As process 1 the master would take its recorders with it. */
	while (waitpid(-1, NULL, WNOHANG) >= 0 && !clock_passed(deadline))
		clock_sleep_until(clock_ms() + 5);
}
