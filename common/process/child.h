/*
 * child.h - the program's own child processes: how each is forked, what it
 * does first, and what its exit status means.
 */
#ifndef COMMON_PROCESS_CHILD_H
#define COMMON_PROCESS_CHILD_H

#include "common/base.h"
#include "common/process/message.h"

/* fork(2); the child records the pid of its parent.  The child's pid, 0 in the
 * child, or -errno. */
pid_t child_fork(void) MUST_CHECK;

/* The same, but parent and child share one descriptor table until the child
 * calls child_own_descriptors(), which it must do first.  This avoids copying
 * thousands of descriptors that the child would only close.  Handlers of
 * pthread_atfork(3) are not called.  Where the kernel cannot do that, it is
 * child_fork(). */
pid_t child_fork_sharing_descriptors(void) MUST_CHECK;

/* Give the child its own table, with the descriptors below `end`.  0 or
 * -errno. */
int child_own_descriptors(int end) MUST_CHECK;

/* child_fork() with a channel (channel.h) between the two: *fd is the caller's
 * own end of it, in the parent and in the child. */
pid_t child_fork_with_channel(int *fd) MUST_CHECK;

/* The pid of the parent at the time of the fork; 0 in the master. */
pid_t child_parent(void);

/*
 * The first steps in a new child: close all descriptors except the standard
 * ones and keep[n] (-1 entries are ignored), unblock all signals, and
 * ignore those that a terminal, a service manager or a resource limit may send:
 * only the parent ends a child, and system calls report the errors.  A child of
 * the master does not wait for what it closes (io_hurry()).
 */
void child_begin(const int *keep, size_t n);

/* The same for a child that is asked to finish by this signal, which the parent
 * blocks (0: by none): it stays blocked until the child reads it from a
 * signalfd(2), even if it was sent before that. */
void child_begin_asked(const int *keep, size_t n, int asked_by);

/* For a child that must not be interrupted by SIGTERM: a signalfd(2), from
 * which it reads the signal like a message. */
int child_open_sigterm(void);

/* Put a child (0: this process) into a process group of its own, so that a
 * terminal's signals go to the master only.  Called on both sides of the
 * fork, because either may run first. */
void child_new_group(pid_t pid);

/* Whether this process has such a child, which may have exited but is not
 * reaped: for a pid that was read from somewhere. */
bool child_exists(int64_t pid);

/* Kill a child and everything in its group. */
void child_kill_group(pid_t pid);

/* The outcome for a status of waitpid(2).  A signal that a process caused
 * itself is a crash; one sent from outside (by an administrator, or by the
 * kernel when out of memory) is not charged to its client. */
enum outcome child_outcome(int wait_status);

/* Wait until the child has exited, at most `patience_ms`, then kill it.  One
 * that waits for a file system may not end even then: it is left behind.
 * Its outcome.  Waits for this pid only, so that no other module's child is
 * reaped. */
enum outcome child_reap(pid_t pid, int64_t patience_ms);

#endif
