/*
 * quick_watch.h - runs while a quick share is served: prints events, shows
 * transfers, and ends the server when the user wants it.
 */
#ifndef DAEMON_QUICK_SHARE_QUICK_WATCH_H
#define DAEMON_QUICK_SHARE_QUICK_WATCH_H

#include "common/base.h"
#include "daemon/control/ctl_board.h"
#include "daemon/quick_share/quick_screen.h"

struct quick_watch {
	pid_t server;
	int log;		/* what the server writes to standard error */
	char text[8192];	/* of it: a line that has begun */
	size_t text_len;
	int signals;		/* quick_watch_signals() */
	const char *control;	/* path of the control socket */
	struct quick_screen screen;
	bool reaped;
	int status;		/* of the server's exit */
};

/* Block the signals that end it, before anything has to be removed: a
 * signalfd(2), or -errno. */
int quick_watch_signals(void) MUST_CHECK;

/* Wait until the server answers: true with its scoreboard, which the caller
 * clears.  False when it has exited, with w->status. */
bool quick_watch_ready(struct quick_watch *w, struct ctl_board *board)
	MUST_CHECK;

/* Until the server has ended, by a signal or by itself.  The exit status. */
int quick_watch_run(struct quick_watch *w);

#endif
