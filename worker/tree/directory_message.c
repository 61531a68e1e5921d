/*
 * directory_message.c - message files of directories.
 *
 * Runs in: session.
 */
#include "common/base.h"

#include "worker/tree/directory_message.h"

#include "common/settings/settings.h"

#include <fcntl.h>

/* False if it was shown before. */
static bool
mark_shown(struct directory_messages *m, const struct stat *directory)
{
	for (size_t i = 0; i < DIRECTORY_MESSAGES_SHOWN; i++)
		if (m->shown[i].ino == directory->st_ino &&
			m->shown[i].dev == directory->st_dev)
			return false;
	m->shown[m->next].dev = directory->st_dev;
	m->shown[m->next].ino = directory->st_ino;
	m->next = (m->next + 1) % DIRECTORY_MESSAGES_SHOWN;
	return true;
}

static size_t
read_text(int fd, char *text)
{
	size_t len = 0;
	ssize_t n = 1;

	while (n > 0 && len < DIRECTORY_MESSAGE_SIZE) {
		n = read(fd, text + len, DIRECTORY_MESSAGE_SIZE - len);
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
directory_message_read(struct tree *t, struct directory_messages *m,
	char *text)
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
		mark_shown(m, &directory))
		len = read_text(fd, text);
	close(fd);
	return len;
}
