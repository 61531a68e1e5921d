/*
 * listing.c - directories as text, from open to close.
 *
 * Runs in: session.
 * Never: runs NSS, follows a symbolic link below the directory asked for, or
 * keeps what it need not keep.
 *
 * A listing goes through phases; each step writes at most one entry's line
 * and moves on only when it fitted.
 */
#include "common/base.h"
#include "worker/listing.h"

#include "common/glob.h"
#include "common/io.h"
#include "worker/listing_line.h"
#include "worker/listing_read.h"
#include "worker/listing_sort.h"
#include "worker/listing_walk.h"

#include <fcntl.h>

#define READ_SIZE 65536

enum phase {
	PHASE_ALONE,		/* a file, or a directory itself */
	PHASE_HEADER,		/* -R: the directory's path */
	PHASE_SORT,		/* collect and sort its entries */
	PHASE_ENTRIES,
	PHASE_WALK,		/* -R: the next directory */
	PHASE_NOTE,		/* the last line of a cut listing */
	PHASE_END,
};

struct listing {
	const struct listing_request *request;
	enum phase phase;
	const char *path;	/* what was asked for; "." when nothing was */
	const char *pattern;	/* its last component, or NULL */
	bool sorted, recursive;
	bool cut;		/* at max_entries */
	bool headed;		/* a header was written */
	int64_t count;
	struct listing_read read;
	struct listing_sort sort;
	struct listing_line line;
	struct listing_walk walk;
};

static int
open_directory(const char *path)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	return fd < 0 ? -errno : fd;
}

/* The walk is at a new directory: what its lines need. */
static int
begin_directory(struct listing *l)
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
	return error < 0 ? error : begin_directory(l);
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

static bool
is_wanted(const struct listing *l, const char *name)
{
	if (l->request->format == LISTING_FACTS)
		return true;
	if (l->pattern == NULL)
		return l->request->all || name[0] != '.';
	if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
		return false;
	if (name[0] == '.' && l->pattern[0] != '.' && !l->request->all)
		return false;
	return glob_match(l->pattern, strlen(l->pattern), name, strlen(name));
}

/*
 * The steps: 1 to go on, 0 at the end, -errno.  What a step wrote beyond the
 * caller's buffer is undone by listing_fill() and written again by the next
 * call, so a step moves on only when there was no overflow.
 */
static int
step_alone(struct listing *l, struct buffer *b)
{
	bool added = listing_line_add(&l->line, b, l->path);

	if (!b->overflow) {
		l->count += added;
		l->phase = PHASE_END;
	}
	return 1;
}

/* "dir:" as ls has it, and an empty line between directories. */
static int
step_header(struct listing *l, struct buffer *b)
{
	if (l->headed)
		buffer_add_text(b, "\r\n");
	size_t start = b->len;
	listing_line_add_name(b, buffer_text(&l->walk.path));
	if (b->len > start + 1)
		b->len--;	/* the slash at the end, but not that of "/" */
	buffer_add_text(b, ":\r\n");
	if (!b->overflow) {
		l->headed = true;
		l->phase = PHASE_SORT;
	}
	return 1;
}

static int
sort_entry(struct listing *l, const char *name)
{
	struct listing_key key = { 0, 0 };
	struct stat st;

	if (l->request->by_time || l->request->by_size) {
		if (fstatat(l->line.dir, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
			return 0;
		if (l->request->by_time)
			key = (struct listing_key){ st.st_mtim.tv_sec,
				st.st_mtim.tv_nsec };
		else
			key.number = st.st_size;
	}
	return listing_sort_add(&l->sort, name, key);
}

static int
step_sort(struct listing *l, struct buffer *b UNUSED)
{
	struct listing_entry entry;
	int64_t room = l->request->max_entries - l->count;
	int r = 1;

	l->phase = PHASE_ENTRIES;
	if (!l->sorted)
		return 1;
	listing_sort_clear(&l->sort);
	while ((r = listing_read_peek(&l->read, &entry)) > 0) {
		listing_read_next(&l->read);
		if (!is_wanted(l, entry.name))
			continue;
		if ((int64_t)l->sort.count >= room) {
			l->cut = true;
			break;
		}
		r = sort_entry(l, entry.name);
		if (r < 0)
			return r;
	}
	listing_sort_finish(&l->sort, l->request->reverse);
	return r < 0 ? r : 1;
}

/* The next wanted name, which stays at the front.  1, 0 or -errno. */
static int
peek(struct listing *l, const char **name)
{
	struct listing_entry entry;
	int r;

	if (l->sorted) {
		*name = listing_sort_peek(&l->sort);
		return *name != NULL;
	}
	while ((r = listing_read_peek(&l->read, &entry)) > 0) {
		*name = entry.name;
		if (is_wanted(l, entry.name))
			break;
		listing_read_next(&l->read);
	}
	return r;
}

static int
step_entries(struct listing *l, struct buffer *b)
{
	const char *name;
	int r = peek(l, &name);

	if (r < 0)
		return r;
	if (r > 0 && l->recursive && l->count >= l->request->max_entries)
		l->cut = true;
	if (r == 0 || (l->cut && !l->sorted)) {
		l->phase = l->recursive && !l->cut ? PHASE_WALK : PHASE_NOTE;
		return 1;
	}

	bool added = listing_line_add(&l->line, b, name);
	if (b->overflow)
		return 1;
	l->count += added;
	if (l->sorted)
		listing_sort_next(&l->sort);
	else
		listing_read_next(&l->read);
	return 1;
}

static int
step_walk(struct listing *l, struct buffer *b UNUSED)
{
	int r = listing_walk_next(&l->walk);

	if (r < 0)
		return r;
	if (r > 0)
		return (r = begin_directory(l)) < 0 ? r : 1;
	l->phase = PHASE_NOTE;
	return 1;
}

static int
step_note(struct listing *l, struct buffer *b)
{
	if (l->request->format == LISTING_LONG && l->cut)
		buffer_addf(b, "# listing cut after %jd entries\r\n",
			(intmax_t)l->count);
	else if (l->request->format == LISTING_LONG && l->walk.cut)
		buffer_addf(b, "# listing cut at depth %zu\r\n",
			l->walk.max_depth);
	if (!b->overflow)
		l->phase = PHASE_END;
	return 1;
}

static int
step_end(struct listing *l UNUSED, struct buffer *b UNUSED)
{
	return 0;
}

int
listing_fill(void *listing, char *text, size_t size, size_t *len)
{
	static int (*const steps[])(struct listing *l, struct buffer *b) = {
		[PHASE_ALONE] = step_alone,
		[PHASE_HEADER] = step_header,
		[PHASE_SORT] = step_sort,
		[PHASE_ENTRIES] = step_entries,
		[PHASE_WALK] = step_walk,
		[PHASE_NOTE] = step_note,
		[PHASE_END] = step_end,
	};
	struct listing *l = listing;
	struct buffer b;
	size_t fitted;
	int r;

	buffer_init(&b, text, size);
	do {
		fitted = b.len;
		r = steps[l->phase](l, &b);
	} while (r > 0 && !b.overflow);
	*len = b.overflow ? fitted : b.len;
	return r > 0 && *len == 0 ? -EMSGSIZE : r;
}
