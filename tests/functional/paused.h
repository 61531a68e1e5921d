/*
 * paused.h - stops a process before one of its system calls, by ptrace(2), so
 * that others can do something just then.
 */
#ifndef TESTS_FUNCTIONAL_PAUSED_H
#define TESTS_FUNCTIONAL_PAUSED_H

#include "tests/functional/ftp.h"

/* Capture a process that waits in a system call; it is stopped then. */
bool paused_begin(pid_t pid);

/* Let it go on until its n-th system call from now begins, and stop it there.
 * False if this client has got a reply before that. */
bool paused_at(pid_t pid, int n, struct ftp *c);

/* Let it go on. */
bool paused_end(pid_t pid);

#endif
