/*
 * quick_screen.h - the running transfers, in the last lines of a terminal,
 * below what is printed there.
 */
#ifndef DAEMON_QUICK_SHARE_QUICK_SCREEN_H
#define DAEMON_QUICK_SHARE_QUICK_SCREEN_H

#include "common/base.h"
#include "daemon/control/top_list.h"

struct quick_screen {
	bool on;		/* standard output is a terminal that can do
				 * this */
	int lines;		/* shown now */
	char shared[PATH_MAX];	/* the directory; paths are shown below it */
	struct top_list list;
};

void quick_screen_open(struct quick_screen *s, const char *shared);

/* The columns of the terminal. */
int quick_screen_columns(void);

/* Show a new scoreboard, of which it takes ownership.  0 or -ENOMEM. */
int quick_screen_update(struct quick_screen *s, struct ctl_board *board)
	MUST_CHECK;

/* Remove the lines, so that others can be printed; show them again. */
void quick_screen_hide(struct quick_screen *s);
void quick_screen_show(struct quick_screen *s);

void quick_screen_close(struct quick_screen *s);

#endif
