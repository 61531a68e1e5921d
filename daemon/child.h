/*
 * child.h - the first steps of the processes that the master forks.
 */
#ifndef DAEMON_CHILD_H
#define DAEMON_CHILD_H

#include "common/base.h"

/*
 * In a freshly forked child: a process group of its own, none of the master's
 * descriptors but the standard ones and keep[n] (rule R26), signals as any
 * program expects them but SIGPIPE, which stays ignored.
 */
void child_begin(const int *keep, size_t n);

/* In the master, after the fork: the same group, whichever process is first. */
void child_group(pid_t pid);

/* Kill the process and everything in its group. */
void child_kill(pid_t pid);

#endif
