/*
 * imported.h - a configuration of vsftpd and what it is converted to, in the
 * directory of a scratch.
 */
#ifndef TESTS_UNIT_IMPORTED_H
#define TESTS_UNIT_IMPORTED_H

#include "common/base.h"
#include "daemon/import/import.h"

/* Write a file. */
void imported_write(const char *path, const char *text);

/* Convert this text, as Debian's build reads it, and check what always holds:
 * each line has one entry, and sureftpd accepts all that was written. */
void imported(struct import *i, const char *text);

/* Check that the draft has this value. */
void imported_expect(const struct import *i, const char *section,
	const char *key, const char *value);

struct imported_row {
	const char *text;	/* the configuration */
	const char *section, *key, *value;	/* of the draft.  Without a
						 * key, it is not looked at;
						 * without a value, the key
						 * must not be set. */
	const char *option;	/* of vsftpd, with its verdict */
	enum import_verdict verdict;
};

/* Convert each text, with this one before it, and check what it becomes. */
void imported_check(const char *before, const struct imported_row *rows,
	size_t count);

/* The verdict for an option; IMPORT_VERDICTS if there is none. */
enum import_verdict imported_verdict(const struct import *i,
	const char *option);

#endif
