/*
 * sandbox_denied.h - system calls that a session's permissions have no use for.
 *
 * Landlock does not know modes, owners, times and extended attributes.  Without
 * the letters that need them, a session cannot change those of the account's
 * files, even if it is compromised: the calls fail with EACCES.
 */
#ifndef COMMON_PROCESS_SANDBOX_DENIED_H
#define COMMON_PROCESS_SANDBOX_DENIED_H

#include "common/base.h"
#include "common/identity.h"

/* Once, in the master: compile the filters.  0 or -errno. */
int sandbox_denied_prepare(void) MUST_CHECK;

/* Before sandbox_enter(), which does not allow it: deny the calls for which
 * neither the identity's own permissions nor those of its directories have a
 * letter.  0, also without seccomp; or -errno. */
int sandbox_denied_enter(const struct identity *identity) MUST_CHECK;

/* Deny becoming user or group 0, also to programs that are executed.  0, also
 * without seccomp; or -errno. */
int sandbox_denied_root(void) MUST_CHECK;

#endif
