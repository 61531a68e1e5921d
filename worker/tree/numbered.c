/*
 * numbered.c - names with a number, and renames that replace nothing.
 *
 * Runs in: session.  Never: relies on an earlier check that a name is free: the
 * call that creates the file fails if the name exists.
 */
#include "common/base.h"

#include "worker/tree/numbered.h"

#include "common/settings/settings.h"
#include "worker/tree/name_rules.h"
#include "worker/tree/same_file.h"

#include <fcntl.h>
#include <sys/random.h>
#include <sys/stat.h>

#define NUMBER_MAX 9999

void
numbered_init(struct numbered *n, const char *base,
	const struct user_settings *settings)
{
	n->base = base;
	n->settings = settings;
	n->overwrite = settings != NULL ? settings->overwrite : OVERWRITE_DENY;
	n->number = 0;
}

static int
next(struct numbered *n, struct target *at)
{
	size_t len = strlen(n->base);
	char *slash;

	if (n->number == NUMBER_MAX)
		return -EEXIST;
	while (len > 1 && n->base[len - 1] == '/')
		len--;
	int written = snprintf(n->path, sizeof(n->path), "%.*s.%d", (int)len,
		n->base, ++n->number);
	if (written < 0 || (size_t)written >= sizeof(n->path))
		return -ENAMETOOLONG;
	slash = strrchr(n->path, '/');
	at->path = n->path;
	at->name = slash != NULL ? slash + 1 : n->path;
	return 0;
}

int
numbered_next(struct numbered *n, struct target *at)
{
	int error;

	do
		error = next(n, at);
	while (error == 0 && name_rules_check(n->settings, at->name) < 0);
	return error;
}

int
numbered_next_free(struct numbered *n, struct target *at)
{
	struct stat st;
	int error;

	do
		error = numbered_next(n, at);
	while (error == 0 && fstatat(at->dir, at->name, &st,
		AT_SYMLINK_NOFOLLOW) == 0);
	return error;
}

static bool
is_same_file(const struct target *a, const struct target *b)
{
	struct stat st;

	return fstatat(a->dir, a->name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
		same_file_is(b->dir, b->name, &st);
}

static int
rename_plain(const struct target *old, const struct target *new)
{
	return renameat(old->dir, old->name, new->dir, new->name) < 0 ?
		-errno : 0;
}

/* Some network file systems cannot do this atomically. */
int
numbered_rename_if_free(const struct target *old, const struct target *new)
{
	struct stat st;

	if (renameat2(old->dir, old->name, new->dir, new->name,
		RENAME_NOREPLACE) == 0)
		return 0;
	if (errno != EINVAL && errno != ENOSYS)
		return -errno;
	if (fstatat(new->dir, new->name, &st, AT_SYMLINK_NOFOLLOW) == 0)
		return -EEXIST;
	return rename_plain(old, new);
}

int
numbered_rename(const struct target *old, struct target *new,
	struct numbered *n)
{
	int error;

	if (n->overwrite == OVERWRITE_ALLOW)
		return rename_plain(old, new);
	error = numbered_rename_if_free(old, new);
	/* Renaming something to itself changes nothing. */
	if (error == -EEXIST && is_same_file(old, new))
		return 0;
	while (error == -EEXIST && n->overwrite == OVERWRITE_RENAME) {
		error = numbered_next(n, new);
		if (error == 0)
			error = numbered_rename_if_free(old, new);
		else if (error == -EEXIST)
			break;
	}
	return error;
}

/* How much of the name leaves room for a suffix: a name that would become too
 * long is cut, if possible not within a UTF-8 character. */
static size_t
part_to_keep(const char *base, size_t suffix)
{
	const char *slash = strrchr(base, '/');
	size_t before = slash == NULL ? 0 : (size_t)(slash + 1 - base);
	size_t len = strlen(base + before), keep = NAME_MAX - suffix;

	if (len <= keep || len > NAME_MAX)
		return before + len;
	for (int i = 0; i < 3; i++)
		keep -= ((unsigned char)base[before + keep] & 0xc0) == 0x80;
	return before + keep;
}

int
numbered_unique(char *path, size_t size, const char *base)
{
	size_t len = strlen(base);
	uint32_t number;
	int n;

	if (len > 0 && base[len - 1] == '/')
		return -EISDIR;
	if (getrandom(&number, sizeof(number), 0) != (ssize_t)sizeof(number))
		return -EIO;
	n = snprintf(path, size, "%.*s.%08x",
		(int)part_to_keep(base, strlen(".12345678")), base, number);
	return n < 0 || (size_t)n >= size ? -ENAMETOOLONG : 0;
}
