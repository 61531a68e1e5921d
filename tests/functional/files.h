/*
 * files.h - files of a suite's world, seen by root from outside the server.
 */
#ifndef TESTS_FUNCTIONAL_FILES_H
#define TESTS_FUNCTIONAL_FILES_H

#include "common/base.h"

#include <sys/stat.h>

/* Create or replace; parents must exist.  False, with a message, on failure. */
bool files_write(const char *path, const void *data, size_t len);
bool files_write_text(const char *path, const char *text);
bool files_append_text(const char *path, const char *text);
bool files_writef(const char *path, const char *format, ...) PRINTF_LIKE(2, 3);

/* The same, belonging to this account afterwards (by its name in
 * accounts.h). */
bool files_give(const char *path, const char *account);
bool files_write_as(const char *account, const char *path, const void *data,
	size_t len);
bool files_mkdir_as(const char *account, const char *path, mode_t mode);

/* Read all of it, terminated; its length, or -1 when there is none or it does
 * not fit. */
ssize_t files_read(const char *path, char *data, size_t size);

bool files_exist(const char *path);
int64_t files_size(const char *path);	/* -1 when there is none */

/* Does the file hold exactly this? */
bool files_same(const char *path, const void *data, size_t len);

/* Bytes that do not repeat themselves soon; malloc'd. */
char *files_pattern(size_t len);

/* Wait up to ms until holds(path, context), which is looked at again whenever
 * something happens to a file of this directory; false when it never did. */
bool files_wait_until(const char *path,
	bool (*holds)(const char *path, void *context), void *context,
	int64_t ms);

/* The same until the file holds this text, or has this size; five seconds. */
bool files_wait_for_text(const char *path, const char *text);
bool files_wait_for_size(const char *path, int64_t size);

#endif
