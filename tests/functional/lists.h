/*
 * lists.h - fetches listings, and creates a small tree to list.
 */
#ifndef TESTS_FUNCTIONAL_LISTS_H
#define TESTS_FUNCTIONAL_LISTS_H

#include "common/base.h"
#include "tests/functional/ftp.h"

/* A listing, which must end with 226; malloc'd and never NULL. */
char *lists_get(struct ftp *c, const char *command);

/* The listing must be exactly this. */
#define CHECK_LISTING(ftp, command, expected) \
	lists_check(__FILE__, __LINE__, (ftp), (command), (expected))
void lists_check(const char *file, int line, struct ftp *c,
	const char *command, const char *expected);

size_t lists_count_lines(const char *text);

/* In anna's home: a (3 bytes), b (1 byte), dir/inner (2 bytes), .hidden,
 * link -> a, with times in 2000, 2001 and 2002. */
void lists_make_tree(void);

#endif
