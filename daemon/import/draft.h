/*
 * draft.h - builds a sureftpd.conf: sections with their keys and values.
 *
 * A section's name is its heading without the brackets.  Sections are printed
 * in the order of the settings table, [user] and others after them, keys in the
 * order in which they were set.  When out of memory, the draft is marked as
 * failed permanently.
 */
#ifndef DAEMON_IMPORT_DRAFT_H
#define DAEMON_IMPORT_DRAFT_H

#include "common/base.h"

#define DRAFT_NOBODY "255.255.255.255"	/* no client has this address */

struct draft_entry {
	char *section;
	char *key;
	char *value;	/* repeated keys: lines separated by '\n' */
	bool asked;	/* explicitly set: printed even if it is the default */
	int line;	/* where draft_print() printed it; 0: not printed */
	int lines;	/* on how many */
	bool left_out;	/* the value is to be removed (import_verify.c) */
};

struct draft {
	const char *server;	/* which it is made from, as in --import-NAME */
	struct draft_entry *entries;
	size_t count;
	bool failed;	/* out of memory */
};

void draft_free(struct draft *d);

/* Set a key, replacing a previous value. */
void draft_set(struct draft *d, const char *section, const char *key,
	const char *value, bool asked);

/* Add a line to a key that can be repeated. */
void draft_add(struct draft *d, const char *section, const char *key,
	const char *value);

/* The value of a key, or NULL. */
const char *draft_get(const struct draft *d, const char *section,
	const char *key);

/* Remove a key. */
void draft_remove(struct draft *d, size_t entry);

/* Print the draft as a configuration file.  Values equal to the default are
 * printed only if they were set explicitly. */
void draft_print(struct draft *d, FILE *out);

#endif
