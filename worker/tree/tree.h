/*
 * tree.h - all access to the file tree.  All operations on names sent by
 * clients are done here, in four steps:
 *
 *   resolve  where the name leads (target.h)
 *   permit   what the account may do there
 *   act      one system call on the last component
 *   record   an event with the path that the kernel resolved
 *
 * All functions return 0 or a descriptor, or -errno; -permissions_errno() if
 * the account lacks a permission.  Read operations are not recorded. The kernel
 * checks as well, because the process runs as the user.
 */
#ifndef WORKER_TREE_TREE_H
#define WORKER_TREE_TREE_H

#include "common/base.h"
#include "common/buffer.h"
#include "common/identity.h"
#include "common/log/event.h"
#include "common/permissions.h"
#include "worker/tree/change_mode.h"
#include "worker/tree/permit.h"

#include <sys/stat.h>

/* SIZE, MDTM: stat a name, following symbolic links. */
int tree_stat(struct tree *t, const char *path, struct stat *st) MUST_CHECK;

/* MLST: the same, or the link itself if it is dangling; the absolute path is
 * appended to *absolute, and *user is set, with its permissions there.  *dir is
 * the directory that holds it, with mode 0 if that is not known. */
int tree_look_up(struct tree *t, const char *path, struct stat *st,
	struct fact_user *user, struct stat *dir, struct buffer *absolute)
	MUST_CHECK;

/* CWD, CDUP. */
int tree_change_directory(struct tree *t, const char *path) MUST_CHECK;

/* LIST, NLST, MLSD, STAT: open a directory for reading. */
int tree_open_directory(struct tree *t, const char *path) MUST_CHECK;

/* AVBL: the bytes that the account may still write to the file system of a
 * directory. */
int tree_free_space(struct tree *t, const char *path, uint64_t *bytes)
	MUST_CHECK;

/* MKD: appends the absolute path of the new directory to *made. */
int tree_make_directory(struct tree *t, const char *path, struct buffer *made)
	MUST_CHECK;

int tree_remove_directory(struct tree *t, const char *path) MUST_CHECK;
int tree_delete(struct tree *t, const char *path) MUST_CHECK;

/* RNFR: does the name exist, and may it be renamed? */
int tree_may_rename(struct tree *t, const char *path) MUST_CHECK;
/* RNTO: according to the setting overwrite.  If a number was added, the new
 * path is appended to *numbered. */
int tree_rename(struct tree *t, const char *from, const char *to,
	struct buffer *numbered) MUST_CHECK;

/* SITE UTIME: set the access and modification times, as in utimensat(). */
int tree_set_times(struct tree *t, const char *path,
	const struct timespec times[2]) MUST_CHECK;

/* MFMT: set the modification time. */
int tree_set_time(struct tree *t, const char *path, const struct timespec *when)
	MUST_CHECK;

/* SITE CHMOD.  -REASON_MODE for a mode with setuid, setgid or sticky bit unless
 * allow_special_modes is set; setgid and sticky are allowed on directories. */
int tree_change_mode(struct tree *t, const char *path, mode_t mode) MUST_CHECK;

/* MFF, SITE CHGRP: to a group that the account is in, else -EPERM; with
 * allow_chown, to others, or a refusal (common/process/change_owner.h). */
int tree_change_group(struct tree *t, const char *path, gid_t gid) MUST_CHECK;

/* MFF, with allow_chown. */
int tree_change_owner(struct tree *t, const char *path, uid_t uid) MUST_CHECK;

/* --- for worker/tree/ only */

/* stat() an entry of an open directory, following links that may be
 * followed. */
int tree_stat_entry(struct tree *t, int dir, const char *name,
	struct stat *st) MUST_CHECK;

/* -EBUSY for the directory of a rule and those above it, which must not be
 * renamed or removed, because the rule applies to their path. */
int tree_check_held(const struct tree *t, const struct target *at) MUST_CHECK;

/* Flag for calls that act on the target of tree_enter(). */
int tree_no_follow(const struct tree *t);

/* The last step, record: error is 0 or -errno, second NULL or the event's
 * path2. */
void tree_record(enum event_type type, const struct target *at,
	const struct target *second, int error, int32_t code);

#endif
