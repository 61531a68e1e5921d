/*
 * rules.h - [directory] sections: the permissions that hold in a directory.
 *
 * A section is about the directory that its path led to when the session began,
 * known by device and inode.  Which one holds is decided on an open directory:
 * it is the first that is met on the way up from there.  So names do not
 * matter, nor symbolic links, renames and bind mounts.
 *
 * A directory of a section, or one above it, cannot be renamed or removed by a
 * session: the path would lead elsewhere next time.
 */
#ifndef WORKER_TREE_RULES_H
#define WORKER_TREE_RULES_H

#include "common/base.h"
#include "common/identity.h"

#include <sys/stat.h>

struct rules {
	size_t count;		/* of rules; 0: the account's hold everywhere */
	struct rule *rules;
	struct rules_inode *above;	/* the directories and those above */
	size_t nabove;
	uint32_t any;		/* all that the account and the rules give */
	uint32_t base;		/* where no rule is met */
};

/*
 * As root, before rules_open(): open those of identity->directories whose path
 * leads only through directories that root alone can change, and through
 * no link.  The account may know them by another way than that path, such as a
 * bind mount.
 */
void rules_open_trusted(const struct identity *identity);

/*
 * Find the directories of identity->directories, with the rights that the
 * process has now, before its root directory changes to `root` (-1: it will
 * not).  A directory that is not found this way, nor was opened
 * before, is logged and has no rule.  The others
 * stay open in identity->directories, if they are in `root`, until
 * rules_opened().  0 or -ENOMEM.
 */
int rules_open(struct rules *r, const struct identity *identity, int root)
	MUST_CHECK;
void rules_opened(const struct identity *identity);
void rules_close(struct rules *r);

/* The permissions in the directory that is open as dir, or AT_FDCWD.  None
 * where the way up cannot be seen. */
uint32_t rules_permissions(const struct rules *r, int dir);

/* Is it the directory of a rule, or above one? */
bool rules_hold(const struct rules *r, const struct stat *st);

/* Is the directory that is open as dir, or AT_FDCWD, this one or below it? */
bool rules_is_below(int dir, const struct stat *top);

#endif
