/*
 * show.h - reports the session's state: on its page, for the master
 * (common/process/page.h), and in its process title (process_titles).
 *
 * Makes no system calls.  Does nothing in the greeter, which has neither.
 */
#ifndef WORKER_SHOW_H
#define WORKER_SHOW_H

#include "common/address.h"
#include "common/base.h"
#include "common/process/page.h"

/* Start of the session of this user, from this client. */
void show_session(const char *user, const struct address *peer);

/* The session is idle; or it executes a command. */
void show_idle(void);
void show_command(const char *verb);

/* The command's transfer begins: path, offset, and the final size or
 * PAGE_SIZE_UNKNOWN. */
void show_transfer(enum page_state state, const char *path, int64_t offset,
	int64_t size);

/* Called regularly during a transfer: updates the percentage in the title. */
void show_progress(void);

#endif
