/*
 * paths.h - path names as the protocol shows them.
 */
#ifndef WORKER_TREE_PATHS_H
#define WORKER_TREE_PATHS_H

#include "common/base.h"
#include "common/buffer.h"

/* Append a path between double quotes, each quote in it doubled (RFC 959
 * appendix II), for 257 replies.  CR and LF show as "?". */
void paths_add_quoted(struct buffer *b, const char *path);

/* The absolute path of `path` against the directory `cwd`, with "." "" and
 * ".." worked out as text - for logs and replies only, never to decide
 * anything (rule R7).  -ENAMETOOLONG when it does not fit. */
int paths_absolute(struct buffer *b, const char *cwd, const char *path)
	MUST_CHECK;

/* The real working directory into text[size]; "(unreachable)" when the
 * kernel cannot name it. */
const char *paths_cwd(char *text, size_t size);

#endif
