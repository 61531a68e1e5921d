/*
 * zipped.h - a client's transfers in MODE Z, which it has chosen before.
 */
#ifndef TESTS_FUNCTIONAL_ZIPPED_H
#define TESTS_FUNCTIONAL_ZIPPED_H

#include "common/base.h"
#include "tests/functional/ftp.h"

/* One zlib stream with this content; malloc'd. */
char *zipped_make(const char *data, size_t len, size_t *zipped);

/* The content of what is exactly one zlib stream; malloc'd, terminated, or
 * NULL. */
char *zipped_read(char *zipped, size_t zipped_len, size_t *len);

/* Send it as one with this command; the last reply's code. */
int zipped_put(struct ftp *c, const char *data, size_t len, const char *line);

/* Check that this command sends exactly one zlib stream with this content, then
 * 226. */
void zipped_check_get(struct ftp *c, const char *line, const char *data,
	size_t len);

#endif
