/*
 * listing.c - opens listings on files, directories and patterns.
 *
 * Runs in: session.
 * Never: runs NSS, or follows a symbolic link below the directory asked for.
 */
#include "common/base.h"
#include "worker/tree/listing.h"

#include "common/glob.h"
#include "worker/tree/listing_state.h"

#include <fcntl.h>

#define READ_SIZE 65536

static int
open_directory(const char *path)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	return fd < 0 ? -errno : fd;
}

int
listing_begin_directory(struct listing *l)
{
	int fd = listing_walk_fd(&l->walk);
	bool header = l->recursive && l->request->format == LISTING_LONG;

	l->line.dir = fd;
	l->phase = header ? PHASE_HEADER : PHASE_SORT;
	if (l->request->format == LISTING_FACTS &&
	    fstat(fd, &l->line.dir_stat) < 0)
		return -errno;
	return listing_read_start(&l->read, fd);
}

/* The top directory, open as fd, and what stands before its names. */
static int
begin_top(struct listing *l, int fd, const char *prefix, size_t prefix_len)
{
	struct buffer *path = &l->walk.path;

	buffer_add(path, prefix, prefix_len);
	if (path->len > 0 && path->data[path->len - 1] != '/')
		buffer_add_char(path, '/');
	listing_walk_start(&l->walk, fd);
	if (path->overflow)
		return -ENAMETOOLONG;

	int error = listing_read_open(&l->read, READ_SIZE);
	return error < 0 ? error : listing_begin_directory(l);
}

static int
begin_listing(struct listing *l, int fd)
{
	const struct listing_request *request = l->request;
	const char *prefix = l->path;

	l->recursive = request->recursive && request->format != LISTING_FACTS;
	if (request->format == LISTING_NAMES) {
		l->line.prefix = buffer_text(&l->walk.path);
		if (strcmp(prefix, ".") == 0 || strcmp(prefix, "./") == 0)
			prefix = "";
	}
	return begin_top(l, fd, prefix, strlen(prefix));
}

/* A pattern in the last component; what stands before it is used as it is. */
static int
begin_pattern(struct listing *l)
{
	const char *slash = strrchr(l->path, '/');
	const char *pattern = slash != NULL ? slash + 1 : l->path;
	size_t dir_len = (size_t)(pattern - l->path);
	BUFFER(dir, PATH_MAX);
	int error;

	if (!glob_has_wildcard(pattern, strlen(pattern)))
		return -ENOENT;
	error = glob_check(pattern, strlen(pattern));
	if (error < 0)
		return error;
	buffer_add(&dir, l->path, dir_len);
	if (dir.overflow)
		return -ENAMETOOLONG;

	int fd = open_directory(dir_len > 0 ? buffer_text(&dir) : ".");
	if (fd < 0)
		return fd;
	l->pattern = pattern;
	l->line.prefix = buffer_text(&l->walk.path);
	return begin_top(l, fd, l->path, dir_len);
}

static int
begin(struct listing *l)
{
	const struct listing_request *request = l->request;
	int fd = -ENOTDIR;
	struct stat st;

	if (!request->directory_itself)
		fd = open_directory(l->path);
	if (fd >= 0)
		return begin_listing(l, fd);
	if (request->format == LISTING_FACTS ||
	    (fd != -ENOTDIR && fd != -ENOENT && fd != -ELOOP))
		return fd;

	l->phase = PHASE_ALONE;
	l->line.dir = AT_FDCWD;
	if (fstatat(AT_FDCWD, l->path, &st, AT_SYMLINK_NOFOLLOW) == 0)
		return 0;
	return errno == ENOENT ? begin_pattern(l) : -errno;
}

int
listing_open(struct listing **listing, const struct listing_request *request)
{
	struct listing *l = calloc(1, sizeof(*l));

	*listing = NULL;
	if (l == NULL)
		return -ENOMEM;
	l->request = request;
	l->path = *request->path != '\0' ? request->path : ".";
	l->sorted = request->by_time || request->by_size || request->reverse;
	l->line.request = request;
	l->line.prefix = "";
	l->line.now = time(NULL);
	listing_walk_init(&l->walk, request->max_depth, request->all);

	int error = begin(l);
	if (error < 0) {
		listing_close(l);
		return error;
	}
	*listing = l;
	return 0;
}

void
listing_close(struct listing *l)
{
	if (l == NULL)
		return;
	listing_read_close(&l->read);
	listing_sort_clear(&l->sort);
	listing_walk_close(&l->walk);
	free(l);
}

int64_t
listing_count(const struct listing *l)
{
	return l->count;
}

bool
listing_was_cut(const struct listing *l)
{
	return l->cut || l->walk.cut;
}
