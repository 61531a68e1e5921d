/*
 * unit.h - what every unit suite includes.  A suite is one file with its
 * tests in unit_tests[], ended by CU_TEST_INFO_NULL, and its name in
 * unit_name; unit.c supplies main().
 */
#ifndef TESTS_UNIT_UNIT_H
#define TESTS_UNIT_UNIT_H

#include "common/base.h"

#include <CUnit/CUnit.h>

extern const char *const unit_name;
extern CU_TestInfo unit_tests[];

#endif
