/*
 * scan.c - counts what a directory tree contains.
 *
 * Runs in: scanner.
 */
#include "common/base.h"
#include "daemon/quota/scan.h"

#include "common/clock.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>

#define NS		1000000000
#define MAX_PENDING	65536
/* The kernel takes ctime from a clock that lags by a few milliseconds. */
#define RECENT_MARGIN	NS
#define READING		INT64_MAX
/* The time of a file's creation is known only by its ctime, which may be too
 * early by this much. */
#define CREATION_MARGIN	(NS / 20)

/* --- tables of inodes */

static void
remember(struct scan *s, struct inode_table *t, const struct inode_row *row)
{
	if (!inode_table_add(t, row))
		s->untold = true;
}

/* A file that is seen twice was renamed, or its inode was reused. */
static void
remember_recent(struct scan *s, const struct stat *st, int64_t bytes,
	int64_t before)
{
	const struct inode_row row = { st->st_dev, st->st_ino, bytes, before,
		clock_ns(), false };
	int64_t changed = (int64_t)st->st_ctim.tv_sec * NS +
		st->st_ctim.tv_nsec;

	if (!S_ISREG(st->st_mode) || changed < s->recent)
		return;
	if (inode_table_find(&s->recents, row.dev, row.ino) != NULL)
		s->untold = true;
	else
		remember(s, &s->recents, &row);
}

/* Is this a further link to a file that was counted? */
static bool
is_counted(struct scan *s, const struct stat *st)
{
	const struct inode_row row = { st->st_dev, st->st_ino, 1, 1, 0, false };

	if (st->st_nlink < 2)
		return false;
	if (inode_table_find(&s->links, row.dev, row.ino) != NULL)
		return true;
	if (!inode_table_add(&s->links, &row))
		s->sum.links_full = 1;
	return false;
}

/* --- counting */

static bool
is_elsewhere(const struct scan *s, const struct stat *st)
{
	return !s->rules.all_file_systems && st->st_dev != s->root_dev;
}

static bool
is_skipped(const struct scan *s, const struct stat *st)
{
	return is_elsewhere(s, st) || (st->st_ino == s->rules.skip_ino &&
	    st->st_dev == s->rules.skip_dev);
}

static void
add_count(struct scan *s, int64_t bytes, int64_t files)
{
	struct quota_count *c = &s->sum.count;

	if (__builtin_add_overflow(c->bytes, bytes, &c->bytes) ||
	    __builtin_add_overflow(c->files, files, &c->files))
		s->sum.inexact = 1;
}

static void
count(struct scan *s, const struct stat *st, int64_t before)
{
	struct quota_count weight = quota_weight(st, s->rules.kinds);

	if (is_skipped(s, st))
		return;
	if (S_ISDIR(st->st_mode))
		scan_levels_top(&s->levels)->has_subdirs = true;
	else if (weight.files > 0 && is_counted(s, st))
		return;
	remember_recent(s, st, weight.bytes, before);
	add_count(s, weight.bytes, weight.files);
}

static void
examine(struct scan *s, const char *name)
{
	int64_t before = clock_ns();
	struct stat st;

	s->sum.entries++;
	if (fstatat(scan_levels_top(&s->levels)->fd, name, &st,
	    AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT) == 0)
		count(s, &st, before);
	else if (errno != ENOENT)
		s->sum.unreadable++;
}

/* --- from one directory to the next */

/* Read this directory now, unless it was read already, because it was moved or
 * is mounted in two places. */
static int
enter(struct scan *s, int fd, const struct stat *st)
{
	const struct inode_row row = { st->st_dev, st->st_ino, clock_ns(),
		READING, 0, false };

	if (is_elsewhere(s, st) ||
	    inode_table_find(&s->dirs, row.dev, row.ino) != NULL) {
		close(fd);
		return 0;
	}
	int error = scan_levels_push(&s->levels, fd, row.dev, row.ino);
	if (error == -ELOOP)
		s->sum.unreadable++;
	if (error < 0)
		return error == -ELOOP ? 0 : error;
	remember(s, &s->dirs, &row);
	s->sum.directories++;
	return 0;
}

static int
open_entry(struct scan *s, const char *name)
{
	struct stat st;
	int fd = openat(scan_levels_top(&s->levels)->fd, name, O_RDONLY |
		O_DIRECTORY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);

	if (fd >= 0 && fstat(fd, &st) == 0)
		return enter(s, fd, &st);
	/* Removed, or replaced by something else. */
	if (errno != ENOENT && errno != ENOTDIR && errno != ELOOP)
		s->sum.unreadable++;
	if (fd >= 0)
		close(fd);
	return errno == EMFILE || errno == ENFILE ? -errno : 0;
}

static int
leave(struct scan *s)
{
	if (scan_levels_pop(&s->levels) < 0)
		s->sum.inexact = 1;
	return s->levels.count > 0 ? 1 : 0;
}

