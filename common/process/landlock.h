/*
 * landlock.h - limits what a session process can do in the file system, even if
 * it is compromised: Landlock (landlock(7)), where the kernel supports
 * it.
 *
 * The rights are derived from permission letters by common/permissions.def.
 * Landlock only grants rights, to a directory and everything below it.  So it
 * cannot enforce a [directory] section that removes permissions, nor
 * distinguish all letters; only worker/tree/tree.c enforces these.
 */
#ifndef COMMON_PROCESS_LANDLOCK_H
#define COMMON_PROCESS_LANDLOCK_H

#include "common/base.h"
#include "common/identity.h"

/* The Landlock version of the kernel; 0: not used.  Version 1 is not used,
 * because it forbids every rename between directories. */
int landlock_version(void);

/*
 * Restrict this process, which must have no_new_privs set: in its root
 * directory to the rights that identity->permissions need, in the open ones of
 * identity->directories to those that theirs need, elsewhere to none.
 * 0, -ENOSYS where there is no Landlock, or another -errno.
 */
int landlock_enter(const struct identity *identity) MUST_CHECK;

#endif
