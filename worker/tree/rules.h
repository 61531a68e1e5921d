/*
 * rules.h - [directory] sections: the permissions in a directory.
 *
 * A section applies to the directory that its path led to when the session
 * began, identified by device and inode.  The section for an open directory is
 * the first one found when walking up from it.  So names, symbolic links,
 * renames and bind mounts make no difference.
 *
 * A session cannot rename or remove a directory of a section, or one above it,
 * because the path would lead elsewhere the next time.
 */
#ifndef WORKER_TREE_RULES_H
#define WORKER_TREE_RULES_H

#include "common/base.h"
#include "common/identity.h"

#include <sys/stat.h>

struct rules {
	size_t count;		/* number of rules; 0: the account's permissions
				 * apply everywhere */
	struct rule *rules;
	struct rules_inode *above;	/* the directories and those above */
	size_t nabove;
	uint32_t any;		/* the union of the account's and the rules'
				 * permissions */
	uint32_t base;		/* permissions where no rule applies */
};

/*
 * As root, before rules_open(): open those of identity->directories whose path
 * contains no symbolic links, and only directories that root alone can change.
 * The account may have access through another path, such as a bind mount.
 */
void rules_open_trusted(const struct identity *identity);

/*
 * Find the directories of identity->directories, with the rights that the
 * process has now, before its root directory changes to `root` (-1: it will
 * not).  A directory that is neither found nor already open is logged and has
 * no rule.  The others are kept open in identity->directories, if they are in
 * `root`, until rules_opened().  0 or -ENOMEM.
 */
int rules_open(struct rules *r, const struct identity *identity, int root)
	MUST_CHECK;
void rules_opened(const struct identity *identity);
void rules_close(struct rules *r);

/* The permissions in the directory that is open as dir, or AT_FDCWD.  None if
 * walking up fails. */
uint32_t rules_permissions(const struct rules *r, int dir);

/* Is it the directory of a rule, or above one? */
bool rules_hold(const struct rules *r, const struct stat *st);

/* Is the directory that is open as dir, or AT_FDCWD, this one or below it? */
bool rules_is_below(int dir, const struct stat *top);

#endif
