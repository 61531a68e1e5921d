/*
 * show.h - what a session shows of itself: on its page, for the master
 * (common/process/page.h), and in its process title (process_titles).
 *
 * Nothing here makes a system call.  In the greeter, which has neither, nothing
 * happens.
 */
#ifndef WORKER_SHOW_H
#define WORKER_SHOW_H

#include "common/address.h"
#include "common/base.h"
#include "common/process/page.h"

/* The session of this user, from this client, has begun. */
void show_session(const char *user, const struct address *peer);

/* It waits for a command; it carries one out. */
void show_idle(void);
void show_command(const char *verb);

/* The command's transfer begins: of a path, from this offset, to a file of
 * this size or PAGE_SIZE_UNKNOWN. */
void show_transfer(enum page_state state, const char *path, int64_t offset,
	int64_t size);

/* Now and then while bytes move: bring the percentage in the title up to
 * date. */
void show_progress(void);

#endif
