/*
 * owner.h - uploads that get another owner (upload_user).
 */
#ifndef WORKER_TREE_OWNER_H
#define WORKER_TREE_OWNER_H

#include "common/base.h"
#include "worker/tree/tree.h"

/* The mode to make a file with: nobody else sees what is to be given away. */
mode_t owner_first_mode(const struct tree *t);

/* Is there an upload_user? */
bool owner_is_wanted(const struct tree *t);

/* Give the open file away, if it is to be, and is the account's to give.  0,
 * -ECANCELED when the session is to end, another -errno. */
int owner_give(const struct tree *t, int fd) MUST_CHECK;

#endif
