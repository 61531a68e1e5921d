/*
 * listing.c - opens listings on files, directories and patterns.
 *
 * Runs in: session. Never: uses NSS, or follows a symbolic link below the
 * requested directory.
 */
#include "common/base.h"
#include "worker/tree/listing.h"

#include "common/glob.h"
#include "common/io.h"
#include "worker/reason.h"
#include "worker/tree/listing_steps.h"

#include <fcntl.h>

#define READ_SIZE 65536

/* Start with the top directory, open as fd, and the prefix of its names. */
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
	return error < 0 ? error : listing_steps_begin(l);
}

static int
begin_listing(struct listing *l, int fd)
{
	const struct listing_request *request = l->request;
	const char *prefix = l->path;

	l->recursive = request->recursive && request->max_depth > 1 &&
		request->format != LISTING_FACTS;
	if (request->format == LISTING_NAMES) {
		l->line.prefix = buffer_text(&l->walk.path);
		if (strcmp(prefix, ".") == 0 || strcmp(prefix, "./") == 0)
			prefix = "";
	}
	return begin_top(l, fd, prefix, strlen(prefix));
}

/* Names are shown with the path in front of the last component. */
static int
set_prefix(struct listing *l)
{
	struct buffer *path = &l->walk.path;

	l->line.prefix = buffer_text(path);
	buffer_add(path, l->path, (size_t)(l->at.name - l->path));
	return path->overflow ? -ENAMETOOLONG : 0;
}

/* A pattern in the last component; the path before it is used literally.  With
 * a slash at the end it is for directories only. */
static int
begin_pattern(struct listing *l)
{
	const char *pattern = l->at.name;
	size_t len = strcspn(pattern, "/");
	int error;

	if (!glob_has_wildcard(pattern, len))
		return -ENOENT;
	error = glob_check(pattern, len);
	if (error == -E2BIG)
		return error;
	int fd = target_open(&l->request->tree->resolver, l->at.dir, ".",
		O_RDONLY | O_DIRECTORY, 0);
	if (fd < 0)
		return fd;
	if (!tree_may_read(l->request->tree, fd)) {
		io_close(&fd);
		return -EACCES;
	}
	l->pattern = pattern;
	l->pattern_len = len;
	l->only_directories = pattern[len] == '/';
	l->line.prefix = buffer_text(&l->walk.path);
	return begin_top(l, fd, l->path, (size_t)(pattern - l->path));
}

/* A file, or a directory that is itself to be shown (-d). */
static int
begin_alone(struct listing *l)
{
	struct stat st;
	int error = tree_enter_link(l->request->tree, &l->at, l->path,
		PERMISSION_list);

	if (error < 0)
		return error;
	l->phase = PHASE_ALONE;
	l->line.dir = l->at.dir;
	if (fstatat(l->at.dir, l->at.name, &st, AT_SYMLINK_NOFOLLOW) == 0)
		return set_prefix(l);
	return errno == ENOENT ? begin_pattern(l) : -errno;
}

static int
begin(struct listing *l)
{
	const struct listing_request *request = l->request;
	int fd = -ENOTDIR;

	if (!request->directory_itself)
		fd = tree_open_directory(request->tree, l->path);
	if (fd >= 0 && !tree_may_read(request->tree, fd)) {
		io_close(&fd);
		return -EACCES;
	}
	if (fd >= 0)
		return begin_listing(l, fd);
	/* A link that is not followed is itself shown, but not "link/". */
	if (fd == -REASON_LINK && l->path[strlen(l->path) - 1] != '/')
		fd = -ELOOP;
	if (request->format == LISTING_FACTS ||
	    (fd != -ENOTDIR && fd != -ENOENT && fd != -ELOOP))
		return fd;
	return begin_alone(l);
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
	l->sorted = request->by_name || request->by_time || request->by_size ||
		request->reverse;
	l->at.dir = -1;
	l->line.request = request;
	l->line.prefix = "";
	l->line.now = time(NULL);
	listing_walk_init(&l->walk, request->max_depth,
		request->all || request->almost_all);
	l->walk.tree = request->tree;

	int error = begin(l);
	if (error < 0) {
		listing_close(l);
		return error;
	}
	*listing = l;
	return 0;
}

int
listing_fill(void *listing, char *text, size_t size, size_t *len)
{
	return listing_steps_fill(listing, text, size, len);
}

void
listing_close(struct listing *l)
{
	if (l == NULL)
		return;
	listing_read_close(&l->read);
	listing_sort_clear(&l->sort);
	listing_walk_close(&l->walk);
	target_close(&l->at);
	free(l);
}

bool
listing_was_cut(const struct listing *l)
{
	return l->cut || l->walk.cut;
}
