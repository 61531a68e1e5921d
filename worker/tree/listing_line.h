/*
 * listing_line.h - formats the line of one entry.  For listing_*.c only.
 */
#ifndef WORKER_TREE_LISTING_LINE_H
#define WORKER_TREE_LISTING_LINE_H

#include "common/base.h"
#include "common/buffer.h"
#include "worker/tree/listing_read.h"
#include "worker/tree/listing_request.h"

#include <sys/stat.h>

/* Shared by the lines of one directory. */
struct listing_line {
	const struct listing_request *request;
	int dir;		/* the directory of the names */
	const char *prefix;	/* prefix of every name */
	/* for FACTS: the directory, and the account with its permissions
	 * there */
	struct stat dir_stat;
	struct fact_user user;
	time_t now;
};

/* Append the entry's line with its CR LF.  False, and nothing appended, when
 * the entry no longer exists. */
bool listing_line_add(const struct listing_line *line, struct buffer *b,
	const struct listing_entry *entry);

/* Format a mode like ls, "-rw-r--r--", into text[11]. */
void listing_line_mode(mode_t mode, char *text);

/* Append a name, with '?' for CR and LF. */
void listing_line_add_name(struct buffer *b, const char *name);

#endif
