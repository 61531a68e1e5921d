/*
 * log_file.h - a log file that survives rotation and full disks.
 */
#ifndef DAEMON_RECORDER_LOG_FILE_H
#define DAEMON_RECORDER_LOG_FILE_H

#include "common/base.h"
#include "common/buffer.h"
#include "common/process/role.h"

struct log_file {
	const char *path;	/* belongs to the caller; "" when unused */
	int fd;			/* -1 if it could not be opened */
	dev_t device;
	ino_t inode;
	int64_t next_check;	/* when to check next whether it was rotated */
	uint64_t lost;		/* lines lost since writing failed */
	bool open_failed;	/* logged already */
	bool root_opens;	/* ... at start, for another account */
	bool needs_root;	/* the path is another file, which only root can
				 * open */
	bool torn;		/* the last line was written incompletely, and
				 * could not be taken back */
};

/*
 * Open or create the file (mode 0640, owned by `owner` unless NULL); it must be
 * a regular file with one link, and not a symbolic link.  A failure is logged,
 * and opening is retried for the next line.
 */
void log_file_open(struct log_file *f, const char *path,
	const struct role_account *owner);

/*
 * Append a whole line in one write.  At most once per second, checks whether
 * the path is a different file now, and opens that.  If only root can, as it is
 * when logrotate creates the file for root, `needs_root` is set.  Lines that
 * cannot be written are counted; the first failure, and the count once writing
 * works again, are logged.
 */
void log_file_write(struct log_file *f, const struct buffer *line);

void log_file_close(struct log_file *f);

#endif
