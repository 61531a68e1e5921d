/*
 * files.h - creates and checks files of a suite's world, as root and without
 * the server.
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

/* Read the whole file and terminate it; its length, or -1 if it does not exist
 * or does not fit. */
ssize_t files_read(const char *path, char *data, size_t size);

bool files_exist(const char *path);
int64_t files_size(const char *path);	/* -1 if it does not exist */

/* Is this exactly the content of the file? */
bool files_same(const char *path, const void *data, size_t len);

/* Check that it, or the link, has this owner, group and mode (07777). */
void files_check_owner(const char *path, uid_t uid, gid_t gid, mode_t mode);

/* Bytes with a long period; malloc'd. */
char *files_pattern(size_t len);

/* Wait up to ms until holds(path, context), which is called again whenever a
 * file in this directory changes; false on timeout. */
bool files_wait_until(const char *path,
	bool (*holds)(const char *path, void *context), void *context,
	int64_t ms);

/* The same until the file contains this text, or has this size; at most five
 * seconds. */
bool files_wait_for_text(const char *path, const char *text);
bool files_wait_for_size(const char *path, int64_t size);

/* The content of a text file below 1 MiB, or "(none)"; valid until the next
 * call. */
const char *files_text(const char *path);

/* A check that a file contains this text, or does within five seconds. */
#define CHECK_FILE(path, part)                                        \
	check_at(__FILE__, __LINE__, files_wait_for_text(path, part), \
		"%s does not contain \"%s\":\n%.3000s", (path), (part), \
		files_text(path))

#endif
