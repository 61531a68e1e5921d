/*
 * page.h - the two pages of memory that a worker shares with the master.
 *
 *	report	written by the session process, read by the master: what the
 *		session does and how much it has transferred
 *	order	written by the master, read by the session process: what it has
 *		to keep to from now on
 *
 * They make it cheap to know what thousands of sessions do: an update is a few
 * stores, without a system call and without a message, and nobody is woken.
 *
 * Every worker has a place of its own (daemon/board.h).  The monitor maps it
 * first of all after its fork, the session process has it from the monitor, and
 * the greeter gives it up; no process but the master maps another's.  The order
 * page comes from a descriptor that cannot be written to, so that no
 * mprotect(2) makes it writable.
 *
 * The master never trusts a report page: a session that was taken over may
 * write there what it likes, at any time, and harms only what is shown about
 * itself.
 *
 * Both pages are read as a whole by a sequence number that is odd while the
 * page changes.  Without pages (in unit tests, in the greeter) the functions
 * below do nothing, and the orders are those of a fresh page.
 */
#ifndef COMMON_PROCESS_PAGE_H
#define COMMON_PROCESS_PAGE_H

#include "common/base.h"

#define PAGE_VERB_SIZE	16
#define PAGE_PATH_SIZE	1024
#define PAGE_SIZE_UNKNOWN (-1)

enum page_state {
	PAGE_NONE,		/* not logged in yet: a fresh page */
	PAGE_IDLE,		/* waits for a command */
	PAGE_COMMAND,		/* carries one out */
	PAGE_DOWNLOAD,		/* a transfer's bytes move */
	PAGE_UPLOAD,
	PAGE_LISTING,
	PAGE_STATES
};

/* Times are clock_ms(), which is the same in all processes. */
struct page_report {
	uint32_t sequence;	/* odd while the rest changes */
	int32_t state;		/* enum page_state */
	int64_t since;		/* when this state began */
	int64_t moved;		/* bytes of the running transfer so far: it
				 * alone may grow without the sequence */
	int64_t offset;		/* where in the file it began (REST, APPE) */
	int64_t size;		/* of the file when it ends, or unknown */
	int64_t down;		/* bytes of all transfers that have ended, */
	int64_t up;		/* by direction; listings are not counted */
	int64_t files_down;	/* and how many these were */
	int64_t files_up;
	int64_t commands;
	char verb[PAGE_VERB_SIZE];	/* of the last command */
	char path[PAGE_PATH_SIZE];	/* of the transfer, as the logs have
					 * it, not escaped; of a longer one the
					 * end after "..." */
};

struct page_order {
	uint32_t sequence;	/* odd while the rest changes */
	int32_t log_level;	/* enum log_level + 1; 0: by the settings */
	int64_t download_rate;	/* bytes a second for this session, now; */
	int64_t upload_rate;	/* 0: no limit */
};

/* --- the worker's side */

/* Descriptors of the files that hold the pages of all workers. */
struct page_files {
	int reports;		/* for reading and writing */
	int orders;		/* for reading only */
};

/* In a fresh monitor: map the pages of this place.  0 or -errno. */
int page_map(const struct page_files *files, size_t place) MUST_CHECK;

/* In the greeter: be without them. */
void page_unmap(void);

/* The session waits for a command.  The bytes of a transfer that the last one
 * was are part of the session's from now on. */
void page_idle(void);

/* A command begins, with this verb. */
void page_command(const char *verb);

/* Its transfer begins; `state` is PAGE_DOWNLOAD, PAGE_UPLOAD or
 * PAGE_LISTING. */
void page_transfer(enum page_state state, const char *path, int64_t offset,
	int64_t size);

/* So many bytes have moved since then.  For every step of a transfer: this is
 * one store. */
void page_moved(int64_t bytes);

/* The session's own report, for its process title; NULL without pages. */
const struct page_report *page_own(void);

/* A number that changes with every order: one load tells whether page_order()
 * has news. */
uint32_t page_order_number(void);

/* The orders of now. */
struct page_order page_order(void);

/* --- the master's side */

/* A copy of a report page as one of its writer's moments had it, with every
 * value made valid: states and numbers in their range, texts terminated, no
 * time after `now`.  False when none could be had, because the page changes
 * all the time or was left in the middle of a change. */
bool page_read(const struct page_report *page, struct page_report *copy,
	int64_t now) MUST_CHECK;

/* Write these orders, the sequence aside. */
void page_write(struct page_order *page, const struct page_order *orders);

#endif
