/*
 * scan.c - counts what a directory tree contains.
 *
 * Runs in: scanner.
 */
#include "common/base.h"
#include "daemon/quota/scan.h"

#include "common/clock.h"
#include "daemon/quota/scan_internal.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>

#define READING INT64_MAX

/* --- tables of inodes */

void
scan_remember(struct scan *s, struct inode_table *t,
	const struct inode_row *row)
{
	if (!inode_table_add(t, row))
		s->incomplete = true;
}

/* A file that is seen twice was renamed, or its inode was reused. */
static void
remember_recent(struct scan *s, const struct stat *st, int64_t bytes,
	int64_t before)
{
	const struct inode_row row = { st->st_dev, st->st_ino, bytes, before,
		clock_ns(), false };
	int64_t changed = (int64_t)st->st_ctim.tv_sec * SCAN_NS +
		st->st_ctim.tv_nsec;

	if (!S_ISREG(st->st_mode) || changed < s->recent)
		return;
	if (inode_table_find(&s->recents, row.dev, row.ino) != NULL)
		s->incomplete = true;
	else
		scan_remember(s, &s->recents, &row);
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

/* On an overlay of several file systems only directories have its number. */
static bool
is_skipped(const struct scan *s, const struct stat *st)
{
	return (S_ISDIR(st->st_mode) && is_elsewhere(s, st)) ||
	    (st->st_ino == s->rules.skip_ino &&
	    st->st_dev == s->rules.skip_dev);
}

void
scan_add(struct scan *s, int64_t bytes, int64_t files)
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
	scan_add(s, weight.bytes, weight.files);
}

/* A single file that is mounted there does not count. */
static bool
is_mounted(const struct scan *s, const char *name, const struct stat *st)
{
	struct statx x;

	return is_elsewhere(s, st) &&
		statx(scan_levels_top(&s->levels)->fd, name,
		AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT, STATX_TYPE, &x) == 0 &&
		(x.stx_attributes & STATX_ATTR_MOUNT_ROOT);
}

static void
examine(struct scan *s, const char *name)
{
	int64_t before = clock_ns();
	struct stat st;

	s->sum.entries++;
	if (fstatat(scan_levels_top(&s->levels)->fd, name, &st,
	    AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT) < 0)
		s->sum.unreadable += errno != ENOENT;
	else if (!is_mounted(s, name, &st))
		count(s, &st, before);
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
	scan_remember(s, &s->dirs, &row);
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
	s->recent = clock_wall_ns() - SCAN_RECENT_MARGIN;
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
