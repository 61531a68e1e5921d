/*
 * notice.c - message files of directories.
 *
 * Runs in: session.
 */
#include "common/base.h"

#include "worker/tree/notice.h"

#include "common/settings/settings.h"

#include <fcntl.h>

static bool
was_shown(struct notices *n, const struct stat *directory)
{
	for (size_t i = 0; i < NOTICE_DIRECTORIES; i++)
		if (n->shown[i].ino == directory->st_ino &&
			n->shown[i].dev == directory->st_dev)
			return true;
	n->shown[n->next].dev = directory->st_dev;
	n->shown[n->next].ino = directory->st_ino;
	n->next = (n->next + 1) % NOTICE_DIRECTORIES;
	return false;
}

static size_t
read_text(int fd, char *text)
{
	size_t len = 0;
	ssize_t n = 1;

	while (n > 0 && len < NOTICE_SIZE) {
		n = read(fd, text + len, NOTICE_SIZE - len);
		if (n > 0)
			len += (size_t)n;
	}
	for (size_t i = 0; i < len; i++)
		if (text[i] == '\0')
			text[i] = '?';
	text[len] = '\0';
	return len;
}

size_t
notice_read(struct tree *t, struct notices *n, char *text)
{
	const char *name = t->settings->directory_message;
	struct stat st, directory;
	size_t len = 0;

	if (name == NULL || *name == '\0' || strchr(name, '/') != NULL)
		return 0;
	if (!(tree_user_in(t, AT_FDCWD).permissions & PERMISSION_retrieve))
		return 0;
	int fd = target_open(&t->resolver, AT_FDCWD, name,
		O_RDONLY | O_NOFOLLOW, 0);
	if (fd < 0)
		return 0;
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) &&
		tree_may_read(t, fd) &&
		fstatat(AT_FDCWD, ".", &directory, 0) == 0 &&
		!was_shown(n, &directory))
		len = read_text(fd, text);
	close(fd);
	return len;
}
