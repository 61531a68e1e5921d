/*
 * check.h - has uploads checked by a program (upload_check).
 */
#ifndef WORKER_TREE_CHECK_H
#define WORKER_TREE_CHECK_H

#include "common/base.h"
#include "worker/tree/file.h"

/* Have the open file, a complete upload, checked if upload_check is set.  0 if
 * it is accepted; -REASON_REJECTED if it is not, or if the check failed;
 * -ECANCELED if the session must end. */
int check_upload(const struct tree *t, const struct file *f) MUST_CHECK;

#endif
