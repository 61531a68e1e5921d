/*
 * quick_watch.c - events and transfers of a quick share, until it ends.
 *
 * Runs in: sureftpd --share.  Never: reads what a client sent, except names in
 * the log and on the scoreboard, which are escaped.
 */
#include "common/base.h"
#include "daemon/quick_share/quick_watch.h"

#include "common/clock.h"
#include "common/io.h"
#include "daemon/control/ctl.h"

#include <poll.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <sysexits.h>

#define INTERVAL_MS 500
#define START_MS    30000

int
quick_watch_signals(void)
{
	static const int signals[] = {
		SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGCHLD,
	};
	sigset_t set;

	signal(SIGPIPE, SIG_IGN);
	sigemptyset(&set);
	for (size_t i = 0; i < ARRAY_SIZE(signals); i++)
		sigaddset(&set, signals[i]);
	sigprocmask(SIG_BLOCK, &set, NULL);
	int fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	return fd < 0 ? -errno : fd;
}

/* Whole lines only, because the screen is shown below them. */
static void
print_lines(struct quick_watch *w)
{
	const char *end = memrchr(w->text, '\n', w->text_len);
	size_t len = end != NULL ? (size_t)(end - w->text) + 1 :
		w->text_len == sizeof(w->text) || w->log < 0 ? w->text_len : 0;

	if (len == 0)
		return;
	quick_screen_hide(&w->screen);
	(void)!fflush(stdout);
	(void)!fwrite(w->text, 1, len, stderr);
	w->text_len -= len;
	memmove(w->text, w->text + len, w->text_len);
}

/* Print what the server has logged.  The pipe does not block. */
static void
print_log(struct quick_watch *w)
{
	bool shown = w->screen.lines > 0;
	ssize_t n;

	while (w->log >= 0 && (n = read(w->log, w->text + w->text_len,
	    sizeof(w->text) - w->text_len)) >= 0) {
		w->text_len += (size_t)n;
		if (n == 0)
			io_close(&w->log);
		print_lines(w);
	}
	if (shown && w->screen.lines == 0 && !w->reaped)
		quick_screen_show(&w->screen);
}

static void
reap(struct quick_watch *w)
{
	int status;

	if (w->reaped || waitpid(w->server, &status, WNOHANG) != w->server)
		return;
	w->reaped = true;
	w->status = WIFEXITED(status) ? WEXITSTATUS(status) : EX_SOFTWARE;
}

/* The server ends at once, or after a second signal even sooner. */
static void
handle_signals(struct quick_watch *w)
{
	struct signalfd_siginfo info;

	while (read(w->signals, &info, sizeof(info)) == (ssize_t)sizeof(info))
		if (info.ssi_signo != SIGCHLD && !w->reaped)
			(void)kill(w->server, SIGTERM);
	reap(w);
}

static bool
get_board(const struct quick_watch *w, struct ctl_board *board)
{
	const struct ctl ctl = { .socket = w->control, .out = stdout };
	char ignored[512];

	ctl_fail_keep(ignored, sizeof(ignored));
	bool got = ctl_board_get(&ctl, board) == EX_OK;
	ctl_fail_keep(NULL, 0);
	return got;
}

static void
wait_for_events(struct quick_watch *w, int64_t until)
{
	struct pollfd fds[] = {
		{ .fd = w->signals, .events = POLLIN },
		{ .fd = w->log, .events = POLLIN },
	};

	(void)!poll(fds, ARRAY_SIZE(fds), clock_poll(until));
	print_log(w);
	handle_signals(w);
}

bool
quick_watch_ready(struct quick_watch *w, struct ctl_board *board)
{
	int64_t deadline = clock_ms() + START_MS;

	while (!w->reaped && !clock_passed(deadline)) {
		if (get_board(w, board))
			return true;
		wait_for_events(w, clock_ms() + 50);
	}
	/* What it said last. */
	print_log(w);
	return false;
}

static void
update(struct quick_watch *w)
{
	struct ctl_board board;

	if (!w->screen.on || !get_board(w, &board))
		return;
	if (quick_screen_update(&w->screen, &board) < 0)
		w->screen.on = false;
}

int
quick_watch_run(struct quick_watch *w)
{
	int64_t next = clock_ms();

	while (!w->reaped) {
		if (clock_passed(next)) {
			update(w);
			next = clock_ms() + INTERVAL_MS;
		}
		wait_for_events(w, next);
	}
	print_log(w);
	return w->status;
}
