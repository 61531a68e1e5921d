/*
 * permit.h - an account's file tree, and the first two steps of every operation
 * in it: resolve the name, and check what is permitted there (tree.h).
 */
#ifndef WORKER_TREE_PERMIT_H
#define WORKER_TREE_PERMIT_H

#include "common/base.h"
#include "common/identity.h"
#include "common/permissions.h"
#include "worker/authority.h"
#include "worker/tree/facts.h"
#include "worker/tree/hidden.h"
#include "worker/tree/quota.h"
#include "worker/tree/rules.h"
#include "worker/tree/target.h"

struct tree {
	struct resolver resolver;
	struct fact_user user;	/* the account with its permissions */
	const struct rules *rules;	/* rules of directories; NULL: none */
	const struct user_settings *settings;
	struct hidden_state hidden;
	const struct authority *authority;	/* for owners */
	struct quota *quota;		/* NULL: none */
	dev_t files_device;	/* valid if has_files: known not to be /proc */
	bool has_files;
};

/* The tree for this account; the identity must outlive it. */
void tree_init(struct tree *t, const struct identity *identity);

/* Use this quota from here on; it must outlive the tree. */
void tree_use_quota(struct tree *t, struct quota *quota);

/* Use these rules from here on; they must outlive the tree. */
void tree_use_rules(struct tree *t, const struct rules *rules);

/* Call it in the home directory, before names are checked: determines the path
 * of the home directory, which may be a link. */
void tree_find_home(struct tree *t);

/* Does the account have all of these PERMISSION_ bits in any directory? */
bool tree_permits(const struct tree *t, uint32_t permission);

/* The account, with its permissions in an open directory. */
struct fact_user tree_user_in(const struct tree *t, int dir);

/* With world_readable_only: can everybody read what is open here?  Decided on
 * the descriptor, because the name may lead elsewhere by now. */
bool tree_may_read(const struct tree *t, int fd);

/* Does a program decide which uploads are kept (upload_check)? */
bool tree_checks_uploads(const struct tree *t);

/* Set user->inside to its permissions in the subdirectory with this name. */
void tree_user_inside(const struct tree *t, struct fact_user *user, int dir,
	const char *name);

/* If the file system of this directory is mounted read-only, remove all
 * permissions to change something. */
void tree_user_on_mount(struct fact_user *user, int dir);

/* The first two steps; call target_close() in any case.  If the resolver is
 * careful, and the operation follows links, the target becomes what the link
 * leads to. */
int tree_enter(struct tree *t, struct target *at, const char *path,
	uint32_t permission) MUST_CHECK;

/* The same, for operations on a link itself. */
int tree_enter_link(struct tree *t, struct target *at, const char *path,
	uint32_t permission) MUST_CHECK;

/* Only the second step, for a target that was found otherwise. */
int tree_permit(struct tree *t, const struct target *at,
	uint32_t permission) MUST_CHECK;

/* Is an open regular file, on this device, in /proc?  True also if that cannot
 * be determined. */
bool tree_is_process_data(struct tree *t, dev_t device, int fd);

/* -EACCES for an open directory in /proc, -errno if that cannot be determined,
 * else 0. */
int tree_permit_directory(struct tree *t, int dir) MUST_CHECK;

#endif
