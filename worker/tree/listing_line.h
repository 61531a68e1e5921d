/*
 * listing_line.h - formats the line of one entry.  For listing_*.c only.
 */
#ifndef WORKER_TREE_LISTING_LINE_H
#define WORKER_TREE_LISTING_LINE_H

#include "common/base.h"
#include "common/buffer.h"
#include "worker/tree/facts.h"
#include "worker/tree/ftptime.h"
#include "worker/tree/listing_read.h"
#include "worker/tree/listing_request.h"
#include "worker/tree/listing_sort.h"

#include <sys/stat.h>

/* Shared by the lines of one directory. */
struct listing_line {
	const struct listing_request *request;
	int dir;		/* the directory of the names */
	const char *prefix;	/* prefix of every name */
	/* for FACTS: the directory, and the account with its permissions
	 * there */
	struct stat dir_stat;
	struct facts facts;
	struct fact_user user;
	bool name_rules;	/* some names are denied */
	struct listing_name name;	/* in the buffer, of the entry added
					 * last */
	/* for LONG */
	struct stat st;		/* of that entry */
	time_t now;
	struct ftptime_day day;
	struct listing_columns {
		mode_t mode;
		nlink_t links;
		uid_t uid;
		gid_t gid;
		size_t len;	/* 0: not written yet */
		char text[2 * FACTS_NAME_MAX + 60];
	} columns;		/* of the last entry; most are the same */
};

/* Append the entry's line with its CR LF.  False, and nothing appended, when
 * the entry no longer exists. */
bool listing_line_add(struct listing_line *line, struct buffer *b,
	const struct listing_entry *entry);

/* stat() an entry: with -L what a link leads to, if there is something, and if
 * the link may be followed.  0 or -errno. */
int listing_line_stat(const struct listing_line *line, const char *name,
	struct stat *st) MUST_CHECK;

/* Format a mode like ls, "-rw-r--r--", into text[11]. */
void listing_line_mode(mode_t mode, char *text);

/* Append a name, with '?' for each control byte (0 to 31, 127), so that a name
 * can neither end its line nor control a terminal. */
void listing_line_add_name(struct buffer *b, const char *name, size_t len);

#endif
