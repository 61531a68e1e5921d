/*
 * names.h - names of owners and groups for listings, without NSS.
 *
 * The session process must not run NSS, so names come from a table
 * that the master reads from /etc/passwd and /etc/group at start and at reload,
 * bounded, and that children inherit; the monitor adds the account that logged
 * in and its groups.  All others are shown as numbers.
 */
#ifndef COMMON_NAMES_H
#define COMMON_NAMES_H

#include "common/base.h"

struct names;

#define NAMES_MAX 8192		/* entries of each file; further ones are shown
				 * as numbers */

/* Load the names; a file that cannot be read adds none.  NULL when out of
 * memory. */
struct names *names_load(const char *passwd_path, const char *group_path);
void names_free(struct names *names);

/* Add a name, which takes precedence over loaded ones.  0 or -ENOMEM. */
int names_add_user(struct names *names, uid_t uid, const char *name);
int names_add_group(struct names *names, gid_t gid, const char *name);

/* The name, or NULL when unknown. */
const char *names_user(const struct names *names, uid_t uid);
const char *names_group(const struct names *names, gid_t gid);

/* The id of a name; false when unknown. */
bool names_find_user(const struct names *names, const char *name, size_t len,
	uid_t *uid);
bool names_find_group(const struct names *names, const char *name, size_t len,
	gid_t *gid);

#endif
