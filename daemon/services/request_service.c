/*
 * request_service.c - a child of the master that handles the requests on a
 * service socket.
 *
 * Runs in: master; request_service_step() also returns in the child.
 */
#include "common/base.h"
#include "daemon/services/request_service.h"

#include "common/clock.h"
#include "common/io.h"
#include "common/log/log.h"
#include "common/process/child.h"
#include "common/process/service_socket.h"
#include "daemon/state/state.h"

#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>

void
request_service_init(struct request_service *s, const char *name,
	enum log_source_role role, int finish)
{
	*s = (struct request_service){
		.child.name = name, .role = role, .finish = finish,
		.receive = -1, .send = -1,
	};
	log_source_init(&s->log);
	for (size_t i = 0; i < REQUEST_SERVICE_FORMER; i++)
		log_source_init(&s->former[i].log);
}

int
request_service_open(struct request_service *s, int queue)
{
	int fds[2];
	int error = service_socket_pair(fds, queue);

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

static void
forget(struct request_service_former *f)
{
	log_source_close(&f->log);
	f->pid = 0;
}

/* The oldest one is forgotten; the reaper's sweep collects it. */
static void
become_former(struct request_service *s)
{
	struct request_service_former *f = s->former;
	size_t i = 0;

	while (i < REQUEST_SERVICE_FORMER - 1 && f[i].pid != 0)
		i++;
	if (f[i].pid != 0) {
		forget(&f[0]);
		memmove(f, f + 1, i * sizeof(*f));
	}
	f[i].pid = s->child.pid;
	f[i].log = s->log;
	s->child.pid = 0;
	log_source_init(&s->log);
}

void
request_service_change(struct request_service *s, bool wanted)
{
	s->wanted = wanted;
	if (s->child.pid == 0)
		return;
	if (kill(s->child.pid, s->finish) < 0)
		log_error("cannot signal the %s: %s", s->child.name,
			strerror(errno));
	become_former(s);
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
	if (s->metrics != NULL)
		metrics_share(s->metrics, true);
	pid_t pid = service_child_fork(&s->child);
	if (s->metrics != NULL)
		metrics_share(s->metrics, false);
	if (pid != 0) {
		io_close(&log);
		return pid;
	}
	log_source_use(log);
	const int keep[] = { s->receive, also, log_descriptor() };
	child_begin_asked(keep, ARRAY_SIZE(keep), s->finish);
	return 0;
}

bool
request_service_missing(const struct request_service *s, int64_t now)
{
	return s->wanted && s->receive >= 0 &&
	    service_child_missing(&s->child, now);
}

bool
request_service_step(struct request_service *s, int also, int64_t now)
{
	if (!request_service_missing(s, now))
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

static bool
former_exited(struct request_service *s, pid_t pid, int status)
{
	struct request_service_former *f = s->former;

	while (f < s->former + REQUEST_SERVICE_FORMER && f->pid != pid)
		f++;
	if (f == s->former + REQUEST_SERVICE_FORMER)
		return false;
	forget(f);
	if (WIFSIGNALED(status))
		log_error("the former %s was killed by signal %d",
			s->child.name, WTERMSIG(status));
	else if (WEXITSTATUS(status) != 0)
		log_error("the former %s exited with status %d",
			s->child.name, WEXITSTATUS(status));
	return true;
}

bool
request_service_exited(struct request_service *s, pid_t pid, int status)
{
	if (pid <= 0 || (!service_child_exited(&s->child, pid, status) &&
	    !former_exited(s, pid, status)))
		return false;
	if (s->ended != NULL)
		s->ended(s->context, pid);
	return true;
}

static void
reap(struct request_service *s, pid_t pid)
{
	int status;

	if (pid > 0 && waitpid(pid, &status, WNOHANG) == pid)
		(void)request_service_exited(s, pid, status);
}

void
request_service_reap(struct request_service *s)
{
	reap(s, s->child.pid);
	for (size_t i = 0; i < REQUEST_SERVICE_FORMER; i++)
		reap(s, s->former[i].pid);
}

void
request_service_reattach(const struct request_service *s)
{
	if (s->child.pid != 0)
		log_source_attach(&s->log);
	for (size_t i = 0; i < REQUEST_SERVICE_FORMER; i++)
		if (s->former[i].pid != 0)
			log_source_attach(&s->former[i].log);
}

/* Only the receiving ends of its processes are open. */
static void
await_end(const struct request_service *s, int64_t patience_ms)
{
	int64_t deadline = clock_ms() + patience_ms;
	struct pollfd closed = { .fd = s->send };

	while (poll(&closed, 1, clock_poll(deadline)) < 0 && errno == EINTR)
		;
}

void
request_service_close(struct request_service *s, int64_t patience_ms)
{
	io_close(&s->receive);
	/* The end of the stream, also if a monitor is left. */
	if (s->send >= 0 && patience_ms > 0 && shutdown(s->send, SHUT_WR) == 0)
		await_end(s, patience_ms);
	io_close(&s->send);
	log_source_close(&s->log);
	for (size_t i = 0; i < REQUEST_SERVICE_FORMER; i++)
		log_source_close(&s->former[i].log);
}

/* --- for the next program */

static void
save_process(pid_t pid, const struct log_source *log, struct state_writer *w)
{
	const struct service_child child = { .pid = pid };

	service_child_save(&child, w);
	STATE_PUT(w, log->identity.number);
	state_put_fd(w, log->fd);
}

void
request_service_save(const struct request_service *s, struct state_writer *w)
{
	state_put_fd(w, s->receive);
	state_put_fd(w, s->send);
	save_process(s->child.pid, &s->log, w);
	for (size_t i = 0; i < REQUEST_SERVICE_FORMER; i++)
		save_process(s->former[i].pid, &s->former[i].log, w);
}

static pid_t
restore_process(const struct request_service *s, struct log_source *log,
	struct state_reader *state)
{
	struct service_child child = { .pid = 0 };

	service_child_restore(&child, state);
	STATE_GET(state, log->identity.number);
	log->fd = state_get_fd(state);
	log->identity.role = (int32_t)s->role;
	return child.pid;
}

bool
request_service_restore(struct request_service *s, struct state_reader *state)
{
	s->receive = state_get_fd(state);
	s->send = state_get_fd(state);
	s->child.pid = restore_process(s, &s->log, state);
	for (size_t i = 0; i < REQUEST_SERVICE_FORMER; i++)
		s->former[i].pid = restore_process(s, &s->former[i].log,
			state);
	bool stands = s->receive >= 0 && s->send >= 0;
	if (!stands)
		state_fail(state);
	return stands;
}
