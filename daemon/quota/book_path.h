/*
 * book_path.h - what the files of counts consist of (book_file.h).
 */
#ifndef DAEMON_QUOTA_BOOK_PATH_H
#define DAEMON_QUOTA_BOOK_PATH_H

#include "common/base.h"
#include "daemon/quota/book.h"
#include "daemon/quota/ledger_file.h"

#define BOOK_FILE_NAME_SIZE 256

struct book_file_state {
	struct quota_count count;
	bool open;		/* sessions were running */
	int64_t counted_at;	/* wall time of the last scan */
	int64_t changes;	/* since then */
	int64_t bytes_since, files_since;	/* as in struct book */
};

struct book_path {
	int dir;		/* -1: none, and nothing is kept */
	char name[BOOK_FILE_NAME_SIZE];
	int format;		/* QUOTA_FORMAT_ */
	int64_t max_changes;	/* lines of a ledger */
	struct ledger_file ledger;
	/* The file as it was when it was read or written last; 0: unknown. */
	uint64_t inode;
	int64_t size, changed_ns;
	bool read_only;		/* its file system was, when it was opened */
	bool stale;		/* what it contains is older than the count,
				 * and could not be removed */
};

#endif
