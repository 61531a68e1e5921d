/*
 * scan_change.c - places the changes that are made during a scan.
 *
 * Runs in: scanner.
 */
#include "common/base.h"
#include "daemon/quota/scan.h"

#include "common/clock.h"
#include "daemon/quota/scan_internal.h"

#define MAX_PENDING 65536

static void
add(struct scan *s, const struct quota_change *c, int64_t before,
	int64_t files)
{
	int64_t bytes;

	if (__builtin_sub_overflow(c->after, before, &bytes))
		s->sum.inexact = 1;
	else
		scan_add(s, bytes, files);
}

/* Was it created by the change?  Then it did not count before. */
static bool
is_new(const struct quota_change *c)
{
	return c->kind == QUOTA_CHANGE_FILE && c->files == c->there;
}

/* Has it gone?  Also if it never was in the count. */
static bool
is_removal(const struct quota_change *c)
{
	return c->files < 0 ||
	    (c->kind == QUOTA_CHANGE_FILE && c->there == 0);
}

/* A new file was seen: or was it an older one with its inode, which another
 * change has removed since? */
static bool
may_be_older(const struct scan *s, const struct quota_change *c,
	const struct inode_row *seen)
{
	const struct inode_row *row = inode_table_find(&s->removed, c->dev,
		c->ino);

	if (row == NULL || row->a < seen->b)
		return false;
	return row->b > 1 || (!is_removal(c) && row->a <= c->to);
}

/* The file was seen with a recent ctime, and what was counted is known. */
static void
place_recent(struct scan *s, const struct quota_change *c,
	struct inode_row *row)
{
	if (row->b > c->to)
		return;
	/* Seen before the change.  If the change created the file, an older
	 * file with the same inode was seen. */
	if (row->c < c->from) {
		add(s, c, c->before, c->files);
		return;
	}
	if (row->used || (is_new(c) && may_be_older(s, c, row))) {
		s->sum.inexact = 1;
		return;
	}
	add(s, c, row->a, c->there - 1);
	row->used = true;
}

/* It had gone before its directory was read; or what it weighs was old by
 * then. */
static bool
is_not_seen(const struct scan *s, const struct quota_change *c,
	const struct inode_row *dir)
{
	const struct inode_row *row = inode_table_find(&s->removed, c->dev,
		c->ino);

	return c->kind == QUOTA_CHANGE_ENTRY ||
	    c->to < s->begun - SCAN_RECENT_MARGIN ||
	    (row != NULL && row->a >= c->to && row->a < dir->a);
}

/* Was the directory read after the change (-1), before it or never (1), or
 * meanwhile (0)? */
static int
when_read(const struct quota_change *c, const struct inode_row *dir)
{
	if (dir == NULL || c->from > dir->b)
		return 1;
	return c->to < dir->a ? -1 : 0;
}

/* Otherwise the file was seen twice, or never; and by a recent file, it cannot
 * be told whether what was stored in it is to be added. */
static void
place_moved(struct scan *s, const struct quota_change *c,
	const struct inode_row *dir)
{
	int from = when_read(c, dir);

	if (c->dir_ino == 0 || from == 0 || from != when_read(c,
	    inode_table_find(&s->dirs, c->dev, c->ino)))
		s->sum.inexact = 1;
}

/* If it had been seen, it would be among the recent ones. */
static bool
was_never_there(const struct scan *s, const struct quota_change *c)
{
	return is_new(c) && is_removal(c) && c->from >= s->begun;
}

static void
place(struct scan *s, const struct quota_change *c)
{
	const struct inode_row *dir = inode_table_find(&s->dirs, c->dir_dev,
		c->dir_ino);
	struct inode_row *row = c->kind == QUOTA_CHANGE_FILE ?
		inode_table_find(&s->recents, c->dev, c->ino) : NULL;

	if (s->incomplete)
		s->sum.inexact = 1;
	else if (c->kind == QUOTA_CHANGE_MOVED)
		place_moved(s, c, dir);
	else if (row != NULL)
		place_recent(s, c, row);
	else if (was_never_there(s, c))
		return;
	else if (c->dir_ino == 0)
		s->sum.inexact = 1;
	else if (when_read(c, dir) > 0)
		add(s, c, c->before, c->files);
	else if (when_read(c, dir) == 0 || !is_not_seen(s, c, dir))
		s->sum.inexact = 1;
}

/* Decided at the end, when it is known which directories were too new to be
 * read, and which files were seen. */
static void
remember_removed(struct scan *s, const struct quota_change *c)
{
	const struct inode_row row = { c->dev, c->ino, c->to, 1, 0, false };
	struct inode_row *before = inode_table_find(&s->removed, c->dev,
		c->ino);

	if (before != NULL) {
		before->a = c->to;
		before->b++;
	} else {
		scan_remember(s, &s->removed, &row);
	}
}

void
scan_change(struct scan *s, const struct quota_change *change)
{
	if (is_removal(change) && change->ino != 0)
		remember_removed(s, change);
	if (s->pending == NULL)
		s->pending = calloc(MAX_PENDING, sizeof(s->pending[0]));
	if (s->pending == NULL || s->npending == MAX_PENDING ||
	    change->kind == QUOTA_CHANGE_TREE)
		s->sum.inexact = 1;
	else
		s->pending[s->npending++] = *change;
}

/* Files are recognised as recent by the wall clock. */
static bool
clock_was_set(const struct scan *s)
{
	int64_t moved = clock_wall_ns() - clock_ns() - s->clocks;

	return moved > SCAN_NS / 2 || moved < -SCAN_NS / 2;
}

void
scan_result(struct scan *s, struct scan_sum *sum)
{
	if (s->npending > 0 && clock_was_set(s))
		s->sum.inexact = 1;
	for (size_t i = 0; i < s->npending; i++)
		place(s, &s->pending[i]);
	s->npending = 0;
	*sum = s->sum;
}
