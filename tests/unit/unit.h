/*
 * unit.h - what every unit suite includes.  A suite is one file with its
 * tests in unit_tests[], ended by CU_TEST_INFO_NULL, and its name in
 * unit_name; unit.c supplies main().
 */
#ifndef TESTS_UNIT_UNIT_H
#define TESTS_UNIT_UNIT_H

#include "common/base.h"

#include <CUnit/CUnit.h>
#include <poll.h>

extern const char *const unit_name;
extern CU_TestInfo unit_tests[];

/* Wait, at most five seconds, until poll() tells one of these events of fd, or
 * its end. */
bool unit_await(int fd, short events);

/* Wait, at most ten seconds, until this process, of whatever parent, has
 * exited. */
bool unit_await_exit(pid_t pid);

#endif
