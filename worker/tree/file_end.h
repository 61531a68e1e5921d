/*
 * file_end.h - the end of an upload, complete or not.
 */
#ifndef WORKER_TREE_FILE_END_H
#define WORKER_TREE_FILE_END_H

#include "common/base.h"
#include "worker/tree/file.h"

/*
 * The data have ended.  Complete: nothing of an older, longer file stays at
 * its end.  Not complete: the site decides (incomplete_uploads), but never
 * about what was there before or what others appended.  With atomic_uploads
 * the file gets its name now, or is removed.  Closes the file, which a network
 * file system may answer with a full disk: 0 or -errno.
 */
int file_end_upload(struct tree *t, struct file *f, bool complete) MUST_CHECK;

#endif
