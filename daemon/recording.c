/*
 * recording.c - the master's care for its recorder.
 *
 * Runs in: master; recorder_child() begins in the recorder.
 */
#include "common/base.h"
#include "daemon/recording.h"

#include "common/clock.h"
#include "common/io.h"
#include "common/log/log.h"
#include "common/process/child.h"
#include "common/process/service.h"
#include "daemon/recorder/recorder.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>

#define CLOSE_MS  2000
#define FINISH_MS 5000	/* for one that was asked to finish */

static void NORETURN
recorder_child(const struct master *m)
{
	const int keep[] = { m->recorder.read };

	child_new_group(0);
	child_begin(keep, ARRAY_SIZE(keep));
	tls_server_free(m->tls);	/* keys have no business there */
	recorder_main(m->recorder.read, m->settings);
}

static int
start(struct master *m)
{
	pid_t pid = child_fork();

	if (pid == 0)
		recorder_child(m);
	if (pid < 0)
		return pid;
	child_new_group(pid);
	m->recorder.pid = pid;
	return 0;
}

int
recording_open(struct master *m)
{
	int fds[2];
	int error = service_pair(fds, RECORDER_QUEUE);

	if (error < 0)
		return error;
	m->recorder.read = fds[0];
	error = start(m);
	if (error == 0 && dup3(fds[1], LOG_DESCRIPTOR, O_CLOEXEC) < 0)
		error = -errno;
	io_close(&fds[1]);
	if (error < 0) {
		io_close(&m->recorder.read);
		return error;
	}
	log_connect(LOG_DESCRIPTOR);
	event_never_wait(true);
	return 0;
}

void
recording_change(struct master *m)
{
	if (m->recorder.pid == 0 || m->recorder.finish_by != 0)
		return;
	if (kill(m->recorder.pid, RECORDER_FINISH) < 0)
		log_error("cannot signal the recorder: %s", strerror(errno));
	m->recorder.finish_by = clock_ms() + FINISH_MS;
}

void
recording_ended(struct master *m, int wait_status)
{
	bool asked = m->recorder.finish_by != 0;

	m->recorder.pid = 0;
	m->recorder.finish_by = 0;
	if (asked) {
		pause_clear(&m->recorder.pause);
		return;
	}
	pause_begin(&m->recorder.pause, clock_ms());
	if (WIFSIGNALED(wait_status))
		log_error("recorder was killed by signal %d, restarting it",
			WTERMSIG(wait_status));
	else
		log_error("recorder exited with status %d, restarting it",
			WEXITSTATUS(wait_status));
}

/* A new recorder has only the service socket. */
static void
ask_to_reattach(const struct master *m)
{
	struct message message;

	message_zero(&message);
	message.type = MESSAGE_reattach;
	for (enum slot_state state = 0; state < SLOT_STATES; state++) {
		struct slot *slot = NULL;

		while ((slot = sessions_next(m->sessions, state, slot)))
			/* A monitor without a channel is about to exit. */
			if (slot->channel.fd >= 0)
				(void)!channel_send(&slot->channel, &message);
	}
}

static void
kill_late(struct master *m)
{
	if (m->recorder.finish_by == 0 || !clock_passed(m->recorder.finish_by))
		return;
	log_error("recorder did not finish in time: killed");
	m->recorder.finish_by = CLOCK_NEVER;
	(void)kill(m->recorder.pid, SIGKILL);
}

void
recording_restart(struct master *m)
{
	if (m->recorder.pid != 0) {
		kill_late(m);
		return;
	}
	if (pause_holds(&m->recorder.pause, clock_ms()))
		return;
	if (start(m) < 0)
		pause_begin(&m->recorder.pause, clock_ms());
	else
		ask_to_reattach(m);
}

int64_t
recording_due(const struct master *m, int64_t now)
{
	if (m->recorder.finish_by != 0)
		return m->recorder.finish_by;
	return pause_end(&m->recorder.pause, now);
}

void
recording_close(struct master *m)
{
	int64_t deadline = clock_ms() + CLOSE_MS;

	if (m->recorder.read < 0)
		return;
	/* What is sent after it was asked to finish is for the next one. */
	if (m->recorder.pid != 0 && m->recorder.finish_by != 0) {
		(void)child_reap(m->recorder.pid, CLOSE_MS);
		m->recorder.pid = 0;
	}
	if (m->recorder.pid == 0)
		(void)!start(m);
	log_connect(-1);
	io_close(&m->recorder.read);
	close(LOG_DESCRIPTOR);
	/* As process 1 the master would take its recorder with it. */
	while (waitpid(-1, NULL, WNOHANG) >= 0 && !clock_passed(deadline))
		clock_sleep_until(clock_ms() + 5);
}
