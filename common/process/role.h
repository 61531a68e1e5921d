/*
 * role.h - who each process is.  The table in role.c is the only place where
 * the program's processes get or lose rights (design section 5).
 */
#ifndef COMMON_PROCESS_ROLE_H
#define COMMON_PROCESS_ROLE_H

#include "common/base.h"
#include "common/buffer.h"

enum role {
	ROLE_MASTER,
	ROLE_MONITOR_LOGIN,	/* until login: PAM at full strength */
	ROLE_MONITOR_SESSION,	/* afterwards */
	ROLE_GREETER,
	ROLE_SESSION,
	ROLE_RECORDER,
	ROLE_KEEPER,
	ROLES
};

/* What role_enter() needs beside the table. */
struct role_account {
	uid_t uid;
	gid_t gid;
	const gid_t *groups;	/* supplementary groups */
	size_t ngroups;
};

/*
 * Once, in the master, as root: find the service accounts (names from the
 * settings; a missing one falls back to "nobody" with a warning), make the
 * empty directory that unprivileged processes get as their root, compile the
 * system call filters.  0 or -errno, logged.
 */
int role_prepare(const char *greeter_user, const char *recorder_user,
	const char *keeper_user) MUST_CHECK;

/* Append the names of the capabilities that the master lacks, because the
 * surroundings withhold them, with blanks between. */
void role_add_missing_caps(struct buffer *b);

/* The service account of a role (ROLE_GREETER, ROLE_RECORDER, ROLE_KEEPER). */
const struct role_account *role_service_account(enum role role);

/*
 * Become this role for good: process name, root directory, resource limits,
 * ids, capabilities, no-new-privileges, filter, in the table's order, each
 * read back.  `account` is NULL for all roles but ROLE_SESSION, which gets
 * the user's.  A right that cannot be given up ends the process (fatal); one
 * that the surroundings withhold, or a sandbox that the kernel lacks, is
 * logged once and left out.
 */
void role_enter(enum role role, const struct role_account *account);

/* The descriptor of the empty root directory, to be kept open by the master
 * and spare monitors for the processes they fork. */
int role_empty_root(void);

#endif
