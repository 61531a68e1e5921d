/*
 * pwp_dictionary.h - reads the numbers of the attributes homedir, realm and
 * quota from a dictionary of the PWP server, in Livingston's format:
 * "VENDORATTR vendor name number type" lines.
 */
#ifndef DAEMON_IMPORT_PWP_DICTIONARY_H
#define DAEMON_IMPORT_PWP_DICTIONARY_H

#include "common/base.h"

struct pwp_dictionary {
	int64_t home, realm, quota; /* those not found: of the dictionary that
				     * the PWP server comes with */
	int found;		/* how many of them are in the file */
};

/* 0 or -errno. */
int pwp_dictionary_read(struct pwp_dictionary *d, const char *path,
	int64_t vendor) MUST_CHECK;

#endif
