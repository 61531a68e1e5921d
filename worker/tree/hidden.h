/*
 * hidden.h - temporary files of uploads (atomic_uploads).
 *
 * If file system and kernel support it, such a file has no name until it is
 * complete, and is removed by the kernel when its session exits.  Otherwise it
 * has a hidden name in the directory of its target, which listings do not show.
 * It is locked until its session exits; one that is not locked was left by a
 * crash, and is removed.
 */
#ifndef WORKER_TREE_HIDDEN_H
#define WORKER_TREE_HIDDEN_H

#include "common/base.h"
#include "worker/tree/hidden_name.h"
#include "worker/tree/quota.h"
#include "worker/tree/target.h"

#include <sys/stat.h>

#define HIDDEN_DIRECTORIES 16

struct hidden {
	int dir;		/* the target's directory; not owned */
	char name[HIDDEN_NAME_SIZE];	/* "" while it has no name */
};

/* What a session has determined about file systems. */
struct hidden_state {
	bool named_only;	/* files without a name cannot be linked here */
	struct {
		dev_t dev;
		ino_t ino;
	} cleaned[HIDDEN_DIRECTORIES];	/* the directories cleaned last */
	size_t next;
	struct quota *quota;	/* NULL: none */
};

/* Create a file in this directory.  The umask or a default ACL applies to the
 * mode as for a file with a name.  The descriptor, or -errno. */
int hidden_make(struct hidden *h, struct resolver *r,
	struct hidden_state *state, int dir, mode_t mode) MUST_CHECK;

/* Give the file its name, which must not exist: 0, -EEXIST, another
 * -errno. */
int hidden_link(struct hidden *h, int fd, const char *name) MUST_CHECK;

/* Give it a hidden name, to rename it over another file. */
int hidden_name(struct hidden *h, int fd) MUST_CHECK;

/* Remove it, unless its name refers to another file now. */
void hidden_remove(struct hidden *h, int fd);

/* Remove files that crashed sessions of this user have left in the directory,
 * once per session and directory; reads at most this many entries. */
void hidden_clean(struct resolver *r, struct hidden_state *state, int dir,
	uid_t user, int64_t max_entries);

#endif
