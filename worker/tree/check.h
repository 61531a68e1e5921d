/*
 * check.h - uploads that a program has to accept (upload_check).
 */
#ifndef WORKER_TREE_CHECK_H
#define WORKER_TREE_CHECK_H

#include "common/base.h"
#include "worker/tree/file.h"

/* Have the open file, whose data are complete, checked, if that is wanted.  0;
 * -REASON_REJECTED, also when it could not be checked; -ECANCELED when the
 * session must end. */
int check_upload(const struct tree *t, const struct file *f) MUST_CHECK;

#endif
