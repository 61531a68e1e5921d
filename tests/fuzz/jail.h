/*
 * jail.h - isolates fuzzed code: a file system in memory, new for every input,
 * and a network namespace of its own, which both end with the process.  Files
 * and networks of the host are not reachable.
 *
 * The account's root directory is a directory of that file system; next to
 * it is a file that must never be accessed (the canary).
 */
#ifndef TESTS_FUZZ_JAIL_H
#define TESTS_FUZZ_JAIL_H

#include "common/base.h"

/* Once, before anything else.  0, or -errno where the system does not allow
 * it: it takes root, or user namespaces. */
int jail_make(void) MUST_CHECK;

/* A new file system, empty but for the canary, and the account's root
 * directory as this process's.  An input that takes more than ten seconds of
 * the processor fails. */
void jail_enter(void);

/* Back, if it was entered.  Fails the input when something outside the
 * account's root directory was changed. */
void jail_leave(void);

#endif
