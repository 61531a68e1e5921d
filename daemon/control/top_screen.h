/*
 * top_screen.h - the terminal of sureftpctl top: the only room that knows
 * ncurses.
 *
 * Every text is escaped and cut to the width of the screen here, so that
 * nothing a client has named can leave its line or command the terminal.
 */
#ifndef DAEMON_CONTROL_TOP_SCREEN_H
#define DAEMON_CONTROL_TOP_SCREEN_H

#include "common/base.h"
#include "daemon/control/top_list.h"

enum top_key {
	TOP_KEY_NONE,		/* the time is up, or a key without meaning */
	TOP_KEY_RESIZE,
	TOP_KEY_QUIT,
	TOP_KEY_UP,
	TOP_KEY_DOWN,
	TOP_KEY_PAGE_UP,
	TOP_KEY_PAGE_DOWN,
	TOP_KEY_SORT,
	TOP_KEY_FILTER,
	TOP_KEY_KICK,
	TOP_KEY_LIMIT,
};

/* Take the terminal over, in colours unless NO_COLOR is set.  False when it
 * cannot be used. */
bool top_screen_open(void) MUST_CHECK;
void top_screen_close(void);

/* Show the list, with the row `selected` on the screen, and a line of text
 * above it. */
void top_screen_draw(const struct top_list *l, size_t selected,
	const char *line);

/* Rows of sessions that fit. */
size_t top_screen_rows(void);

/* The next key, waited for at most so long. */
enum top_key top_screen_key(int64_t ms);

/* Ask for a line of text, of printable ASCII, in text[size], which holds what
 * to begin with.  False when the user gave up (Escape). */
bool top_screen_ask(const char *question, char *text, size_t size);

/* Ask for y or n. */
bool top_screen_confirm(const char *question);

#endif
