/*
 * file_end.h - ends an upload, complete or not.
 */
#ifndef WORKER_TREE_FILE_END_H
#define WORKER_TREE_FILE_END_H

#include "common/base.h"
#include "worker/tree/file.h"

/*
 * Call it at the end of the data.  If it is not complete, incomplete_uploads
 * applies, but never to a resumed file, nor to one that was appended to.  With
 * upload_check everything is removed that it does not accept
 * (-REASON_REJECTED), or that is incomplete.  With atomic_uploads the file gets
 * its name now, or is removed.  Closes the file, which may fail on a network
 * file system whose disk is full: 0 or -errno.
 */
int file_end_upload(struct tree *t, struct file *f, bool complete) MUST_CHECK;

/* Remove temporary files of crashed sessions in the working directory. */
void file_clean_directory(struct tree *t);

#endif
