/*
 * model_paths.c - resolves names in a model, as the kernel and the server do.
 *
 * Runs in: the suite's process.
 */
#include "common/base.h"
#include "tests/functional/model.h"

static struct node *
child(const struct node *dir, const char *name)
{
	for (struct node *n = dir->first; n != NULL; n = n->next)
		if (strcmp(n->name, name) == 0)
			return n;
	return NULL;
}

/* One component of a path; NULL and an error. */
static struct node *
step(struct node *at, const char *name, size_t len, int *error)
{
	char text[MODEL_NAME_MAX + 1];
	struct node *n = NULL;

	*error = 0;
	snprintf(text, sizeof(text), "%.*s", (int)len, name);
	if (!at->is_dir)
		*error = ENOTDIR;
	else if (strcmp(text, ".") == 0)
		n = at;
	else if (strcmp(text, "..") == 0)
		n = at->parent;
	else if (len > MODEL_NAME_MAX && !at->removed)
		*error = ENAMETOOLONG;
	else if ((n = child(at, text)) == NULL)
		*error = ENOENT;
	return n;
}

#define LINKS_MAX 40		/* as many as the kernel follows */

/* What a path names, with all links in it followed. */
static struct node *
look_up(const struct model *m, struct node *at, const char *path, size_t len,
	int *links, int *error)
{
	const char *end = path + len;

	*error = 0;
	if (len > 0 && path[0] == '/')
		at = m->root;
	while (at != NULL && path < end) {
		const char *slash = memchr(path, '/', (size_t)(end - path));
		size_t n = (size_t)((slash != NULL ? slash : end) - path);
		struct node *dir = at;
		if (n > 0)
			at = step(dir, path, n, error);
		if (at != NULL && at->link != NULL && ++*links > LINKS_MAX) {
			*error = ELOOP;
			return NULL;
		}
		if (at != NULL && at->link != NULL)
			at = look_up(m, dir, at->link, strlen(at->link),
				links, error);
		if (at != NULL && slash != NULL && !at->is_dir) {
			*error = ENOTDIR;
			return NULL;
		}
		path += n + (slash != NULL);
	}
	return at;
}

static struct node *
walk(const struct model *m, struct node *at, const char *path, size_t len,
	int *error)
{
	int links = 0;

	at = look_up(m, at, path, len, &links, error);
	if (at != NULL && !at->is_dir) {
		*error = ENOTDIR;
		return NULL;
	}
	return at;
}

/* A directory, by the part of a path that names it. */
static struct node *
directory(const struct model *m, struct node *cwd, const char *path,
	size_t len, int *error)
{
	struct node *at = walk(m, cwd, path, len, error);

	if (at != NULL || *error != ENOENT || path[0] != '~' ||
	    (len > 1 && path[1] != '/'))
		return at;
	size_t skip = 1 + strspn(path + 1, "/");
	return walk(m, m->home, path + skip, skip < len ? len - skip : 0,
		error);
}

struct node *
model_find_directory(const struct model *m, struct node *cwd, const char *path,
	int *error)
{
	return directory(m, cwd, path, strlen(path), error);
}

struct place
model_find(const struct model *m, struct node *cwd, const char *path)
{
	struct place at = { .dir = cwd };
	size_t end = strlen(path), begin;

	while (end > 0 && path[end - 1] == '/')
		end--;
	at.slash = path[end] == '/';
	if (end == 0) {		/* the root */
		at.dir = at.node = m->root;
		return at;
	}
	for (begin = end; begin > 0 && path[begin - 1] != '/';)
		begin--;
	if (begin > 0)
		at.dir = directory(m, cwd, path, begin, &at.error);
	if (at.dir == NULL)
		return at;
	at.node = step(at.dir, path + begin, end - begin, &at.error);
	if (at.error == ENAMETOOLONG)
		return at;
	snprintf(at.name, sizeof(at.name), "%.*s", (int)(end - begin),
		path + begin);
	if (strcmp(at.name, ".") == 0 || strcmp(at.name, "..") == 0)
		at.name[0] = '\0';
	if (at.node != NULL && at.slash && !at.node->is_dir)
		at.error = ENOTDIR;
	return at;
}

struct place
model_follow(const struct model *m, struct node *cwd, const char *path)
{
	struct place at = model_find(m, cwd, path);
	int links = 1;

	if (at.node == NULL || at.node->link == NULL)
		return at;
	const char *text = at.node->link;
	at.node = look_up(m, at.dir, text, strlen(text), &links, &at.error);
	at.broken = at.node == NULL;
	if (at.node == NULL)
		return at;
	if (at.slash && !at.node->is_dir)
		at.error = ENOTDIR;
	at.dir = at.node->parent;
	snprintf(at.name, sizeof(at.name), "%s", at.node->name);
	return at;
}

void
model_path(const struct model *m, const struct node *n, char *text,
	size_t size)
{
	text[0] = '\0';
	if (n == m->root) {
		snprintf(text, size, "/");
		return;
	}
	if (n->parent != m->root)
		model_path(m, n->parent, text, size);
	size_t len = strlen(text);
	snprintf(text + len, size - len, "/%s", n->name);
}
