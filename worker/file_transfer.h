/*
 * file_transfer.h - what downloads and uploads of files have in common: TYPE A,
 * REST and RANG, locks, the record in the log.
 */
#ifndef WORKER_FILE_TRANSFER_H
#define WORKER_FILE_TRANSFER_H

#include "common/base.h"
#include "worker/data_transfer.h"
#include "worker/tree/file.h"

/* Are lines converted: TYPE A, unless ascii_download or ascii_upload only
 * pretends to? */
bool file_transfer_converts(const struct session *s, bool upload);

/* For replies: "ASCII", "BINARY". */
const char *file_transfer_mode(const struct session *s, bool upload);

/* May files be transferred with the TYPE that was chosen?  If not, the client
 * has been sent 504. */
bool file_transfer_type_fits(struct session *s, bool upload);

/* Do REST and RANG fit a file of this size?  If not, the client has been sent
 * 554. */
bool file_transfer_restart_fits(struct session *s, bool upload, int64_t size);

/* Another transfer's lock may soon be released: wait a little.  False when the
 * time is over, which began with file_transfer_lock_deadline(). */
int64_t file_transfer_lock_deadline(void);
bool file_transfer_wait_for_lock(int64_t deadline);

/* The event of a transfer that begins, if that is wanted. */
void file_transfer_record_start(const struct session *s, bool upload,
	const struct file *f);

/* The event of a transfer that has ended. */
void file_transfer_record(const struct session *s, const struct file *f,
	const struct data_transfer *t);

/* A file that could not be opened: log it, and reply. */
void file_transfer_refuse(struct session *s, bool upload,
	const struct file *f, int error);

#endif
