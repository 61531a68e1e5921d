/*
 * vsftpd_list.h - reads vsftpd's lists: userlist_file, chroot_list_file,
 * banned_email_file, email_password_file.
 *
 * One entry per line, compared byte by byte: comments are not recognised,
 * blanks are not trimmed.
 */
#ifndef DAEMON_IMPORT_VSFTPD_LIST_H
#define DAEMON_IMPORT_VSFTPD_LIST_H

#include "common/base.h"
#include "common/name_list.h"

/* 0 or -errno as vsftpd_file_read().  *strange is set to the number of entries
 * left out: those with blanks, a CR or a leading #, which most likely never
 * matched.  Call name_list_free() in any case. */
int vsftpd_list_read(struct name_list *list, size_t *strange, const char *path)
	MUST_CHECK;

/* Is it one of the file's lines?  False if the file cannot be read. */
bool vsftpd_list_has_line(const char *path, const char *text);

#endif
