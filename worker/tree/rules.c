/*
 * rules.c - [directory] sections, by device and inode.
 *
 * Runs in: session; rules_open_trusted() before it is the user.
 * Never: follows a path that a user can change with root's rights.
 */
#include "common/base.h"

#include "worker/tree/rules.h"

#include "common/buffer.h"
#include "common/io.h"
#include "common/log/log.h"

#include <fcntl.h>

#define DEPTH_MAX (PATH_MAX / 2)

struct rules_inode {
	dev_t dev;
	ino_t ino;
};

struct rule {
	struct rules_inode inode;
	uint32_t permissions;
	bool recursive;
};

static bool
same_inode(const struct rules_inode *a, const struct rules_inode *b)
{
	return a->dev == b->dev && a->ino == b->ino;
}

static int
look_at(int dir, struct rules_inode *inode)
{
	struct stat st;
	int r = dir == AT_FDCWD ? fstatat(AT_FDCWD, ".", &st, 0) :
		fstat(dir, &st);

	if (r < 0)
		return -errno;
	*inode = (struct rules_inode){ st.st_dev, st.st_ino };
	return 0;
}

/* Go up one level from *dir, which is closed if it was opened here.  1; 0 at
 * the root; or -errno. */
static int
go_up(int *dir, bool *ours, struct rules_inode *inode)
{
	struct rules_inode before = *inode;
	int parent = openat(*dir, "..", O_PATH | O_DIRECTORY | O_CLOEXEC);
	int error = parent < 0 ? -errno : 0;

	if (*ours)
		close(*dir);
	*ours = parent >= 0;
	*dir = parent;
	if (error == 0)
		error = look_at(parent, inode);
	if (error < 0)
		return error;
	return !same_inode(&before, inode);
}

/* Of two sections for the same directory the later one in the file applies. */
static const struct rule *
find(const struct rules *r, const struct rules_inode *inode, size_t depth)
{
	for (size_t i = r->count; i > 0; i--) {
		const struct rule *rule = &r->rules[i - 1];
		if (same_inode(&rule->inode, inode) &&
		    (depth == 0 || rule->recursive))
			return rule;
	}
	return NULL;
}

/* Walk up from this directory, which is at this depth below the one in
 * question. */
static uint32_t
permissions_above(const struct rules *r, int dir, size_t depth, uint32_t base)
{
	const struct rule *rule = NULL;
	struct rules_inode inode;
	bool ours = false;
	int more = look_at(dir, &inode) < 0 ? -1 : 1;

	while (more > 0 && depth < DEPTH_MAX) {
		rule = find(r, &inode, depth++);
		if (rule != NULL)
			break;
		more = go_up(&dir, &ours, &inode);
	}
	if (ours)
		close(dir);
	if (rule != NULL)
		return rule->permissions;
	return more == 0 ? base : 0;
}

uint32_t
rules_permissions(const struct rules *r, int dir)
{
	if (r->count == 0)
		return r->base;
	return permissions_above(r, dir, 0, r->base);
}

static int
add_above(struct rules *r, const struct rules_inode *inode)
{
	struct rules_inode *grown = reallocarray(r->above, r->nabove + 1,
		sizeof(*grown));

	if (grown == NULL)
		return -ENOMEM;
	r->above = grown;
	r->above[r->nabove++] = *inode;
	return 0;
}

/* Record the directory and those above.  Where this stops with an error, the
 * session cannot rename anything either. */
static int
note_above(struct rules *r, int dir)
{
	struct rules_inode inode;
	bool ours = false;
	int more = look_at(dir, &inode) < 0 ? -1 : 1, error = 0;

	for (size_t depth = 0; more > 0 && error == 0 && depth < DEPTH_MAX;
	     depth++) {
		error = add_above(r, &inode);
		more = go_up(&dir, &ours, &inode);
	}
	if (ours)
		close(dir);
	return error;
}

/* Can only root change the directory? */
static bool
is_trusted(int dir)
{
	struct stat st;

	return fstat(dir, &st) == 0 && st.st_uid == 0 &&
		!(st.st_mode & (S_IWGRP | S_IWOTH));
}

