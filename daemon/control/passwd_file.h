/*
 * passwd_file.h - changes of the accounts file (common/accounts/
 * accounts_file.h) by sureftpctl.
 *
 * Other lines, including comments, are not changed.
 */
#ifndef DAEMON_CONTROL_PASSWD_FILE_H
#define DAEMON_CONTROL_PASSWD_FILE_H

#include "common/base.h"

/* The file's contents, with changes that are not written yet. */
struct passwd_file {
	char *path;		/* without symbolic links */
	int lock;		/* the lock, held while it is open */
	char *text;		/* the content, terminated */
	size_t len;
	mode_t mode;
	uid_t uid;
	gid_t gid;
};

/*
 * Read the file; if it is to be changed, lock it against other changes.  A
 * missing file is empty.  0 or -errno; call passwd_file_close() in any case.
 */
int passwd_file_open(struct passwd_file *f, const char *path, bool change)
	MUST_CHECK;

/* Release the lock, and wipe what was read. */
void passwd_file_close(struct passwd_file *f);

/* Does the account exist? */
bool passwd_file_has(const struct passwd_file *f, const char *name);

/* Step through the names in the order of the file: *at is 0 at the beginning;
 * false at the end.  name[SETTINGS_SECTION_NAME_SIZE]. */
bool passwd_file_next(const struct passwd_file *f, size_t *at, char *name);

/* Copy the value of a key in the account's section into value[size]; "" if
 * there is none, or if it does not fit. */
void passwd_file_value(const struct passwd_file *f, const char *name,
	const char *key, char *value, size_t size);

/*
 * Set a key of the account, whose section is added at the end if missing;
 * further lines with the key are removed.  0 or -ENOMEM.
 */
int passwd_file_set(struct passwd_file *f, const char *name, const char *key,
	const char *value) MUST_CHECK;

/* Remove the account's section.  0, -ENOENT or -ENOMEM. */
int passwd_file_delete(struct passwd_file *f, const char *name) MUST_CHECK;

/* Write the changes by replacing the file atomically.  0 or -errno. */
int passwd_file_write(const struct passwd_file *f) MUST_CHECK;

#endif
