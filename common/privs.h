/*
 * privs.h - the door to libcap and the set*id calls; only role.c comes here.
 *
 * Every function changes something for good, reads it back and tries to
 * regain it (rule R9); one that cannot prove its success ends the process
 * with fatal(), because nothing that follows would be safe.
 */
#ifndef COMMON_PRIVS_H
#define COMMON_PRIVS_H

#include "common/base.h"

#include <sys/capability.h>

#define PRIVS_MAX_CAPS 24

/* A set of capabilities, ended by PRIVS_END. */
#define PRIVS_END ((cap_value_t)-1)

/* Become uid/gid with exactly these supplementary groups (also none).
 * Keeps permitted capabilities across the change when `keep_caps`. */
void privs_set_ids(uid_t uid, gid_t gid, const gid_t *groups, size_t ngroups,
	bool keep_caps);

/* Permitted and effective become `caps` (less what was never there, which is
 * logged once per process tree), inheritable and ambient become empty. */
void privs_limit_caps(const cap_value_t *caps);

/* The bounding set becomes `caps`. */
void privs_limit_bounding(const cap_value_t *caps);

/* no-new-privileges, and not dumpable (no ptrace, no /proc/pid/mem). */
void privs_no_new(void);
void privs_not_dumpable(void);

/* Enter the directory `fd` as root directory and working directory. */
void privs_root_directory(int fd);

#endif
