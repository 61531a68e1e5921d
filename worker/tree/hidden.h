/*
 * hidden.h - files of incomplete uploads (atomic_uploads).
 *
 * Where the file system and the kernel can do it, such a file has no name until
 * it is whole, and is gone when its session is.  Elsewhere it has a hidden name
 * in the directory of its target, which no listing shows.  It is locked as long
 * as its session lives; one that is not locked was left by a crash, and is
 * removed.
 */
#ifndef WORKER_TREE_HIDDEN_H
#define WORKER_TREE_HIDDEN_H

#include "common/base.h"
#include "worker/tree/target.h"

#include <sys/stat.h>

#define HIDDEN_NAME_SIZE 40
#define HIDDEN_DIRECTORIES 16

struct hidden {
	int dir;		/* the target's directory; not owned */
	char name[HIDDEN_NAME_SIZE];	/* "" while it has none */
};

/* What a session has found out about the file system. */
struct hidden_state {
	bool named_only;	/* files without a name cannot get one here */
	struct {
		dev_t dev;
		ino_t ino;
	} cleaned[HIDDEN_DIRECTORIES];	/* the directories cleaned last */
	size_t next;
};

bool hidden_is_name(const char *name);

/* Make a file in this directory.  The umask or a default ACL applies to the
 * mode as for a file with a name.  The descriptor, or -errno. */
int hidden_make(struct hidden *h, struct resolver *r,
	struct hidden_state *state, int dir, mode_t mode) MUST_CHECK;

/* Give the file its name, which must not exist: 0, -EEXIST, another
 * -errno. */
int hidden_link(struct hidden *h, int fd, const char *name) MUST_CHECK;

/* Give it a hidden name, so that it can be renamed over another file. */
int hidden_name(struct hidden *h, int fd) MUST_CHECK;

/* Remove it, unless it has become something else. */
void hidden_remove(struct hidden *h, int fd);

/* Remove what crashed sessions of this user have left in the directory, once
 * in a session; reads at most this many entries. */
void hidden_clean(struct resolver *r, struct hidden_state *state, int dir,
	uid_t user, int64_t max_entries);

#endif
