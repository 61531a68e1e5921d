/*
 * faults.h - what a suite tells the preloaded library: a struct in a file that
 * both map.
 */
#ifndef TESTS_FAULTS_FAULTS_H
#define TESTS_FAULTS_FAULTS_H

#include "common/base.h"

#define FAULTS_FILE "/run/world/faults"

struct faults {
	int64_t clock_offset;	/* seconds, added to the time of day */
	int32_t fork_error;	/* errno of every fork; 0: they succeed */
	uint32_t forks_failed;	/* counted by the library */
};

#endif
