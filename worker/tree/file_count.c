/*
 * file_count.c - counts an upload for a quota.
 *
 * Runs in: session.
 */
#include "common/base.h"

#include "worker/tree/file_count.h"

#include "common/settings/settings.h"
#include "worker/tree/lock.h"

#include <fcntl.h>

void
file_count_init(struct file_count *c)
{
	*c = (struct file_count){ .fd = -1, .size = INT64_MAX };
}

int
file_count_begin(struct file_count *c, struct tree *t, int dir,
	const struct quota_upload *u)
{
	if (!quota_counts(t->quota, dir))
		return 0;
	int error = quota_begin(t->quota, u, &c->size);
	if (error < 0)
		return error;
	c->tree = t;
	c->fd = u->fd;
	c->locked = t->settings->upload_locking;
	return 0;
}

int
file_count_grow(struct file_count *c)
{
	const struct quota_upload u = { .fd = c->fd, .size = -1 };

	return c->tree == NULL ? 0 :
		quota_grow(c->tree->quota, &u, &c->size);
}

/* The lock belongs to the open file, which the bookkeeper has as well for a
 * moment. */
void
file_count_end(struct file_count *c)
{
	if (c->tree == NULL)
		return;
	if (c->locked)
		(void)!lock_file(c->fd, F_UNLCK);
	quota_end(c->tree->quota);
	c->tree = NULL;
}
