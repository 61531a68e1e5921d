/*
 * privs.h - all use of libcap and the set*id calls.  For role.c only.
 *
 * Every function makes a permanent change, reads it back and tries to undo it.
 * If the change cannot be verified, the process ends with fatal(),
 * because nothing that follows would be safe.
 */
#ifndef COMMON_PROCESS_PRIVS_H
#define COMMON_PROCESS_PRIVS_H

#include "common/base.h"
#include "common/buffer.h"

#include <sys/capability.h>

/* Ends a list of capabilities. */
#define PRIVS_END ((cap_value_t)-1)

/* Append the names of those capabilities that this process does not have (not
 * granted by the container or service manager), separated by blanks. */
void privs_add_missing(struct buffer *b, const cap_value_t *caps);

/*
 * For a program that no root started, and that has the capabilities of its own
 * user namespace only: from now on all processes keep their ids and groups.
 * The functions that set ids verify that they are these, and that others cannot
 * be had.
 */
void privs_keep_ids(void);

/* From now on, open files with the rights of uid/gid and exactly these
 * supplementary groups.  Only a step before privs_set_ids(): all other rights
 * are still root's. */
void privs_set_file_ids(uid_t uid, gid_t gid, const gid_t *groups,
	size_t ngroups);

/* Become uid/gid with exactly these supplementary groups (also none).  Any uid
 * except 0 loses all capabilities. */
void privs_set_ids(uid_t uid, gid_t gid, const gid_t *groups, size_t ngroups);

/* The same, without other groups; the permitted capabilities are kept, and the
 * next privs_limit_caps() makes those of its list effective again. */
void privs_set_ids_with_caps(uid_t uid, gid_t gid);

/* Reduce the permitted and effective sets to `caps`, as far as they are
 * present; clear the inheritable and ambient sets. */
void privs_limit_caps(const cap_value_t *caps);

/* In the master, at its start: reduce the bounding set to `caps`. */
void privs_limit_bounding(const cap_value_t *caps);

/* In its children: reduce the bounding set to `caps`.  `had` is the bounding
 * set of the master, and so the largest it can be. */
void privs_limit_bounding_from(const cap_value_t *had, const cap_value_t *caps);

/* Set no_new_privs, and clear the dumpable flag (no ptrace, no
 * /proc/pid/mem). */
void privs_no_new(void);
void privs_not_dumpable(void);

/* Be killed when the parent dies; `parent` is its pid as it was before the fork
 * (child.h).  Call it after the last change of ids, which would cancel it. */
void privs_die_with_parent(pid_t parent);

/* May this process change its root directory?  Tried with the one that it has;
 * security modules may deny it in a user namespace.  0 or -errno. */
int privs_try_root_directory(void) MUST_CHECK;

/* Enter the directory `fd` as root directory and working directory. */
void privs_root_directory(int fd);

#endif
