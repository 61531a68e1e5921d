/*
 * top_screen.h - shows sureftpctl top on the terminal; the only user of
 * ncurses.
 *
 * Every text is escaped and truncated to the width of the screen here, so that
 * names from clients can neither leave their line nor control the terminal.
 */
#ifndef DAEMON_CONTROL_TOP_SCREEN_H
#define DAEMON_CONTROL_TOP_SCREEN_H

#include "common/base.h"
#include "daemon/control/top_list.h"

enum top_key {
	TOP_KEY_NONE,		/* timeout, or an unknown key */
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
	TOP_KEY_BAN,
};

/* Initialise the terminal, with colours unless NO_COLOR is set.  False if it
 * cannot be used. */
bool top_screen_open(void) MUST_CHECK;
void top_screen_close(void);

/* Show the list, with the row `selected` on the screen, and a line of text
 * above it. */
void top_screen_draw(const struct top_list *l, size_t selected,
	const char *line);

/* The number of rows for sessions. */
size_t top_screen_rows(void);

/* Wait for a key, at most this long. */
enum top_key top_screen_key(int64_t ms);

/* Ask for a line of printable ASCII in text[size], which contains the initial
 * text.  False if the user has cancelled (Escape). */
bool top_screen_ask(const char *question, char *text, size_t size);

/* Ask for y or n. */
bool top_screen_confirm(const char *question);

#endif
