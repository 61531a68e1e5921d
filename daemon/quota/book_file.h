/*
 * book_file.h - keeps a count in quota_file.
 *
 * The file is text, one "name value" a line; unknown names are ignored.  An
 * otherwise invalid file is logged and treated as missing, so that the
 * directory is counted again.  The file stores whether sessions were running:
 * after a crash its count is known to be outdated.
 *
 * With QUOTA_FORMAT_LEDGER it is a ledger (ledger_file.h) instead.  That has
 * neither the number of files nor the time of the last scan, for which its
 * modification time is taken; and an empty file beside it, NAME.open, says that
 * sessions are running.
 */
#ifndef DAEMON_QUOTA_BOOK_FILE_H
#define DAEMON_QUOTA_BOOK_FILE_H

#include "common/base.h"
#include "daemon/quota/book_path.h"

/* Who could change it if the directory's mode were wrong. */
struct book_account {
	uid_t uid;
	gid_t gid;
	const uint32_t *groups;
	size_t ngroups;
};

/* Open the directory of the file, which this account must not be able to change
 * and this process must.  0, or -errno; then nothing is kept. */
int book_path_open(struct book_path *p, const char *path, int format,
	const struct book_account *account) MUST_CHECK;
void book_path_close(struct book_path *p);

/* The file's device and inode; zeros without one. */
struct quota_inode book_path_inode(const struct book_path *p);

/* 0; -ENOENT; -EINVAL for a file that is wrong; or another -errno. */
int book_file_read(struct book_path *p, struct book_file_state *state)
	MUST_CHECK;

/* A new file in the place of the old one, or a line that is added to a ledger.
 * 0 or -errno. */
int book_file_write(struct book_path *p, const struct book_file_state *state)
	MUST_CHECK;

/* Has somebody else changed or removed it since? */
bool book_file_was_changed(const struct book_path *p);

#endif
