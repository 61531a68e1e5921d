/*
 * home.h - the content of an account's root directory at the beginning of every
 * input: its home /anna, with one of each kind of entry, and another home.
 */
#ifndef TESTS_FUZZ_HOME_H
#define TESTS_FUZZ_HOME_H

#include "common/base.h"

#define HOME_DIRECTORY "/anna"

/* Make it in the working directory, which is the root directory, and go home.
 * A descriptor that holds a lock on the file "locked". */
int home_make(void) MUST_CHECK;

#endif
