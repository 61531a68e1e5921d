/*
 * quota_link.h - connects a session to the bookkeeper.
 */
#ifndef PAM_QUOTA_LINK_H
#define PAM_QUOTA_LINK_H

#include "common/accounts/quota_place.h"
#include "common/base.h"
#include "common/identity.h"

struct quota_link {
	int fd;			/* the bookkeeper's end, kept to attach it
				 * again; -1: none */
	int service;
	struct quota_attach *attach;	/* common/process/quota_attach.h */
	struct quota_place *place;
};

/*
 * If the account has a quota that the bookkeeper counts, attach a channel to
 * it: *fd is the session's end, which the caller closes, or -1 without a quota.
 * If the bookkeeper cannot be reached or the place of the quota is not found,
 * that is logged, and the session can store nothing.  0; or -errno, and the
 * account must not log in: its session would have no quota.
 */
int quota_link_open(struct quota_link *l, int service,
	const struct identity *identity, uint64_t session, int *fd) MUST_CHECK;

/* quota_root and quota_file; NULL without a quota. */
const struct quota_place *quota_link_place(const struct quota_link *l);

/* Attach the session again, because the bookkeeper was restarted. */
void quota_link_attach(const struct quota_link *l);

void quota_link_close(struct quota_link *l);

#endif
