/*
 * tree.h - a temporary directory to try things in.
 */
#ifndef TESTS_UNIT_TREE_H
#define TESTS_UNIT_TREE_H

#include "common/base.h"

struct tree {
	char top[32];
	int before;		/* the working directory before */
};

/* Make an empty directory and change into it. */
void tree_open(struct tree *t);

/* Change back, and remove the directory with all that is in it. */
void tree_close(struct tree *t);

/* A file of `size` bytes, last changed at `when`. */
void tree_file(const char *path, off_t size, time_t when);

void tree_directory(const char *path);
void tree_link(const char *target, const char *path);

/* How many descriptors this process has open. */
size_t tree_descriptors(void);

#endif
