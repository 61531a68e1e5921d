/*
 * remove.c - removes a directory recursively.
 *
 * Runs in: session.
 */
#include "common/base.h"

#include "worker/tree/remove.h"

#include "common/text.h"
#include "worker/reason.h"
#include "worker/tree/listing_read.h"
#include "worker/tree/quota_remove.h"

#include <fcntl.h>

#define READ_SIZE 8192

struct level {
	int fd;
	struct listing_read read;
	bool removed;		/* an entry was removed since reading started */
	char name[NAME_MAX + 1];	/* its name in the level above */
};

struct removal {
	struct tree *tree;
	int64_t left;		/* number that may still be removed */
	size_t depth;
	struct level levels[REMOVE_DEPTH_MAX];
};

/* Start reading a directory; takes ownership of fd. */
static int
push(struct removal *r, int fd, const char *name)
{
	struct level *l = &r->levels[r->depth];
	int error;

	*l = (struct level){ .fd = fd };
	snprintf(l->name, sizeof(l->name), "%s", name);
	r->depth++;
	error = listing_read_open(&l->read, READ_SIZE);
	return error < 0 ? error : listing_read_start(&l->read, fd);
}

static void
pop(struct removal *r)
{
	struct level *l = &r->levels[--r->depth];

	listing_read_close(&l->read);
	close(l->fd);
}

static int
unlink_entry(struct removal *r, struct level *l, const char *name, int flags)
{
	struct target at = { .path = name, .dir = l->fd, .name = name };
	bool is_directory = (flags & AT_REMOVEDIR) != 0;
	int error = r->left == 0 ? -REASON_ENTRIES :
		tree_permit(r->tree, &at, PERMISSION_delete);

	/* Hidden by show_hidden: as with RMD, its directory is not empty. */
	if (error == -ENOENT)
		error = -ENOTEMPTY;
	if (error == 0 && is_directory)
		error = tree_check_held(r->tree, &at);
	if (error == 0)
		error = quota_unlink(r->tree->quota, l->fd, name, flags);
	/* EISDIR and the like only mean that it is a directory. */
	if (error == -EISDIR || (error == -EPERM && !is_directory))
		return -EISDIR;
	tree_record(is_directory ? EVENT_rmdir : EVENT_delete, &at, NULL,
		error, 0);
	if (error == 0) {
		r->left--;
		l->removed = true;
	}
	return error;
}

static int
enter(struct removal *r, const struct level *l, const char *name)
{
	int fd;

	if (r->depth == REMOVE_DEPTH_MAX)
		return -REASON_DEPTH;
	fd = target_open(&r->tree->resolver, l->fd, name,
		O_RDONLY | O_DIRECTORY | O_NOFOLLOW, 0);
	if (fd < 0)
		return fd == -ENOTDIR ? -EPERM : fd;
	return push(r, fd, name);
}

static int
remove_entry(struct removal *r, struct level *l, const char *name)
{
	int error;

	if (text_is_dots(name, strlen(name)))
		return 0;
	error = unlink_entry(r, l, name, 0);
	return error == -EISDIR ? enter(r, l, name) : error;
}

/* Some file systems skip entries when others are removed during reading. */
static int
finish_level(struct removal *r)
{
	struct level *l = &r->levels[r->depth - 1];
	char name[NAME_MAX + 1];

	if (l->removed) {
		l->removed = false;
		return listing_read_start(&l->read, l->fd);
	}
	memcpy(name, l->name, sizeof(name));
	pop(r);
	if (r->depth == 0)
		return 0;
	return unlink_entry(r, &r->levels[r->depth - 1], name, AT_REMOVEDIR);
}

static int
step(struct removal *r)
{
	struct level *l = &r->levels[r->depth - 1];
	struct listing_entry entry;
	char name[NAME_MAX + 1];
	int more = listing_read_peek(&l->read, &entry);

	if (more <= 0)
		return more < 0 ? more : finish_level(r);
	snprintf(name, sizeof(name), "%s", entry.name);
	listing_read_next(&l->read);
	return remove_entry(r, l, name);
}

static int
empty(struct removal *r, int fd, remove_go_on *go_on, void *context)
{
	int error = push(r, fd, "");

	while (error == 0 && r->depth > 0)
		error = go_on(context) ? step(r) : -ECANCELED;
	while (r->depth > 0)
		pop(r);
	return error;
}

/* "/", ".", ".." and names that end in them: rmdir() refuses them, but only
 * after their contents would have been removed. */
static bool
names_no_entry(const char *name)
{
	size_t len = strcspn(name, "/");

	return len == 0 || text_is_dots(name, len);
}

/* Never through a link; with a slash at the end of the name the kernel would
 * follow it in spite of O_NOFOLLOW. */
static int
open_top(struct tree *t, const struct target *at)
{
	BUFFER(name, NAME_MAX + 1);

	buffer_add(&name, at->name, strcspn(at->name, "/"));
	if (name.overflow)
		return -ENAMETOOLONG;
	return target_open(&t->resolver, at->dir, buffer_text(&name),
		O_RDONLY | O_DIRECTORY | O_NOFOLLOW, 0);
}

/* Remove what is in the directory, which is closed. */
static int
empty_directory(struct tree *t, int fd, int64_t most, remove_go_on *go_on,
	void *context)
{
	struct removal *r = malloc(sizeof(*r));
	int error;

	if (r == NULL) {
		close(fd);
		return -ENOMEM;
	}
	r->tree = t;
	r->left = most;
	r->depth = 0;
	error = empty(r, fd, go_on, context);
	free(r);
	return error;
}

int
remove_tree(struct tree *t, const char *path, int64_t most,
	remove_go_on *go_on, void *context)
{
	struct target at;
	int error = tree_enter(t, &at, path, PERMISSION_delete);

	if (error == 0 && names_no_entry(at.name))
		error = -EINVAL;
	if (error == 0)
		error = tree_check_held(t, &at);
	int fd = error < 0 ? error : open_top(t, &at);
	error = fd < 0 ? fd : empty_directory(t, fd, most, go_on, context);
	if (error < 0)
		tree_record(EVENT_rmdir, &at, NULL, error, 0);
	target_close(&at);
	return error < 0 ? error : tree_remove_directory(t, path);
}
