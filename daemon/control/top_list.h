/*
 * top_list.h - the contents of sureftpctl top: two snapshots of the sessions,
 * with the rates between them, sorted and filtered. Does not use the terminal.
 */
#ifndef DAEMON_CONTROL_TOP_LIST_H
#define DAEMON_CONTROL_TOP_LIST_H

#include "common/base.h"
#include "common/buffer.h"
#include "daemon/control/ctl_board.h"

enum top_sort {
	TOP_BY_RATE,		/* the fastest first */
	TOP_BY_NUMBER,
	TOP_BY_USER,
	TOP_BY_ADDRESS,
	TOP_BY_TIME,		/* the longest in its state first */
	TOP_SORTS
};

struct top_row {
	const struct scoreboard_session *session;
	double rate;		/* bytes per second, both directions */
};

struct top_list {
	struct ctl_board board;
	struct top_row *rows;	/* all sessions, by number */
	const struct top_row **shown;	/* filtered and sorted */
	size_t count;		/* of those shown */
	double down, up;	/* bytes per second, all sessions */
	uint32_t downloads, uploads;
	enum top_sort sort;
	char filter[64];	/* part of an account, address or path */
	int64_t taken;		/* clock_ms() */
};

/*
 * Replace the scoreboard by a new one, taken at this clock_ms(), and compute
 * the rates from both.  The list takes ownership, also on failure.  0 or
 * -ENOMEM.
 */
int top_list_take(struct top_list *l, struct ctl_board *board, int64_t now)
	MUST_CHECK;
void top_list_clear(struct top_list *l);

/* After a change of sort or filter. */
void top_list_arrange(struct top_list *l);

const char *top_list_sort_name(enum top_sort sort);

/* The row of the session with this number; 0 if it is not shown. */
size_t top_list_find(const struct top_list *l, uint64_t number);

/* Seconds until the end of its transfer at this rate; -1 if unknown. */
int64_t top_list_left(const struct top_row *row);

/* "[#####.....]  43%" of this width (at least 12), or how much of a transfer of
 * unknown size has moved; nothing without a transfer. */
void top_list_add_progress(struct buffer *b, const struct top_row *row,
	size_t width);

#endif
