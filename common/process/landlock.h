/*
 * landlock.h - what a session process may do in the file system, whatever its
 * code makes of its permissions: Landlock (landlock(7)), where the kernel has
 * it.
 *
 * The rights are derived from permission letters by common/permissions.def.
 * Landlock only gives rights, to a directory and all below it.  So it cannot
 * know a [directory] section that takes permissions away, nor tell all letters
 * apart; for these worker/tree/tree.c stands alone.
 */
#ifndef COMMON_PROCESS_LANDLOCK_H
#define COMMON_PROCESS_LANDLOCK_H

#include "common/base.h"
#include "common/identity.h"

/* The kernel's version of Landlock that is used; 0: none.  The first one, which
 * forbids every rename between directories, is not. */
int landlock_version(void);

/*
 * From here on this process, which cannot gain privileges, has in its root
 * directory what identity->permissions need, in those of
 * identity->directories that are open what theirs need, and nothing elsewhere.
 * 0, -ENOSYS where there is no Landlock, or another -errno.
 */
int landlock_enter(const struct identity *identity) MUST_CHECK;

#endif
