/*
 * file_transfer.h - shared by downloads and uploads: TYPE A, REST and RANG,
 * locks, log events.
 */
#ifndef WORKER_TRANSFER_FILE_TRANSFER_H
#define WORKER_TRANSFER_FILE_TRANSFER_H

#include "common/base.h"
#include "worker/transfer/data_transfer.h"
#include "worker/tree/file.h"

/* Are line ends converted: is it TYPE A, and is ascii_download or ascii_upload
 * enabled? */
bool file_transfer_converts(const struct session *s, enum direction direction);

/* For replies: "ASCII", "BINARY". */
const char *file_transfer_mode(const struct session *s,
	enum direction direction);

/* May files be transferred with the current TYPE?  False after a reply of
 * 504. */
bool file_transfer_type_fits(struct session *s, enum direction direction);

/* Are REST and RANG valid for a file of this size?  False after a reply of
 * 554. */
bool file_transfer_restart_fits(struct session *s, enum direction direction,
	int64_t size);

/* Wait briefly for another transfer's lock.  False after the deadline, which
 * was set by file_transfer_lock_deadline(). */
int64_t file_transfer_lock_deadline(void);
bool file_transfer_wait_for_lock(int64_t deadline);

/* Log the start of a transfer, if log.transfer_start is set. */
void file_transfer_record_start(const struct session *s,
	enum direction direction, const struct file *f);

/* Log the end of a transfer. */
void file_transfer_record(const struct session *s, const struct file *f,
	const struct data_transfer *t);

/* Log a file that could not be opened, and reply. */
void file_transfer_refuse(struct session *s, enum direction direction,
	const struct file *f, int error);

#endif
