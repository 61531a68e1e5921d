/*
 * name_list.h - reads vsftpd's lists: userlist_file, chroot_list_file,
 * banned_email_file, email_password_file.
 *
 * One entry per line, compared byte by byte: comments are not recognised,
 * blanks are not trimmed.
 */
#ifndef DAEMON_IMPORT_NAME_LIST_H
#define DAEMON_IMPORT_NAME_LIST_H

#include "common/base.h"

struct name_list {
	char **names;
	size_t count;
	size_t strange;	/* number of entries left out: those with blanks, a CR
			 * or a leading #, which most likely never matched */
};

/* 0 or -errno as vsftpd_file_read().  Call name_list_free() in any case. */
int name_list_read(struct name_list *list, const char *path) MUST_CHECK;
void name_list_free(struct name_list *list);

/* Add a name.  0 or -ENOMEM. */
int name_list_add(struct name_list *list, const char *name) MUST_CHECK;

bool name_list_has(const struct name_list *list, const char *name);

#endif
