/*
 * scans.h - scanners that count a directory for the bookkeeper.
 *
 * The master forks them on request; each has a channel to the bookkeeper, whose
 * end says that it has exited.
 */
#ifndef DAEMON_QUOTA_SCANS_H
#define DAEMON_QUOTA_SCANS_H

#include "common/base.h"
#include "daemon/quota/members.h"

struct scan_job {
	enum watched watched;
	struct channel channel;
	struct shelf_book *book;
	struct quota_count found;	/* so far */
	bool done;
	int error;
};

/* Ask the master for a scanner.  The job, whose channel the caller watches; or
 * NULL if that failed: it is tried again later. */
struct scan_job *scans_begin(struct channel *master, struct shelf_book *b);

/* Handle its next message.  False when it has ended. */
bool scans_receive(struct scan_job *j) MUST_CHECK;

/* Use its result, and free it. */
void scans_end(struct scan_job *j);

#endif
