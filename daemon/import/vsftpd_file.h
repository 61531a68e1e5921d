/*
 * vsftpd_file.h - reads files like vsftpd: lines of any bytes, and only the
 * first 100,000 bytes.
 */
#ifndef DAEMON_IMPORT_VSFTPD_FILE_H
#define DAEMON_IMPORT_VSFTPD_FILE_H

#include "common/base.h"

#define VSFTPD_FILE_MAX 100000	/* vsftpd reads no further */

struct vsftpd_file {
	char *data;
	size_t len;		/* at most VSFTPD_FILE_MAX */
	bool cut;		/* the file is longer */
	bool owner_wrong;	/* belongs to neither root nor this user */
};

/* 0 or -errno: from open(2) or read(2); -EINVAL if it is not a regular file;
 * -ENOMEM.  Call vsftpd_file_free() in any case. */
int vsftpd_file_read(struct vsftpd_file *file, const char *path) MUST_CHECK;
void vsftpd_file_free(struct vsftpd_file *file);

/* The next line from *at without its LF, its length in *len; NULL at the end.
 * Start with *at = 0. */
const char *vsftpd_file_line(const struct vsftpd_file *file, size_t *at,
	size_t *len);

#endif