/* At the end of the entries, or after an error. */
static int
after_entries(struct scan *s, int error)
{
	struct scan_level *l = scan_levels_top(&s->levels);

	if (error < 0 && s->levels.count == 1)
		return error;
	if (error < 0)
		s->sum.unreadable++;
	if (error < 0 || l->descending)
		return leave(s);
	struct inode_row *row = inode_table_find(&s->dirs, l->dev, l->ino);
	if (row != NULL)
		row->b = clock_ns();
	l->descending = true;
	if (!l->has_subdirs || scan_levels_rewind(&s->levels) < 0)
		return leave(s);
	return 1;
}

static int
descend(struct scan *s, const struct scan_entry *entry)
{
	if (entry->type != DT_DIR && entry->type != DT_UNKNOWN)
		return 1;
	int error = open_entry(s, entry->name);
	return error < 0 ? error : 1;
}

static int
one_entry(struct scan *s)
{
	struct scan_entry entry;
	int more = scan_levels_next(&s->levels, &entry);

	if (more <= 0)
		return after_entries(s, more);
	if (scan_levels_top(&s->levels)->descending)
		return descend(s, &entry);
	examine(s, entry.name);
	return 1;
}

/* --- changes */

static void
add(struct scan *s, const struct quota_change *c, int64_t before,
	int64_t files)
{
	int64_t bytes;

	if (__builtin_sub_overflow(c->after, before, &bytes))
		s->sum.inexact = 1;
	else
		add_count(s, bytes, files);
}

/* The file was seen with a recent ctime, and what was counted is known. */
static void
place_recent(struct scan *s, const struct quota_change *c,
	struct inode_row *row)
{
	bool created = c->files > 0;

	if (row->b > c->to)
		return;
	/* Seen before the change.  If the change created the file, an older
	 * file with the same inode was seen. */
	if (row->c < c->from) {
		add(s, c, c->before, c->files);
		return;
	}
	if (row->used || (created && row->b < c->from + CREATION_MARGIN)) {
		s->sum.inexact = 1;
		return;
	}
	add(s, c, row->a, created ? 0 : c->files);
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
	    c->to < s->begun - RECENT_MARGIN ||
	    (row != NULL && row->a >= c->to && row->a < dir->a);
}

static void
place(struct scan *s, const struct quota_change *c)
{
	const struct inode_row *dir = inode_table_find(&s->dirs, c->dir_dev,
		c->dir_ino);
	struct inode_row *row = c->kind == QUOTA_CHANGE_FILE ?
		inode_table_find(&s->recents, c->dev, c->ino) : NULL;

	if (s->untold)
		s->sum.inexact = 1;
	else if (row != NULL)
		place_recent(s, c, row);
	else if (c->dir_ino == 0)
		s->sum.inexact = 1;
	else if (dir == NULL || c->from > dir->b)
		add(s, c, c->before, c->files);
	else if (c->to >= dir->a || !is_not_seen(s, c, dir))
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

	if (before != NULL)
		before->a = c->to;
	else
		remember(s, &s->removed, &row);
}

void
scan_change(struct scan *s, const struct quota_change *change)
{
	if (change->files < 0 && change->ino != 0)
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

	return moved > NS / 2 || moved < -NS / 2;
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

/* --- from start to end */

int
scan_start(struct scan *s, int root, const struct scan_rules *rules)
{
	size_t max = rules->max_remembered != 0 ? rules->max_remembered :
		SCAN_MAX_REMEMBERED;
	struct stat st;

	*s = (struct scan){ .rules = *rules };
	inode_table_init(&s->links, max);
	inode_table_init(&s->recents, max);
	inode_table_init(&s->dirs, max);
	inode_table_init(&s->removed, max);
	s->begun = clock_ns();
	s->recent = clock_wall_ns() - RECENT_MARGIN;
	s->clocks = clock_wall_ns() - clock_ns();
	if (fstat(root, &st) < 0) {
		int error = -errno;
		close(root);
		return error;
	}
	s->root_dev = st.st_dev;
	return enter(s, root, &st);
}

int
scan_step(struct scan *s, unsigned entries)
{
	int more = s->levels.count > 0 ? 1 : 0;

	while (entries-- > 0 && more > 0)
		more = one_entry(s);
	return more;
}

bool
scan_is_reading(const struct scan *s)
{
	return s->levels.count > 0 && !scan_levels_top(&s->levels)->descending;
}

void
scan_end(struct scan *s)
{
	scan_levels_clear(&s->levels);
	inode_table_clear(&s->links);
	inode_table_clear(&s->recents);
	inode_table_clear(&s->dirs);
	inode_table_clear(&s->removed);
	free(s->pending);
	s->pending = NULL;
	s->npending = 0;
}
