/*
 * model.c - the tree in memory, and what changes it.
 *
 * Runs in: the suite's process.
 */
#include "common/base.h"
#include "tests/functional/model.h"

static struct node *
add(struct model *m, struct node *parent, const char *name, bool is_dir)
{
	struct node *n = calloc(1, sizeof(*n));

	if (n == NULL)
		abort();
	*n = (struct node){ .parent = parent, .all = m->all,
		.name = strdup(name), .is_dir = is_dir, .mode = -1,
		.mtime = -1 };
	m->all = n;
	if (parent == NULL)
		return n;
	n->next = parent->first;
	parent->first = n;
	parent->mtime = -1;
	return n;
}

static void
detach(struct node *n)
{
	struct node **at = &n->parent->first;

	while (*at != n)
		at = &(*at)->next;
	*at = n->next;
	n->next = NULL;
	n->parent->mtime = -1;
}

void
model_begin(struct model *m, bool jailed)
{
	*m = (struct model){ .jailed = jailed };
	m->root = m->home = add(m, NULL, "", true);
	m->root->parent = m->root;
	if (jailed)
		return;
	struct node *homes = add(m, m->root, "home", true);
	m->home = add(m, homes, "anna", true);
	m->root->foreign = homes->foreign = true;
}

void
model_end(struct model *m)
{
	while (m->all != NULL) {
		struct node *n = m->all;
		m->all = n->all;
		free(n->name);
		free(n->data);
		free(n->link);
		free(n);
	}
}

/* --- changes */

/* May a name be made in it? */
static int
may_make(const struct node *dir)
{
	return dir->removed ? ENOENT : dir->foreign ? EACCES : 0;
}

int
model_make(struct model *m, const struct place *at)
{
	if (at->error != 0 && at->error != ENOENT)
		return at->error;
	if (at->node != NULL)
		return EEXIST;
	if (at->dir == NULL)
		return at->error;
	int error = may_make(at->dir);
	if (error == 0)
		add(m, at->dir, at->name, true);
	return error;
}

int
model_link(struct model *m, const struct place *at, const char *text)
{
	if (at->error != 0 && at->error != ENOENT)
		return at->error;
	if (at->node != NULL)
		return EEXIST;
	if (at->dir == NULL || at->slash)
		return ENOENT;
	int error = may_make(at->dir);
	if (error == 0)
		add(m, at->dir, at->name, false)->link = strdup(text);
	return error;
}

int
model_file(const struct place *at)
{
	if (at->error != 0 && at->error != ENOENT)
		return at->error;
	if (at->node != NULL)
		return at->node->is_dir ? EISDIR : 0;
	if (at->dir == NULL)
		return at->error;
	return at->slash ? EISDIR : may_make(at->dir);
}

struct node *
model_store(struct model *m, const struct place *at, char *data, size_t len)
{
	struct node *n = at->node;

	if (n == NULL)
		n = add(m, at->dir, at->name, false);
	free(n->data);
	n->data = data;
	n->len = len;
	/* The directory's, too, where a new file takes the old one's place. */
	n->mtime = n->parent->mtime = -1;
	return n;
}

/* May it be unlinked, or renamed? */
static int
may_take(const struct place *at)
{
	if (at->error != 0)
		return at->error;
	if (at->name[0] == '\0')
		return EBUSY;
	return at->dir->foreign ? EACCES : 0;
}

static void
take(struct node *n)
{
	detach(n);
	n->removed = true;
}

int
model_remove_directory(const struct place *at)
{
	int error = may_take(at);

	if (error != 0)
		return error;
	if (!at->node->is_dir)
		return ENOTDIR;
	if (at->node->first != NULL)
		return ENOTEMPTY;
	take(at->node);
	return 0;
}

int
model_delete(const struct place *at)
{
	int error = may_take(at);

	if (error == 0 && at->node->is_dir)
		error = EISDIR;
	if (error == 0)
		take(at->node);
	return error;
}

static void
take_all(struct node *n)
{
	while (n->first != NULL)
		take_all(n->first);
	take(n);
}

int
model_remove_tree(const struct model *m UNUSED, const struct place *at)
{
	int error = may_take(at);

	if (error == 0 && !at->node->is_dir)
		error = ENOTDIR;
	if (error == 0)
		take_all(at->node);
	return error;
}

static bool
is_inside(const struct node *n, const struct node *dir)
{
	for (; n != dir; n = n->parent)
		if (n->parent == n)
			return false;
	return true;
}

static int
may_replace(const struct node *from, const struct place *to)
{
	const struct node *old = to->node;

	if (from->is_dir && is_inside(to->dir, from))
		return EINVAL;
	if (old == NULL)
		return !from->is_dir && to->slash ? ENOTDIR : 0;
	if (from->is_dir != old->is_dir)
		return old->is_dir ? EISDIR : ENOTDIR;
	return old->first != NULL ? ENOTEMPTY : 0;
}

int
model_rename(const struct place *from, const struct place *to)
{
	int error = may_take(from);

	if (error == 0 && to->error != 0 && to->error != ENOENT)
		error = to->error;
	if (error == 0 && to->dir == NULL)
		error = to->error;
	if (error == 0 && to->name[0] == '\0')
		error = EBUSY;
	if (error == 0)
		error = may_make(to->dir);
	if (error != 0 || from->node == to->node)
		return error;
	error = may_replace(from->node, to);
	if (error != 0)
		return error;
	if (to->node != NULL)
		take(to->node);
	detach(from->node);
	free(from->node->name);
	from->node->name = strdup(to->name);
	from->node->parent = to->dir;
	from->node->next = to->dir->first;
	to->dir->first = from->node;
	to->dir->mtime = -1;
	return 0;
}

void
model_count(const struct node *dir, int64_t *bytes, int64_t *files)
{
	for (const struct node *n = dir->first; n != NULL; n = n->next) {
		*files += 1;
		*bytes += n->is_dir ? 4096 : n->link != NULL ?
			(int64_t)strlen(n->link) : (int64_t)n->len;
		if (n->is_dir)
			model_count(n, bytes, files);
	}
}
