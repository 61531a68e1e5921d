/*
 * scan_job.h - scanners that count a directory for the bookkeeper.
 *
 * The master forks them on request.  Each has a channel to the bookkeeper,
 * which is closed when the scanner exits.
 */
#ifndef DAEMON_QUOTA_SCAN_JOB_H
#define DAEMON_QUOTA_SCAN_JOB_H

#include "common/base.h"
#include "daemon/quota/store.h"
#include "daemon/quota/watched.h"

struct scan_job {
	enum watched watched;
	struct channel channel;
	struct store_book *book;
	struct quota_count found;	/* so far */
	uint64_t unreadable;
	bool links_full;
	int64_t end_at;		/* clock_ms(), when it has walked */
	bool walked;		/* the scanner waits for scan_job_end_walk() */
	int64_t ended;		/* clock_ns() of that; 0 before */
	bool done;
	int error;
};

/* Ask the master for a scanner.  The job, whose channel the caller watches; or
 * NULL if that failed: it is tried again later. */
struct scan_job *scan_job_begin(struct channel *master, struct store_book *b);

/* Handle its next message.  False when it has ended. */
bool scan_job_receive(struct scan_job *j) MUST_CHECK;

/*
 * A change was made while the scan is going on.  SCAN_JOB_PLACED: it will be in
 * the result; SCAN_JOB_AFTER: it was made after all that is in the result;
 * SCAN_JOB_LOST: it may be in it or not.
 */
enum scan_job_place { SCAN_JOB_PLACED, SCAN_JOB_AFTER, SCAN_JOB_LOST };
enum scan_job_place scan_job_change(struct scan_job *j,
	const struct quota_change *change) MUST_CHECK;

/* After it has walked: the result is to contain the changes until now.  All
 * running uploads must have been weighed before. */
void scan_job_end_walk(struct scan_job *j);

/* A second after the scan has read all directories, when sessions have reported
 * their earlier changes. */
#define SCAN_JOB_LATE_MS 1100

/* Use its result, and free it. */
void scan_job_end(struct scan_job *j);

#endif
