/*
 * role.h - the roles of processes.  The table in role.c is the only place where
 * the program's processes get or lose rights.
 */
#ifndef COMMON_PROCESS_ROLE_H
#define COMMON_PROCESS_ROLE_H

#include "common/base.h"
#include "common/identity.h"
#include "common/process/role_accounts.h"

enum role {
	ROLE_MASTER,
	ROLE_MONITOR_LOGIN,	/* until login: PAM at full strength */
	ROLE_MONITOR_SESSION,	/* afterwards */
	ROLE_MONITOR_OWNER,	/* the same, with upload_user or
				 * allow_chown */
	ROLE_GREETER,
	ROLE_SESSION,
	ROLE_RECORDER,
	ROLE_KEEPER,
	ROLE_RESOLVER,
	ROLE_RADIUS,		/* communicates with RADIUS servers */
	ROLE_CONNECTOR,		/* makes the sockets for that */
	ROLE_BOOKKEEPER,	/* keeps the counts of quotas */
	ROLE_SCANNER,		/* counts one directory for a quota */
	ROLE_RUNNER,		/* of event commands */
	ROLE_RUNNER_SESSION,	/* the same, if they run as the session's
				 * account */
	ROLE_COMMAND,		/* one of them */
	ROLE_BANS_WRITER,	/* writes bans_file, and exits */
	ROLES
};

/*
 * Before role_prepare(), instead of being root (sureftpd --share): enter a user
 * namespace.  All roles then keep the user's own ids, and no capabilities but
 * those for a root directory.  0, or -errno if the system does not allow it.
 */
int role_without_root(void) MUST_CHECK;
bool role_is_without_root(void);

/* The service account of a role (ROLE_GREETER, ROLE_RECORDER, ROLE_KEEPER,
 * ROLE_BOOKKEEPER, ROLE_RADIUS, ROLE_RUNNER). */
const struct role_account *role_service_account(enum role role);

/*
 * First step to ROLE_SESSION: from now on this process opens files with the
 * rights of the identity, but can still change its root directory.
 */
void role_use_files_as(const struct identity *identity);

/* Make an open directory the root directory: for --explain-login, where a child
 * looks into a jail. */
void role_use_root(int fd);

/*
 * Take this role permanently: process name, root directory, resource limits,
 * ids, capabilities, no_new_privs, filter, in the table's order, each read
 * back.  `identity` is NULL except for ROLE_SESSION, ROLE_SCANNER, ROLE_COMMAND
 * and ROLE_BANS_WRITER; its root descriptor, if any, is closed.  If a privilege
 * cannot be dropped, the process ends (fatal).
 * A capability that the container or service manager did not grant, or a
 * sandbox that the kernel does not support, is logged once and left out.
 */
void role_enter(enum role role, const struct identity *identity);

#endif
