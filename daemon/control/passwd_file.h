/*
 * passwd_file.h - changes of the accounts file (common/accounts/
 * accounts_file.h) by sureftpctl.
 *
 * Lines that are not changed stay as they are, comments among them.
 */
#ifndef DAEMON_CONTROL_PASSWD_FILE_H
#define DAEMON_CONTROL_PASSWD_FILE_H

#include "common/base.h"

/* The file as it is, and where changes are made. */
struct passwd_file {
	char *path;		/* without links */
	int lock;		/* locked while it is open */
	char *text;		/* the content, terminated */
	size_t len;
	mode_t mode;
	uid_t uid;
	gid_t gid;
};

/*
 * Read the file, locked against other changes if it is to be changed; one that
 * is missing is empty.  0 or -errno; passwd_file_close() in any case.
 */
int passwd_file_open(struct passwd_file *f, const char *path, bool change)
	MUST_CHECK;

/* Wipes what was read. */
void passwd_file_close(struct passwd_file *f);

/* Is the account there? */
bool passwd_file_has(const struct passwd_file *f, const char *name);

/* Step through the names in the file's order: *at is 0 at the begin; false at
 * the end.  name has room for SETTINGS_SECTION_NAME_SIZE bytes. */
bool passwd_file_next(const struct passwd_file *f, size_t *at, char *name);

/* The value of a key in the account's section into value[size]; "" without one,
 * or where it does not fit. */
void passwd_file_value(const struct passwd_file *f, const char *name,
	const char *key, char *value, size_t size);

/*
 * Set a key of the account, which gets a section at the end if it has none;
 * further lines of the key are taken out.  0 or -ENOMEM.
 */
int passwd_file_set(struct passwd_file *f, const char *name, const char *key,
	const char *value) MUST_CHECK;

/* Take the account's section out.  0, -ENOENT or -ENOMEM. */
int passwd_file_delete(struct passwd_file *f, const char *name) MUST_CHECK;

/* Replace the file, all at once.  0 or -errno. */
int passwd_file_write(const struct passwd_file *f) MUST_CHECK;

#endif
