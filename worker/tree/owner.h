/*
 * owner.h - files that get another owner (upload_user, allow_chown).
 */
#ifndef WORKER_TREE_OWNER_H
#define WORKER_TREE_OWNER_H

#include "common/base.h"
#include "worker/tree/tree.h"

/* The mode for creating a file; with upload_user, one with which no other user
 * can read it before its owner is changed. */
mode_t owner_first_mode(const struct tree *t);

/* Is upload_user set? */
bool owner_is_wanted(const struct tree *t);

/* Make upload_user the owner of the open file, if it is set and the file
 * belongs to the account.  0, -ECANCELED when the session must end, another
 * -errno. */
int owner_give(const struct tree *t, int fd) MUST_CHECK;

/* Change owner and group (or CHANGE_OWNER_KEEP) of the target, which the
 * monitor decides.  0, -ECANCELED when the session must end, another -errno, or
 * a refusal (common/process/change_owner.h). */
int owner_change(struct tree *t, const struct target *at, int64_t uid,
	int64_t gid) MUST_CHECK;

#endif
