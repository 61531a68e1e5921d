/*
 * scanners.c - starts the scanners that the bookkeeper asks for.
 *
 * Runs in: master; scanner_child() begins in the scanner.
 */
#include "common/base.h"
#include "daemon/quota/scanners.h"

#include "common/log/event.h"
#include "common/log/log.h"
#include "common/process/child.h"
#include "daemon/quota/scanner.h"

#include <signal.h>
#include <sys/wait.h>

void
scanners_init(struct scanners *s)
{
	*s = (struct scanners){ 0 };
	for (size_t i = 0; i < SCANNERS_MAX; i++)
		log_source_init(&s->list[i].log);
}

static void NORETURN
scanner_child(const struct message_quota_scan *order, int fd, int log)
{
	const int keep[] = { fd, log_descriptor() };

	log_source_use(log);
	child_begin(keep, ARRAY_SIZE(keep));
	scanner_main(order, fd);
}

/* The bookkeeper gets no privileges by this request: a scanner can only count,
 * and not as root. */
static bool
is_allowed(const struct message_quota_scan *order)
{
	return order->uid != 0 && order->ngroups <= MESSAGE_QUOTA_GROUPS &&
	    order->root[0] == '/';
}

static void
fork_scanner(struct scanners *s, size_t i,
	const struct message_quota_scan *order, int fd)
{
	struct log_source *source = &s->list[i].log;
	int log;

	if (log_source_open(source, LOG_SOURCE_SCANNER, &log) < 0)
		return;
	source->patience_ms = 0;
	log_source_attach(source);
	pid_t pid = child_fork();
	if (pid == 0) {
		child_new_group(0);
		scanner_child(order, fd, log);
	}
	if (log >= 0)
		close(log);
	if (pid < 0) {
		log_error("cannot fork a scanner: %s", log_errno(pid));
		log_source_close(source);
		return;
	}
	child_new_group(pid);
	s->list[i].pid = pid;
	s->list[i].killed = false;
}

void
scanners_start(struct scanners *s, const struct message_quota_scan *order,
	int fd)
{
	for (size_t i = 0; i < SCANNERS_MAX && is_allowed(order); i++) {
		if (s->list[i].pid != 0)
			continue;
		fork_scanner(s, i, order, fd);
		break;
	}
	close(fd);
}

static void
report(int status)
{
	struct event e = event_new(EVENT_crash);

	if (WIFEXITED(status) && WEXITSTATUS(status) != EXIT_SUCCESS)
		log_error("a scanner exited with status %d",
			WEXITSTATUS(status));
	if (!WIFSIGNALED(status))
		return;
	if (WTERMSIG(status) == SIGALRM) {
		log_error("a scanner was ended: a file system did not answer "
			"for %d s", SCANNER_PATIENCE);
		return;
	}
	e.ok = false;
	e.code = WTERMSIG(status);
	e.text = "scanner";
	event_send(&e);
}

bool
scanners_exited(struct scanners *s, pid_t pid, int status)
{
	for (size_t i = 0; i < SCANNERS_MAX; i++) {
		if (s->list[i].pid != pid)
			continue;
		s->list[i].pid = 0;
		log_source_close(&s->list[i].log);
		if (!s->list[i].killed)
			report(status);
		return true;
	}
	return false;
}

/* Any process of the account may stop it, and with it the scans for others,
 * which wait for this one; the alarm of a stopped process does not ring. */
static void
kill_stopped(struct scanners *s, size_t i)
{
	log_warning("a scanner was stopped by a process of its account: "
		"killed");
	s->list[i].killed = true;
	(void)kill(s->list[i].pid, SIGKILL);
}

void
scanners_reap(struct scanners *s)
{
	int status;

	for (size_t i = 0; i < SCANNERS_MAX; i++) {
		pid_t pid = s->list[i].pid;
		if (pid <= 0 ||
		    waitpid(pid, &status, WNOHANG | WUNTRACED) != pid)
			continue;
		if (WIFSTOPPED(status))
			kill_stopped(s, i);
		else
			(void)scanners_exited(s, pid, status);
	}
}

void
scanners_reattach(const struct scanners *s)
{
	for (size_t i = 0; i < SCANNERS_MAX; i++)
		if (s->list[i].pid != 0)
			log_source_attach(&s->list[i].log);
}

void
scanners_close(struct scanners *s)
{
	for (size_t i = 0; i < SCANNERS_MAX; i++)
		log_source_close(&s->list[i].log);
}

void
scanners_save(const struct scanners *s, struct state_writer *w)
{
	for (size_t i = 0; i < SCANNERS_MAX; i++)
		STATE_PUT(w, s->list[i].pid);
}

/* Their lines of the log end here. */
void
scanners_restore(struct scanners *s, struct state_reader *r)
{
	for (size_t i = 0; i < SCANNERS_MAX; i++) {
		pid_t pid;

		STATE_GET(r, pid);
		if (child_exists(pid))
			s->list[i].pid = pid;
	}
}
