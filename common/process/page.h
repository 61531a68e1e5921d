/*
 * page.h - the two pages of memory that a worker shares with the master.
 *
 * 	report	written by the session process, read by the master: what the
 * 		session does and how much it has transferred
 * 	order	written by the master, read by the session process: its current
 * 		limits and flags
 *
 * They make the state of thousands of sessions cheap to report: an update is a
 * few stores, without a system call or a message, and wakes no process.
 *
 * Every worker has its own place (daemon/sessions/board.h).  The monitor maps
 * it right after its fork, the session process inherits it, and the greeter
 * unmaps it; no process except the master maps those of other workers.  The
 * order page comes from a descriptor that cannot be written to, so that no
 * mprotect(2) makes it writable.
 *
 * The master never trusts a report page: a compromised session can write
 * anything there at any time, but affects only what is shown about itself.
 *
 * Consistent reads of both pages use a sequence number, which is odd while the
 * page is being changed (a seqlock).  Without pages (in unit tests, in the
 * greeter) the functions below do nothing, and the orders are those of a zeroed
 * page.
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
	PAGE_COMMAND,		/* executes a command */
	PAGE_DOWNLOAD,		/* transfers data */
	PAGE_UPLOAD,
	PAGE_LISTING,
	PAGE_STATES
};

/* Times are clock_ms(), which is the same in all processes. */
struct page_report {
	uint32_t sequence;	/* odd while the rest changes */
	int32_t state;		/* enum page_state */
	int64_t since;		/* when this state began */
	int64_t moved;		/* bytes of the running transfer so far; this
				 * and the next two may grow without the
				 * sequence */
	int64_t limited_down;	/* bytes on data connections while a limit */
	int64_t limited_up;	/* applied: fewer than `moved` in MODE Z */
	int64_t offset;		/* where in the file it began (REST, APPE) */
	int64_t size;		/* of the file when it ends, or unknown */
	int64_t down;		/* bytes of all ended transfers, */
	int64_t up;		/* by direction, without listings */
	int64_t files_down;	/* and their numbers */
	int64_t files_up;
	int64_t commands;
	char verb[PAGE_VERB_SIZE];	/* of the last command */
	char path[PAGE_PATH_SIZE];	/* of the transfer, on the host, not
					 * escaped; if too long, its end after
					 * "..." */
};

struct page_order {
	uint32_t sequence;	/* odd while the rest changes */
	int32_t log_level;	/* enum log_level + 1; 0: by the settings */
	int64_t download_rate;	/* bytes per second for this session; */
	int64_t upload_rate;	/* 0: no limit */
};

/* --- the worker's side */

/* Descriptors of the files that hold the pages of all workers. */
struct page_files {
	int reports;		/* for reading and writing */
	int orders;		/* for reading only */
};

/* In a new monitor: map the pages of this place.  0 or -errno. */
int page_map(const struct page_files *files, size_t place) MUST_CHECK;

/* In the greeter: unmap them. */
void page_unmap(void);

/* The session waits for a command.  If the last one was a transfer, its bytes
 * are added to those of the session. */
void page_idle(void);

/* A command begins, with this verb. */
void page_command(const char *verb);

/* The command's transfer begins; `state` is PAGE_DOWNLOAD, PAGE_UPLOAD or
 * PAGE_LISTING. */
void page_transfer(enum page_state state, const char *path, int64_t offset,
	int64_t size);

/* The bytes transferred since then.  Called for every step of a transfer: one
 * store. */
void page_moved(int64_t bytes);

/* The bytes on all data connections, in both directions, while the session had
 * a limit for them: the master shares out limits by these. */
void page_limited(int64_t down, int64_t up);

/* The session's own report, for its process title; NULL without pages. */
const struct page_report *page_own(void);

/* A number that changes with every order: with one load the session can check
 * whether page_order() has changed. */
uint32_t page_order_number(void);

/* The current orders. */
struct page_order page_order(void);

/* --- the master's side */

/* A consistent copy of a report page, with all values made valid: states and
 * numbers in range, texts terminated, no time after `now`.  False if that
 * failed, because the page changes all the time or was left in the middle of a
 * change. */
bool page_read(const struct page_report *page, struct page_report *copy,
	int64_t now) MUST_CHECK;

/* The bytes of all downloads, or uploads, with the running one. */
int64_t page_down(const struct page_report *copy);
int64_t page_up(const struct page_report *copy);

/* Write these orders, except the sequence. */
void page_write(struct page_order *page, const struct page_order *orders);

#endif
