/*
 * book_ledger.h - a count in a ledger.  For book_file.c only.
 */
#ifndef DAEMON_QUOTA_BOOK_LEDGER_H
#define DAEMON_QUOTA_BOOK_LEDGER_H

#include "common/base.h"
#include "daemon/quota/book_path.h"

/* As book_file_read() and book_file_write(). */
int book_ledger_read(struct book_path *p, struct book_file_state *state)
	MUST_CHECK;
int book_ledger_write(struct book_path *p,
	const struct book_file_state *state) MUST_CHECK;

#endif
