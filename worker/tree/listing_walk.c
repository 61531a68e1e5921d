/*
 * listing_walk.c - walks the directories of LIST -R.
 *
 * Runs in: session.
 * Never: follows a symbolic link.
 */
#include "common/base.h"
#include "worker/tree/listing_walk.h"

#include "common/io.h"
#include "common/text.h"
#include "worker/tree/name_rules.h"

#include <dirent.h>
#include <fcntl.h>

/* Small, because every level has its own buffer. */
#define READ_SIZE 8192

void
listing_walk_init(struct listing_walk *w, int64_t max_depth, bool hidden)
{
	if (max_depth < 1)
		max_depth = 1;
	if (max_depth > LISTING_WALK_MAX_DEPTH)
		max_depth = LISTING_WALK_MAX_DEPTH;
	w->depth = 0;
	w->max_depth = (size_t)max_depth;
	w->tree = NULL;
	w->hidden = hidden;
	w->cut = false;
	buffer_init(&w->path, w->path_storage, sizeof(w->path_storage));
}

static struct listing_level *
current(struct listing_walk *w)
{
	return &w->levels[w->depth - 1];
}

void
listing_walk_start(struct listing_walk *w, int fd)
{
	w->levels[w->depth++] = (struct listing_level){
		.fd = fd,
		.path_len = w->path.len,
	};
}

int
listing_walk_fd(const struct listing_walk *w)
{
	return w->depth > 0 ? w->levels[w->depth - 1].fd : -1;
}

/* Remove what was added to the path below the current directory. */
static void
cut_path(struct listing_walk *w)
{
	w->path.len = current(w)->path_len;
	w->path.data[w->path.len] = '\0';
	w->path.overflow = false;
}

static void
leave(struct listing_walk *w)
{
	listing_read_close(&current(w)->read);
	io_close(&current(w)->fd);
	w->depth--;
	if (w->depth > 0)
		cut_path(w);
}

static bool
is_candidate(const struct listing_walk *w, const struct listing_entry *entry)
{
	if (entry->type != DT_DIR && entry->type != DT_UNKNOWN)
		return false;
	if (text_is_dots(entry->name, entry->len))
		return false;
	if (w->tree != NULL)
		return name_rules_show(w->tree->settings, entry->name,
			w->hidden) &&
			name_rules_check(w->tree->settings, entry->name) == 0;
	return w->hidden || entry->name[0] != '.';
}

static bool
may_list(const struct listing_walk *w, int dir)
{
	return w->tree == NULL || (tree_may_read(w->tree, dir) &&
		(tree_user_in(w->tree, dir).permissions & PERMISSION_list) &&
		tree_permit_directory(w->tree, dir) == 0);
}

/* Enter this entry, if it is a directory that may be entered. */
static bool
enter(struct listing_walk *w, const struct listing_entry *entry)
{
	if (!is_candidate(w, entry))
		return false;
	int fd = openat(current(w)->fd, entry->name,
		O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return false;
	if (!may_list(w, fd)) {
		io_close(&fd);
		return false;
	}

	buffer_add_text(&w->path, entry->name);
	buffer_add_char(&w->path, '/');
	if (w->depth == w->max_depth || w->path.overflow) {
		w->cut = true;
		cut_path(w);
		io_close(&fd);
		return false;
	}
	listing_walk_start(w, fd);
	return true;
}

/* Read the directory again, to find the next subdirectory. */
static int
start_reading(struct listing_level *level)
{
	if (level->read.data != NULL)
		return 0;
	int error = listing_read_open(&level->read, READ_SIZE);
	return error < 0 ? error : listing_read_start(&level->read, level->fd);
}

int
listing_walk_next(struct listing_walk *w)
{
	while (w->depth > 0) {
		struct listing_level *level = current(w);
		struct listing_entry entry;
		int r = start_reading(level);
		if (r == 0)
			r = listing_read_peek(&level->read, &entry);
		if (r < 0)
			return r;
		if (r == 0) {
			leave(w);
			continue;
		}
		bool entered = enter(w, &entry);
		listing_read_next(&level->read);
		if (entered)
			return 1;
	}
	return 0;
}

void
listing_walk_close(struct listing_walk *w)
{
	while (w->depth > 0)
		leave(w);
}
