/*
 * request_service.c - a child of the master that handles the requests on a
 * service socket.
 *
 * Runs in: master; request_service_step() also returns in the child.
 */
#include "common/base.h"
#include "daemon/request_service.h"

#include "common/clock.h"
#include "common/io.h"
#include "common/log/log.h"
#include "common/process/child.h"
#include "common/process/service.h"
#include "daemon/state.h"

#include <signal.h>

void
request_service_init(struct request_service *s, const char *name,
	enum log_source_role role, int finish)
{
	*s = (struct request_service){
		.child.name = name, .role = role, .finish = finish,
		.receive = -1, .send = -1,
	};
	log_source_init(&s->log);
}

int
request_service_open(struct request_service *s, int queue)
{
	int fds[2];
	int error = service_pair(fds, queue);

	if (error < 0)
		return error;
	s->receive = fds[0];
	s->send = fds[1];
	return 0;
}

int
request_service_fd(const struct request_service *s)
{
	return s->wanted ? s->send : -1;
}

void
request_service_change(struct request_service *s, bool wanted)
{
	/* It finishes on its own; the reaper's sweep collects it. */
	if (s->child.pid != 0 && kill(s->child.pid, s->finish) < 0)
		log_error("cannot signal the %s: %s", s->child.name,
			strerror(errno));
	s->child.pid = 0;
	s->wanted = wanted;
}

/* The child's pid, 0 in the child, or -errno. */
static pid_t
start(struct request_service *s, int also)
{
	int log;

	log_source_close(&s->log);
	int error = log_source_open(&s->log, s->role, &log);
	if (error < 0)
		return error;
	s->log.patience_ms = 0;
	log_source_attach(&s->log);
	pid_t pid = service_child_fork(&s->child);
	if (pid != 0) {
		io_close(&log);
		return pid;
	}
	log_source_use(log);
	const int keep[] = { s->receive, also, log_descriptor() };
	child_begin(keep, ARRAY_SIZE(keep));
	return 0;
}

bool
request_service_step(struct request_service *s, int also, int64_t now)
{
	if (!s->wanted || s->receive < 0 ||
	    !service_child_missing(&s->child, now))
		return false;
	pid_t pid = start(s, also);
	if (pid < 0)
		pause_begin(&s->child.pause, now);
	return pid == 0;
}

int64_t
request_service_due(const struct request_service *s, int64_t now)
{
	return s->wanted ? service_child_due(&s->child, now) : CLOCK_NEVER;
}

void
request_service_reattach(const struct request_service *s)
{
	if (s->child.pid != 0)
		log_source_attach(&s->log);
}

void
request_service_close(struct request_service *s)
{
	io_close(&s->receive);
	io_close(&s->send);
	log_source_close(&s->log);
}

void
request_service_save(const struct request_service *s, struct state_writer *w)
{
	service_child_save(&s->child, w);
	state_put_fd(w, s->receive);
	state_put_fd(w, s->send);
}

bool
request_service_restore(struct request_service *s, struct state_reader *state)
{
	service_child_restore(&s->child, state);
	s->receive = state_get_fd(state);
	s->send = state_get_fd(state);
	bool stands = s->receive >= 0 && s->send >= 0;
	if (!stands)
		state_fail(state);
	return stands;
}
