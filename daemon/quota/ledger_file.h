/*
 * ledger_file.h - quota files in the format of the PWP server: a text file with
 * the number of bytes in the first line, and a change of it, with a sign, in
 * each further line.  The sum is the usage.
 *
 * The content is not trusted: the result is a number or an error.
 */
#ifndef DAEMON_QUOTA_LEDGER_FILE_H
#define DAEMON_QUOTA_LEDGER_FILE_H

#include "common/base.h"

struct stat;

#define LEDGER_FILE_MAX	      65536	/* bytes that are read */
#define LEDGER_FILE_LINE_SIZE 24	/* a number, its sign, LF, NUL */

struct ledger {
	int64_t bytes;		/* the sum */
	int64_t changes;	/* lines after the first */
	int64_t empty_lines;	/* which are tolerated */
};

/*
 * Parse text[len].  0, or -EINVAL with the number of the first invalid line in
 * *line.
 */
int ledger_parse(const char *text, size_t len, struct ledger *l, size_t *line)
	MUST_CHECK;

/*
 * Read the ledger `name` in an open directory, which must be a regular file.
 * 0; -EINVAL as above; -EFBIG; or another -errno.  *st is set if it could be
 * opened.
 */
int ledger_file_read(int dir, const char *name, struct ledger *l,
	struct stat *st, size_t *line) MUST_CHECK;

/* The file as this server has written it last, so that it can append to it. */
struct ledger_file {
	int64_t bytes;		/* the sum in the file */
	int64_t changes;
	uint64_t ino;		/* 0: not written yet */
	int64_t size;
};

/*
 * Write that so many bytes are used: a further line, if the file is the one
 * that was written last and has fewer than max_changes lines after its first;
 * otherwise a new file that replaces it.  0 or -errno.
 */
int ledger_file_write(struct ledger_file *f, int dir, const char *name,
	int64_t bytes, int64_t max_changes) MUST_CHECK;

#endif
