/*
 * privs.h - all use of libcap and the set*id calls.  For role.c only.
 *
 * Every function changes something for good, reads it back and tries to
 * regain it (rule R9); one that cannot prove its success ends the process
 * with fatal(), because nothing that follows would be safe.
 */
#ifndef COMMON_PROCESS_PRIVS_H
#define COMMON_PROCESS_PRIVS_H

#include "common/base.h"
#include "common/buffer.h"

#include <sys/capability.h>

/* Ends a list of capabilities. */
#define PRIVS_END ((cap_value_t)-1)

/* Append the names of those capabilities that this process does not have,
 * separated by blanks: what the container or service manager did not grant. */
void privs_add_missing(struct buffer *b, const cap_value_t *caps);

/* Open files with the rights of uid/gid and exactly these supplementary groups
 * from here on.  Only a step on the way to privs_set_ids(): everything else is
 * still root's. */
void privs_set_file_ids(uid_t uid, gid_t gid, const gid_t *groups,
	size_t ngroups);

/* Become uid/gid with exactly these supplementary groups (also none).  An
 * ordinary uid loses all capabilities by it. */
void privs_set_ids(uid_t uid, gid_t gid, const gid_t *groups, size_t ngroups);

/* Reduce permitted and effective to `caps`, as far as they are present; clear
 * inheritable and ambient. */
void privs_limit_caps(const cap_value_t *caps);

/* In the master, at its start: reduce the bounding set, which has all
 * capabilities then, to `caps`. */
void privs_limit_bounding(const cap_value_t *caps);

/* In its children: reduce the bounding set to `caps`.  `had` is the bounding
 * set that the master has left; it cannot contain more. */
void privs_limit_bounding_from(const cap_value_t *had, const cap_value_t *caps);

/* no-new-privileges, and not dumpable (no ptrace, no /proc/pid/mem). */
void privs_no_new(void);
void privs_not_dumpable(void);

/* Be killed when the parent dies; `parent` is its pid as it was before the
 * fork (child.h).  After the last change of ids, which would cancel it. */
void privs_die_with_parent(pid_t parent);

/* Enter the directory `fd` as root directory and working directory. */
void privs_root_directory(int fd);

#endif
