/*
 * name_list.h - vsftpd's lists: userlist_file, chroot_list_file,
 * banned_email_file, email_password_file.
 *
 * One entry a line, compared byte by byte: no comments, nothing trimmed.
 */
#ifndef DAEMON_IMPORT_NAME_LIST_H
#define DAEMON_IMPORT_NAME_LIST_H

#include "common/base.h"

struct name_list {
	char **names;
	size_t count;
	size_t strange;	/* entries with blanks, a CR or a leading #, which most
			 * likely matched no name; they are left out */
};

/* 0 or -errno as from vsftpd_file_read(); free it in any case. */
int name_list_read(struct name_list *list, const char *path) MUST_CHECK;
void name_list_free(struct name_list *list);

/* Add a name.  0 or -ENOMEM. */
int name_list_add(struct name_list *list, const char *name) MUST_CHECK;

bool name_list_has(const struct name_list *list, const char *name);

#endif
