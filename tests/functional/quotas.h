/*
 * quotas.h - what the suites about quotas share.
 */
#ifndef TESTS_FUNCTIONAL_QUOTAS_H
#define TESTS_FUNCTIONAL_QUOTAS_H

#include "common/base.h"
#include "tests/functional/ftp.h"
#include "tests/functional/server.h"

#define QUOTAS_BOOKKEEPER "sureftpd-quota"

/* The reply to SITE QUOTA is one number of bytes; only files count. */
#define QUOTAS_BYTES "quota.site_quota_wording=pwp", "quota.quota_count="

#define QUOTAS_LIMIT "quota.quota_bytes=100k"

/* Start the server with QUOTAS_BYTES, QUOTAS_LIMIT and up to two settings, and
 * log in as anna, in binary mode. */
bool quotas_begin(struct server *s, struct ftp *c, const char *option,
	const char *more);

/* The same with another limit. */
bool quotas_begin_with(struct server *s, struct ftp *c, const char *limit);

void quotas_end(struct server *s, struct ftp *c);

/* What SITE QUOTA says is used, with that; -1 if it says something else. */
int64_t quotas_used(struct ftp *c);

/* Wait until it is this, at most as long as the bookkeeper waits for quiet. */
bool quotas_become(struct ftp *c, int64_t bytes);

/* Upload so many bytes; the last reply's code. */
int quotas_put(struct ftp *c, size_t len, const char *command);

/* The bytes of all plain files below a directory, hard links once. */
int64_t quotas_recount(const char *path);

/* Can a process of anna's link a file that it has open in this directory?
 * Otherwise a file has no second name during a rename, and the directory is
 * counted again if another session replaces the same file just then. */
bool quotas_can_link(const char *path);

#endif
