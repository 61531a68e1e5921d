/*
 * user_namespace.h - a user namespace in which the user has its own ids.
 */
#ifndef COMMON_PROCESS_USER_NAMESPACE_H
#define COMMON_PROCESS_USER_NAMESPACE_H

#include "common/base.h"

/*
 * Enter a new one, in which the process has all capabilities, but only over
 * what belongs to the namespace: it can change its root directory, and become
 * no other user.  0, or -errno if the system does not allow it.
 */
int user_namespace_enter(void) MUST_CHECK;

#endif
