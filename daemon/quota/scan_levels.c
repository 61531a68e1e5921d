/*
 * scan_levels.c - the directories from the root of a scan down to the one that
 * is being read.
 *
 * Runs in: scanner.
 */
#include "common/base.h"
#include "daemon/quota/scan_levels.h"

#include "common/io.h"
#include "common/text.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>

#define BUFFER_SIZE 32768
#define FIRST_SIZE  64

/* --- one level */

/* Its place among the entries stays in `offset`. */
static void
close_level(struct scan_level *l)
{
	io_close(&l->fd);
	free(l->data);
	l->data = NULL;
	l->at = l->len = 0;
}

/* Open a level again from the one below it. */
static int
reopen(struct scan_level *l, int below)
{
	struct stat st;
	int error = 0;
	int fd = openat(below, "..", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		return -errno;
	if (fstat(fd, &st) < 0 || lseek(fd, l->offset, SEEK_SET) < 0)
		error = -errno;
	else if (st.st_dev != l->dev || st.st_ino != l->ino)
		error = -ESTALE;
	if (error < 0)
		close(fd);
	else
		l->fd = fd;
	return error;
}

static int
fill(struct scan_level *l)
{
	if (l->data == NULL)
		l->data = malloc(BUFFER_SIZE);
	if (l->data == NULL)
		return -ENOMEM;
	ssize_t n = getdents64(l->fd, l->data, BUFFER_SIZE);
	/* The directory was removed meanwhile: it has no entries. */
	if (n <= 0)
		return n == 0 || errno == ENOENT ? 0 : -errno;
	l->at = 0;
	l->len = (size_t)n;
	return 1;
}

/* --- all of them */

static int
make_room(struct scan_levels *s)
{
	if (s->count < s->size)
		return 0;
	if (s->count == SCAN_MAX_DEPTH)
		return -ELOOP;
	size_t size = s->size == 0 ? FIRST_SIZE : 2 * s->size;
	struct scan_level *list = realloc(s->list, size * sizeof(list[0]));
	if (list == NULL)
		return -ENOMEM;
	s->list = list;
	s->size = size;
	return 0;
}

int
scan_levels_push(struct scan_levels *s, int fd, uint64_t dev, uint64_t ino)
{
	int error = make_room(s);

	if (error < 0) {
		close(fd);
		return error;
	}
	s->list[s->count++] = (struct scan_level){
		.fd = fd, .dev = dev, .ino = ino };
	if (s->count > SCAN_MAX_OPEN + 1)
		close_level(&s->list[s->count - 1 - SCAN_MAX_OPEN]);
	return 0;
}

struct scan_level *
scan_levels_top(const struct scan_levels *s)
{
	return &s->list[s->count - 1];
}

int
scan_levels_next(struct scan_levels *s, struct scan_entry *entry)
{
	struct scan_level *l = scan_levels_top(s);

	do {
		int more = l->at < l->len ? 1 : fill(l);
		if (more <= 0)
			return more;
		/* The kernel aligns entries to 8 bytes, malloc the buffer. */
		const void *at = l->data + l->at;
		const struct dirent64 *d = at;
		l->at += d->d_reclen;
		l->offset = d->d_off;
		entry->name = d->d_name;
		entry->type = d->d_type;
	} while (text_is_dots(entry->name, strlen(entry->name)));
	return 1;
}

int
scan_levels_rewind(struct scan_levels *s)
{
	struct scan_level *l = scan_levels_top(s);

	l->at = l->len = 0;
	l->offset = 0;
	return lseek(l->fd, 0, SEEK_SET) < 0 ? -errno : 0;
}

int
scan_levels_pop(struct scan_levels *s)
{
	struct scan_level *below = &s->list[--s->count];
	struct scan_level *l = below - 1;
	int error = 0;

	if (s->count > 0 && l->fd < 0)
		error = reopen(l, below->fd);
	close_level(below);
	while (error < 0 && s->count > 1)
		close_level(&s->list[--s->count]);
	return error;
}

void
scan_levels_clear(struct scan_levels *s)
{
	while (s->count > 0)
		close_level(&s->list[--s->count]);
	free(s->list);
	s->list = NULL;
	s->size = 0;
}
