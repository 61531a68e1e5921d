/*
 * recorder_service.c - starts and replaces the recorder.
 *
 * Runs in: master; recorder_child() begins in the recorder.
 */
#include "common/base.h"
#include "daemon/services/recorder_service.h"

#include "common/clock.h"
#include "common/io.h"
#include "common/log/event.h"
#include "common/log/log.h"
#include "common/process/child.h"
#include "common/process/service_socket.h"
#include "daemon/recorder/recorder.h"
#include "daemon/state/state.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>

#define CLOSE_MS  2000
#define FINISH_MS 5000	/* for one that was asked to finish */

static void NORETURN
recorder_child(const struct recorder_service *r,
	const struct configuration *configuration)
{
	const struct recorder_start start = {
		.service = r->receive,
		.runner = r->runner,
		.metrics = r->metrics,
		.settings = configuration->settings,
	};
	const int keep[] = { r->receive, r->runner };

	child_begin_asked(keep, ARRAY_SIZE(keep), RECORDER_FINISH);
	recorder_main(&start);
}

static int
start(struct recorder_service *r, const struct configuration *configuration)
{
	metrics_share(r->metrics, true);
	pid_t pid = service_child_fork(&r->child);
	if (pid == 0)
		recorder_child(r, configuration);
	metrics_share(r->metrics, false);
	return pid < 0 ? pid : 0;
}

void
recorder_service_init(struct recorder_service *r, struct metrics *metrics)
{
	*r = (struct recorder_service){
		.metrics = metrics,
		.runner = -1,
		.child.name = "recorder",
		.child.renews = true,
		.receive = -1,
		.finish_by = CLOCK_NEVER,
	};
}

int
recorder_service_start(struct recorder_service *r,
	const struct configuration *configuration, int runner)
{
	int fds[2];

	r->runner = runner;
	int error = service_socket_pair(fds, RECORDER_QUEUE);

	if (error < 0)
		return error;
	r->receive = fds[0];
	error = start(r, configuration);
	if (error == 0 && dup3(fds[1], LOG_DESCRIPTOR, O_CLOEXEC) < 0)
		error = -errno;
	io_close(&fds[1]);
	if (error < 0) {
		io_close(&r->receive);
		return error;
	}
	log_connect(LOG_DESCRIPTOR);
	event_never_wait(true);
	return 0;
}

void
recorder_service_change(struct recorder_service *r)
{
	if (r->child.pid == 0 || r->child.asked)
		return;
	service_child_ask(&r->child);
	if (kill(r->child.pid, RECORDER_FINISH) < 0)
		log_error("cannot signal the recorder: %s", strerror(errno));
	r->finish_by = clock_ms() + FINISH_MS;
}

bool
recorder_service_step(struct recorder_service *r,
	const struct configuration *configuration, int64_t now)
{
	if (r->child.pid != 0 && now >= r->finish_by) {
		log_error("recorder did not finish in time: killed");
		r->finish_by = CLOCK_NEVER;
		(void)kill(r->child.pid, SIGKILL);
	}
	if (!service_child_missing(&r->child, now))
		return false;
	r->finish_by = CLOCK_NEVER;
	return start(r, configuration) == 0;
}

int64_t
recorder_service_due(const struct recorder_service *r, int64_t now)
{
	return clock_earlier(r->finish_by, service_child_due(&r->child, now));
}

void
recorder_service_close(
	struct recorder_service *r, const struct configuration *configuration)
{
	int64_t deadline = clock_ms() + CLOSE_MS;

	if (r->receive < 0)
		return;
	/* Events that are sent after it was asked to finish are left for the
	 * next one. */
	if (r->child.pid != 0 && r->child.asked) {
		(void)child_reap(r->child.pid, CLOSE_MS);
		r->child.pid = 0;
	}
	if (r->child.pid == 0)
		(void)!start(r, configuration);
	log_connect(-1);
	io_close(&r->receive);
	close(LOG_DESCRIPTOR);
	/* If the master has pid 1, its exit kills the recorder. */
	while (waitpid(-1, NULL, WNOHANG) >= 0 && !clock_passed(deadline))
		clock_sleep_until(clock_ms() + 5);
}

void
recorder_service_save(const struct recorder_service *r, struct state_writer *w)
{
	service_child_save(&r->child, w);
	state_put_fd(w, r->receive);
	state_put_fd(w, LOG_DESCRIPTOR);
}

void
recorder_service_restore(
	struct recorder_service *r, int runner, struct state_reader *state)
{
	service_child_restore(&r->child, state);
	r->runner = runner;
	r->receive = state_get_fd(state);
	if (state_get_fd(state) != LOG_DESCRIPTOR || r->receive < 0) {
		state_fail(state);
		return;
	}
	log_connect(LOG_DESCRIPTOR);
	event_never_wait(true);
	recorder_service_change(r);
}
