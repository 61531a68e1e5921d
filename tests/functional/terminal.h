/*
 * terminal.h - a program on a pseudo-terminal, and what a VT100 would show of
 * what it writes.
 */
#ifndef TESTS_FUNCTIONAL_TERMINAL_H
#define TESTS_FUNCTIONAL_TERMINAL_H

#include "common/base.h"

#define TERMINAL_ROWS 60
#define TERMINAL_COLS 200

struct terminal {
	pid_t pid;
	int fd;
	int rows, cols;
	int x, y;
	int saved_x, saved_y;
	int top, bottom;	/* of the scrolling region */
	char screen[TERMINAL_ROWS][TERMINAL_COLS + 1];	/* bytes as they came */
	char sequence[64];	/* the escape sequence that has begun */
	size_t sequence_len;
	bool colours;		/* one was set */
	bool strange;		/* a sequence that a VT100 does not know, or a
				 * control character */
};

/* Give the world pseudo-terminals; false when it cannot have them. */
bool terminal_prepare(void);

/* Start sureftpctl as root with these arguments on a terminal of this size.
 * `environment` is all that it gets. */
bool terminal_start(struct terminal *t, int rows, int cols,
	const char *const *environment, const char *const *arguments);

/* The same for another program, as this account (NULL: root). */
bool terminal_start_as(struct terminal *t, int rows, int cols,
	const char *const *environment, const char *account,
	const char *const *argv);

/* Wait until the screen shows this text in one line: false when it does not
 * within ten seconds. */
bool terminal_shows(struct terminal *t, const char *text);

/* The same until the first line with this text is line number `line`. */
bool terminal_shows_at(struct terminal *t, const char *text, int line);

/* The same for a screen that does not show it. */
bool terminal_lacks(struct terminal *t, const char *text);

/* The number of the first line with this text, or -1. */
int terminal_find(const struct terminal *t, const char *text);

void terminal_type(struct terminal *t, const char *keys);
void terminal_resize(struct terminal *t, int rows, int cols);

/* Wait for the program's end: its exit status or -1.  Closes the terminal. */
int terminal_end(struct terminal *t);

#endif
