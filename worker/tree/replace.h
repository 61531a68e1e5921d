/*
 * replace.h - creates or replaces a file atomically with a complete new one
 * (atomic_uploads).
 *
 * Until then the old file is not changed, and can be read.  It has a read lock,
 * so that no other session writes to it meanwhile (if the account may not read
 * it, writers are checked for when it is replaced).  The new file gets the mode
 * and the ACL of the old one, and its group if the account is a member; other
 * hard links to the old file keep the old content.
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
	int new;		/* the new file, or -1; not owned */
	struct target place;	/* the target of a symbolic link */
	bool own_dir;		/* place.dir must be closed (it is not the
				 * target's) */
	char link[PATH_MAX];	/* the directory of its name */
	struct hidden hidden;
};

void replace_init(struct replace *r);

/*
 * `old` is the open file that the target leads to; r takes ownership, also
 * after a failure.  Finds the directory entry to be replaced, and checks
 * whether that is allowed.  0 or -errno.
 */
int replace_prepare(struct tree *t, struct replace *r,
	const struct target *target, int old) MUST_CHECK;

/* Create the new file: its descriptor, which must stay open until
 * replace_close(), or -errno. */
int replace_make(struct tree *t, struct replace *r,
	const struct target *target) MUST_CHECK;

/*
 * When it is complete: move it into place.  A file that has got the name
 * meanwhile is replaced as well, except if n->overwrite is deny (-EEXIST) or
 * rename (the target and n are changed to a name with a number).  -EAGAIN when
 * another process is writing to the file that has the name now.
 */
int replace_publish(struct tree *t, struct replace *r, struct target *target,
	struct numbered *n) MUST_CHECK;

/* The directory of the entry. */
int replace_directory(const struct replace *r, const struct target *target);

/* Remove a new file that was not moved into place. */
void replace_close(struct replace *r);

#endif
