/*
 * pwp_imported.h - a configuration of the PWP server and what it is converted
 * to, in the directory of a scratch.
 */
#ifndef TESTS_UNIT_PWP_IMPORTED_H
#define TESTS_UNIT_PWP_IMPORTED_H

#include "common/base.h"
#include "daemon/import/pwp_import.h"

/* What makes it a PWP server that lets users in. */
#define PWP_SITE "radius server: 192.0.2.1\nradius secret: s3cret\n"

/* Convert this text and check what always holds: each line that was read has
 * one entry, and sureftpd accepts all that was written.  `option` is that of
 * -o, or NULL; `host` that of --host, or NULL. */
void pwp_imported(struct pwp_import *i, const char *text, const char *option,
	const char *host);

/* Check that the draft has this value; NULL: none. */
void pwp_expect(const struct pwp_import *i, const char *section,
	const char *key, const char *value);

/* The last entry for a key; NULL if there is none. */
const struct report_entry *pwp_entry(const struct pwp_import *i,
	const char *key);

/* Its verdict, or IMPORT_VERDICTS. */
enum import_verdict pwp_verdict(const struct pwp_import *i, const char *key);

/* A line, or several with the key in question first, and one key of what it
 * becomes (value NULL: none). */
struct pwp_conversion {
	const char *line;
	const char *section, *key, *value;
	enum import_verdict verdict;
};

/* Check each, followed by the lines of a site, in a scratch of its own. */
void pwp_check_conversions(const struct pwp_conversion *c, size_t count,
	const char *site);

#endif