static int
open_trusted(const char *path)
{
	int dir = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);

	path += strspn(path, "/");
	while (dir >= 0 && *path != '\0') {
		size_t len = strcspn(path, "/");
		BUFFER(name, NAME_MAX + 1);
		int next = -1;

		buffer_add(&name, path, len);
		if (is_trusted(dir) && !name.overflow)
			next = openat(dir, buffer_text(&name), O_PATH |
				O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		close(dir);
		dir = next;
		path += len + strspn(path + len, "/");
	}
	return dir;
}

void
rules_open_trusted(const struct identity *identity)
{
	for (size_t i = 0; i < identity->ndirectories; i++)
		identity->directories[i].fd =
			open_trusted(identity->directories[i].path);
}

/* Opened by the account or, if it has no access, already opened by root. */
static int
open_rule(struct identity_directory *d)
{
	int dir = open(d->path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	int error = dir < 0 ? -errno : 0;

	if (dir < 0)
		return d->fd >= 0 ? d->fd : error;
	io_close(&d->fd);
	d->fd = dir;
	return dir;
}

static int
add(struct rules *r, struct identity_directory *d)
{
	struct rule *rule = &r->rules[r->count];
	int dir = open_rule(d);
	int error = dir < 0 ? dir : look_at(dir, &rule->inode);

	if (error == 0) {
		rule->permissions = d->permissions;
		rule->recursive = d->recursive;
		r->any |= d->permissions;
		r->count++;
		error = note_above(r, dir);
	} else {
		log_info("[directory \"%s\"] has no effect on this session: %s",
			d->path, log_errno(error));
		error = 0;
	}
	return error;
}

/* The permissions in the jail where no rule applies. */
static uint32_t
permissions_around(const struct rules *r, int root)
{
	int parent = openat(root, "..", O_PATH | O_DIRECTORY | O_CLOEXEC);
	uint32_t permissions;

	if (parent < 0)
		return 0;
	permissions = permissions_above(r, parent, 1, r->base);
	close(parent);
	return permissions;
}

/* Landlock must not grant rights outside the jail.  Rules of directories above
 * the jail only change the base permissions. */
static void
close_outside(const struct identity *identity, int root)
{
	struct stat st;

	if (fstat(root, &st) < 0)
		memset(&st, 0, sizeof(st));
	for (size_t i = 0; i < identity->ndirectories; i++) {
		int *fd = &identity->directories[i].fd;
		if (*fd >= 0 && !rules_is_below(*fd, &st))
			io_close(fd);
	}
}

int
rules_open(struct rules *r, const struct identity *identity, int root)
{
	int error = 0;

	*r = (struct rules){
		.any = identity->permissions, .base = identity->permissions };
	if (identity->ndirectories == 0)
		return 0;
	r->rules = calloc(identity->ndirectories, sizeof(*r->rules));
	if (r->rules == NULL)
		return -ENOMEM;
	for (size_t i = 0; i < identity->ndirectories && error == 0; i++)
		error = add(r, &identity->directories[i]);
	if (error == 0 && r->count > 0 && root >= 0) {
		r->base = permissions_around(r, root);
		close_outside(identity, root);
	}
	return error;
}

void
rules_opened(const struct identity *identity)
{
	for (size_t i = 0; i < identity->ndirectories; i++)
		io_close(&identity->directories[i].fd);
}

void
rules_close(struct rules *r)
{
	free(r->rules);
	free(r->above);
	*r = (struct rules){ 0 };
}

bool
rules_hold(const struct rules *r, const struct stat *st)
{
	const struct rules_inode inode = { st->st_dev, st->st_ino };

	for (size_t i = 0; i < r->nabove; i++)
		if (same_inode(&r->above[i], &inode))
			return true;
	return false;
}

bool
rules_is_below(int dir, const struct stat *top)
{
	const struct rules_inode wanted = { top->st_dev, top->st_ino };
	struct rules_inode inode;
	bool ours = false, found = false;
	int more = look_at(dir, &inode) < 0 ? -1 : 1;

	for (size_t depth = 0; more > 0 && depth < DEPTH_MAX; depth++) {
		found = same_inode(&inode, &wanted);
		more = found ? 0 : go_up(&dir, &ours, &inode);
	}
	if (ours)
		close(dir);
	return found;
}
