/*
 * same_file.h - removes a name only if it still refers to an open file.
 */
#ifndef WORKER_TREE_SAME_FILE_H
#define WORKER_TREE_SAME_FILE_H

#include "common/base.h"

struct stat;

enum same_file_result {
	SAME_FILE_REMOVED,	/* this name of the file */
	SAME_FILE_KEPT,		/* nothing: it refers to another file */
	SAME_FILE_OTHER,	/* another file that had got the name just
				 * then */
};

/* Does the name refer to the file with this stat()? */
bool same_file_is(int dir, const char *name, const struct stat *file);

/* Remove the name in this directory if it still refers to the open file. */
enum same_file_result same_file_remove(int dir, const char *name, int fd);

#endif
