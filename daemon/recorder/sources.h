/*
 * sources.h - the attached log sockets, their identities and counts.
 */
#ifndef DAEMON_RECORDER_SOURCES_H
#define DAEMON_RECORDER_SOURCES_H

#include "common/base.h"
#include "common/log/flood.h"
#include "common/process/log_source.h"

#include <sys/queue.h>

/* Time between two reports about the same source. */
#define SOURCES_REPORT_MS 10000

struct source {
	int fd;
	struct log_identity identity;
	struct log_identity former;	/* the identity before; since_ns 0:
					 * none */
	struct flood flood;
	int64_t newest;		/* time of its newest event */
	uint64_t dropped;	/* events above log.max_rate since the last
				 * report */
	uint64_t lost;		/* events that it could not send since the last
				 * report */
	bool ended;		/* the process has closed it */
	/* private to sources.c */
	int64_t report_at;	/* CLOCK_NEVER: nothing to report */
	LIST_ENTRY(source) by_number;
	TAILQ_ENTRY(source) by_session, in_reports;
	SLIST_ENTRY(source) in_ended;
};

struct sources;

/* An empty table; NULL when out of memory.  Freeing it closes the sockets. */
struct sources *sources_new(void);
void sources_free(struct sources *s);

struct source *sources_find(struct sources *s, uint64_t number);

/* Iterate over the sources of a session, in the order in which they got it:
 * NULL gives the first; returns NULL at the end. */
struct source *sources_of_session(struct sources *s, uint64_t session,
	struct source *source);

/* Takes ownership of fd.  Returns a new source, which the caller must watch;
 * NULL if the source exists and only its identity has changed, or when out of
 * memory, logged. */
struct source *sources_attach(struct sources *s,
	const struct log_identity *identity, int fd, int64_t max_rate,
	int64_t now);

/* The identity that an event of this time has (wall_ns; `wall`: now).  The
 * recorder may read an event after the identity has changed.  But a process
 * could claim any time: the former identity counts only for a second. */
const struct log_identity *sources_identity_at(const struct source *source,
	int64_t wall_ns, int64_t wall);

/* Remove it, and close its socket. */
void sources_remove(struct sources *s, struct source *source);

size_t sources_count(const struct sources *s);

/* Do all sources that have not ended have this role (enum log_source_role)? */
bool sources_only(const struct sources *s, int32_t role);

/* Count events that were dropped or lost, to be reported within
 * SOURCES_REPORT_MS, or when the source ends. */
void sources_count_dropped(struct sources *s, struct source *source,
	int64_t now);
void sources_count_lost(struct sources *s, struct source *source,
	uint32_t count, int64_t now);

/* The next source whose report is due (`all`: due or not), or NULL.  The caller
 * reports its counts and resets them. */
struct source *sources_next_report(struct sources *s, int64_t now, bool all);

/* The process has closed it: a pending report becomes due, and then the source
 * can be removed. */
void sources_end(struct sources *s, struct source *source, int64_t now);
void sources_remove_ended(struct sources *s);

/* When the next report, or the removal of an ended source, is due; or
 * CLOCK_NEVER. */
int64_t sources_due(const struct sources *s);

#endif
