/*
 * draft.h - builds a sureftpd.conf: sections with their keys and values.
 *
 * A section is named as its heading is, without brackets.  Sections are printed
 * in the order of the settings table, [user] and others after them, keys in the
 * order in which they were set.  When memory runs out the draft is marked as
 * failed, and stays so.
 */
#ifndef DAEMON_IMPORT_DRAFT_H
#define DAEMON_IMPORT_DRAFT_H

#include "common/base.h"

struct draft_entry {
	char *section;
	char *key;
	char *value;	/* lines of a key that may be repeated: '\n' between */
	bool asked;	/* print it even if it is the default */
	int line;	/* where draft_print() has put it; 0: nowhere */
};

struct draft {
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

/* Print it as a configuration file, without defaults that were not explicitly
 * set. */
void draft_print(struct draft *d, FILE *out);

#endif
