/*
 * more_facts.c - creation times, and targets of symbolic links.
 *
 * Runs in: session.
 */
#include "common/base.h"

#include "worker/tree/more_facts.h"

#include <fcntl.h>
#include <sys/sysmacros.h>

/* Queries the link itself if `st` is that of a link, otherwise follows
 * links. */
bool
more_facts_created(int dir, const char *name, const struct stat *st,
	struct timespec *when)
{
	int flags = AT_STATX_SYNC_AS_STAT |
		(S_ISLNK(st->st_mode) ? AT_SYMLINK_NOFOLLOW : 0);
	struct statx x;

	if (statx(dir, name, flags, STATX_BTIME | STATX_INO, &x) < 0 ||
		!(x.stx_mask & STATX_BTIME) || x.stx_ino != st->st_ino ||
		makedev(x.stx_dev_major, x.stx_dev_minor) != st->st_dev)
		return false;
	*when = (struct timespec){ x.stx_btime.tv_sec, x.stx_btime.tv_nsec };
	return true;
}

/* Neither ';', which ends a fact, nor blanks or control characters. */
static bool
is_plain(const char *text)
{
	for (const char *at = text; *at != '\0'; at++)
		if (*at == ';' || (unsigned char)*at <= ' ' || *at == 0x7f)
			return false;
	return *text != '\0';
}

bool
more_facts_target(int dir, const char *name, char *text)
{
	ssize_t n = readlinkat(dir, name, text, PATH_MAX - 1);

	if (n < 0)
		return false;
	text[n] = '\0';
	return is_plain(text);
}

bool
more_facts_created_of(struct tree *t, const char *path, const struct stat *st,
	struct timespec *when)
{
	struct target at;
	int error = S_ISLNK(st->st_mode) ?
		tree_enter_link(t, &at, path, PERMISSION_list) :
		tree_enter(t, &at, path, PERMISSION_list);
	bool found = error == 0 &&
		more_facts_created(at.dir, at.name, st, when);

	target_close(&at);
	/* As in tree_look_up(). */
	return found || strcmp(path, "~") != 0 ? found :
		more_facts_created_of(t, target_home(&t->resolver), st, when);
}

bool
more_facts_target_of(struct tree *t, const char *path, struct stat *st,
	char *text)
{
	struct target at;
	bool found = tree_enter_link(t, &at, path, PERMISSION_list) == 0 &&
		more_facts_target(at.dir, at.name, text) &&
		fstatat(at.dir, at.name, st, AT_SYMLINK_NOFOLLOW) == 0;

	target_close(&at);
	return found;
}
