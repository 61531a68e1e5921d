/*
 * replace.h - a whole new file in the place of an old one, or of nothing, in
 * one step (atomic_uploads).
 *
 * Until then the old file is untouched, and can be read: it is locked as by a
 * reader, which keeps out those who would write to it meanwhile (where the
 * account may not read it, there must be none when it is replaced).  The new
 * file has the mode and the ACL of the old one, and its group where the account
 * is in it; other links to the old file keep the old content.
 */
#ifndef WORKER_TREE_REPLACE_H
#define WORKER_TREE_REPLACE_H

#include "common/base.h"
#include "worker/tree/hidden.h"
#include "worker/tree/numbered.h"
#include "worker/tree/tree.h"

struct replace {
	int old;		/* the file to be replaced, or -1 */
	struct stat old_stat;
	struct target place;	/* where a symbolic link leads */
	bool own_dir;		/* place.dir is not the target's */
	char link[PATH_MAX];	/* what its name is in */
	struct hidden hidden;
};

void replace_init(struct replace *r);

/*
 * `old` is the open file that the target leads to; it belongs to r from now
 * on, also after a failure.  Finds the directory entry that has to be replaced,
 * and whether that may be.  0 or -errno.
 */
int replace_prepare(struct tree *t, struct replace *r,
	const struct target *target, int old) MUST_CHECK;

/* Make the new file: its descriptor, or -errno. */
int replace_make(struct tree *t, struct replace *r,
	const struct target *target) MUST_CHECK;

/*
 * It is whole: put it in its place.  What else has taken its name meanwhile is
 * replaced, too, or with overwrite = deny and rename never; then the error is
 * -EEXIST, or the target and n stand for a name with a number.  -EAGAIN when
 * another process writes to the file that has the name now.
 */
int replace_publish(struct tree *t, struct replace *r, int fd,
	struct target *target, struct numbered *n, int overwrite) MUST_CHECK;

/* The directory that has the entry. */
int replace_directory(const struct replace *r, const struct target *target);

/* Remove what has not been published.  fd as long as it is open, else -1. */
void replace_close(struct replace *r, int fd);

#endif
