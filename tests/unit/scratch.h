/*
 * scratch.h - a temporary directory to try things in.
 */
#ifndef TESTS_UNIT_SCRATCH_H
#define TESTS_UNIT_SCRATCH_H

#include "common/base.h"

struct scratch {
	char top[32];
	int before;		/* the working directory before */
};

/* Make an empty directory and change into it. */
void scratch_open(struct scratch *t);

/* Change back, and remove the directory with all that is in it. */
void scratch_close(struct scratch *t);

/* A file of `size` bytes, last changed at `when`. */
void scratch_file(const char *path, off_t size, time_t when);

void scratch_directory(const char *path);
void scratch_link(const char *target, const char *path);

/* How many descriptors this process has open. */
size_t scratch_descriptors(void);

#endif
