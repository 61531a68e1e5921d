/*
 * permit.h - an account's file tree, and the first two steps of everything that
 * is done in it: where a name leads, and what is allowed there (tree.h).
 */
#ifndef WORKER_TREE_PERMIT_H
#define WORKER_TREE_PERMIT_H

#include "common/base.h"
#include "common/identity.h"
#include "common/permissions.h"
#include "worker/authority.h"
#include "worker/tree/facts.h"
#include "worker/tree/hidden.h"
#include "worker/tree/rules.h"
#include "worker/tree/target.h"

struct tree {
	struct resolver resolver;
	struct fact_user user;	/* the account, and what it is permitted */
	const struct rules *rules;	/* of directories; NULL: none */
	const struct user_settings *settings;
	struct hidden_state hidden;
	const struct authority *authority;	/* for upload_user */
	dev_t files_device;	/* known not to be /proc, if has_files */
	bool has_files;
};

/* The tree as this account may use it; the identity must outlive it. */
void tree_init(struct tree *t, const struct identity *identity);

/* Use these rules from here on; they must outlive the tree. */
void tree_use_rules(struct tree *t, const struct rules *rules);

/* In its place, before names are checked: the home directory may be a link. */
void tree_find_home(struct tree *t);

/* Has the account all of these PERMISSION_ bits, at least somewhere? */
bool tree_permits(const struct tree *t, uint32_t permission);

/* The account, with the permissions that it has in an open directory. */
struct fact_user tree_user_in(const struct tree *t, int dir);

/* And in a directory that has this name there. */
void tree_user_inside(const struct tree *t, struct fact_user *user, int dir,
	const char *name);

/* The first two steps; target_close() is due in any case.  If the resolver is
 * careful, the target of an operation that follows links is none: what the
 * link leads to is in its place. */
int tree_enter(struct tree *t, struct target *at, const char *path,
	uint32_t permission) MUST_CHECK;

/* The same for what is done to a link itself. */
int tree_enter_link(struct tree *t, struct target *at, const char *path,
	uint32_t permission) MUST_CHECK;

/* The second alone, of a target that was found otherwise. */
int tree_permit(const struct tree *t, const struct target *at,
	uint32_t permission) MUST_CHECK;

#endif
