/*
 * quota_place.h - where an account's quota is counted: the setting quota_root,
 * and the file for the count.
 */
#ifndef COMMON_ACCOUNTS_QUOTA_PLACE_H
#define COMMON_ACCOUNTS_QUOTA_PLACE_H

#include "common/base.h"
#include "common/buffer.h"
#include "common/identity.h"

struct quota_place {
	char root[IDENTITY_PATH_SIZE];	/* on the host */
	char inside[IDENTITY_PATH_SIZE];	/* as the session sees it; "" if
						 * all that it can reach is
						 * inside */
	bool is_below;		/* all that it can reach is below it */
	char file[IDENTITY_PATH_SIZE];	/* quota_file */
	unsigned kinds;		/* QUOTA_ bits of quota_count */
	int64_t cache;		/* quota_cache */
};

/* False, with the reason appended, if a token has no value, the path is too
 * long, or the jail has nothing of quota_root. */
bool quota_place_find(struct quota_place *p, const struct identity *identity,
	struct buffer *reason) MUST_CHECK;

#endif
