/*
 * listing_steps.c - produces the text of an open listing, one buffer at a time.
 *
 * Runs in: session.
 *
 * A listing goes through phases; each step writes at most one entry's line (or
 * several that are already sorted), and proceeds only if it fits.
 */
#include "common/base.h"
#include "worker/tree/listing_steps.h"

#include "common/clock.h"
#include "common/glob.h"
#include "common/io.h"
#include "common/log/log.h"
#include "common/text.h"
#include "worker/tree/hidden.h"
#include "worker/tree/name_rules.h"

#include <dirent.h>
#include <fcntl.h>

#define AT_MOST_MS 20	/* between two checks of the control connection */
#define STEPS	   16	/* between two checks of the clock */
#define SORTED_LINES 32	/* in one step, which only copies them */

int
listing_steps_begin(struct listing *l)
{
	int fd = listing_walk_fd(&l->walk);
	bool header = l->recursive && l->request->format == LISTING_LONG;

	l->line.dir = fd;
	l->after_header = l->sorted ? PHASE_SORT : PHASE_ENTRIES;
	l->phase = header ? PHASE_HEADER : l->after_header;
	listing_sort_clear(&l->sort);
	if (l->request->format == LISTING_FACTS) {
		if (fstat(fd, &l->line.dir_stat) < 0)
			return -errno;
		l->line.user = tree_user_in(l->request->tree, fd);
		tree_user_on_mount(&l->line.user, fd);
		l->line.name_rules =
			name_rules_exist(l->request->tree->settings);
		l->line.facts.chosen = l->request->facts;
		l->line.facts.dir = &l->line.dir_stat;
	}
	return listing_read_start(&l->read, fd);
}

/* Also one that a symbolic link leads to. */
static bool
is_directory(const struct listing *l, const struct listing_entry *entry)
{
	int fd;

	if (entry->type != DT_LNK && entry->type != DT_UNKNOWN)
		return entry->type == DT_DIR;
	fd = target_open(&l->request->tree->resolver, l->line.dir, entry->name,
		O_PATH | O_DIRECTORY, 0);
	if (fd < 0)
		return false;
	io_close(&fd);
	return true;
}

static bool
matches(const struct listing *l, const struct listing_entry *entry)
{
	return glob_match(l->pattern, l->pattern_len, entry->name,
		entry->len) &&
		(!l->only_directories || is_directory(l, entry));
}

static bool
is_wanted(const struct listing *l, const struct listing_entry *entry)
{
	const char *name = entry->name, *pattern = l->pattern;
	bool dots = l->request->all || l->request->format == LISTING_FACTS;
	bool all = dots || l->request->almost_all ||
		(pattern != NULL && pattern[0] == '.');

	if (text_is_dots(name, entry->len) && (!dots || pattern != NULL))
		return false;
	if (hidden_is_name(name))
		return false;
	if (!name_rules_show(l->request->tree->settings, name, all))
		return false;
	return pattern == NULL || matches(l, entry);
}

/*
 * Steps return 1 to continue, 0 at the end, or -errno.  A line that did not fit
 * is removed by listing_steps_fill(), and written again by the next call.
 */
static int
step_alone(struct listing *l, struct buffer *b)
{
	const struct listing_entry entry = { .name = l->at.name,
		.len = strlen(l->at.name) };
	bool added = listing_line_add(&l->line, b, &entry);

	if (!b->overflow) {
		l->count += added;
		l->phase = PHASE_END;
	}
	return 1;
}

/* "dir:" as in ls, and an empty line between directories. */
static int
step_header(struct listing *l, struct buffer *b)
{
	if (l->headed)
		buffer_add_text(b, "\r\n");
	size_t start = b->len;
	listing_line_add_name(b, l->walk.path.data, l->walk.path.len);
	if (b->len > start + 1)
		b->len--;	/* without the slash at the end, except for
				 * "/" */
	buffer_add_text(b, ":\r\n");
	if (!b->overflow) {
		l->headed = true;
		l->phase = l->after_header;
	}
	return 1;
}

/* Entries whose stat() fails are sorted last. */
static uint64_t
rank(const struct listing *l, const struct listing_entry *entry)
{
	const struct listing_request *request = l->request;
	const struct stat *st = &l->line.st;
	struct stat own UNINITIALIZED;

	if (!request->by_time && !request->by_size)
		return 0;
	if (request->format != LISTING_LONG) {
		if (listing_line_stat(&l->line, entry->name, &own) < 0)
			memset(&own, 0, sizeof(own));
		st = &own;
	}
	return request->by_time ? listing_sort_newest(st) :
		listing_sort_largest(st);
}

static int
sort_entry(struct listing *l, const struct listing_entry *entry)
{
	struct buffer line;
	int error = listing_sort_line(&l->sort, &line);

	if (error < 0 || !listing_line_add(&l->line, &line, entry))
		return error;
	return listing_sort_add(&l->sort, &line, l->line.name,
		rank(l, entry));
}

/* A recursive listing ends at max_entries anyway; any other is complete, but in
 * the order of the directory. */
static int
give_up_sorting(struct listing *l, const char *reason)
{
	log_info("listing of %s is not sorted: %s", l->path, reason);
	listing_sort_clear(&l->sort);
	l->sorted = false;
	l->phase = PHASE_ENTRIES;
	int error = listing_read_start(&l->read, l->read.fd);
	return error < 0 ? error : 1;
}

static int
finish_sorting(struct listing *l)
{
	l->phase = PHASE_SORTED;
	if (listing_sort_finish(&l->sort, l->request->reverse) < 0)
		return give_up_sorting(l, "out of memory");
	return 1;
}

static int
too_many(struct listing *l)
{
	char reason[80];

	if (l->recursive) {
		l->cut = true;
		return finish_sorting(l);
	}
	snprintf(reason, sizeof(reason), "more than %" PRId64
		" entries (max_list_entries)", l->request->max_entries);
	return give_up_sorting(l, reason);
}

static int
step_sort(struct listing *l, struct buffer *b UNUSED)
{
	int64_t room = l->request->max_entries - l->count;
	struct listing_entry entry;
	int r = listing_read_peek(&l->read, &entry);

	if (r <= 0)
		return r == 0 ? finish_sorting(l) : r;
	listing_read_next(&l->read);
	if (!is_wanted(l, &entry))
		return 1;
	if ((int64_t)l->sort.count >= room)
		return too_many(l);
	if (sort_entry(l, &entry) < 0)
		return give_up_sorting(l, "out of memory");
	return 1;
}

/* Find the next entry to be listed, which becomes the current one.  1, 0 or
 * -errno. */
static int
peek(struct listing *l, struct listing_entry *entry)
{
	int r;

	while ((r = listing_read_peek(&l->read, entry)) > 0) {
		if (is_wanted(l, entry))
			break;
		listing_read_next(&l->read);
	}
	return r;
}

static int
end_entries(struct listing *l)
{
	l->phase = l->recursive && !l->cut ? PHASE_WALK : PHASE_NOTE;
	return 1;
}

static int
step_entries(struct listing *l, struct buffer *b)
{
	struct listing_entry entry;
	int r = peek(l, &entry);

	if (r < 0)
		return r;
	if (r > 0 && l->recursive && l->count >= l->request->max_entries)
		l->cut = true;
	if (r == 0 || l->cut)
		return end_entries(l);

	bool added = listing_line_add(&l->line, b, &entry);
	if (b->overflow)
		return 1;
	l->count += added;
	listing_read_next(&l->read);
	return 1;
}

/* A line that does not fit ends the step, and is the first one of the next. */
static int
step_sorted(struct listing *l, struct buffer *b)
{
	const char *line;
	size_t len;

	for (int i = 0; i < SORTED_LINES; i++) {
		if (listing_sort_peek(&l->sort, &line, &len) == 0)
			return end_entries(l);
		if (i > 0 && len > buffer_room(b))
			return 1;
		buffer_add(b, line, len);
		if (b->overflow)
			return 1;
		l->count++;
		listing_sort_next(&l->sort);
	}
	return 1;
}

static int
step_walk(struct listing *l, struct buffer *b UNUSED)
{
	int r = listing_walk_next(&l->walk);

	if (r < 0)
		return r;
	if (r > 0)
		return (r = listing_steps_begin(l)) < 0 ? r : 1;
	l->phase = PHASE_NOTE;
	return 1;
}

static int
step_note(struct listing *l, struct buffer *b)
{
	if (l->request->format == LISTING_LONG && l->cut)
		buffer_addf(b, "# listing truncated after %jd entries\r\n",
			(intmax_t)l->count);
	else if (l->request->format == LISTING_LONG && l->walk.cut)
		buffer_addf(b, "# listing truncated at depth %zu\r\n",
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

/* Each step may be a call to a slow file system. */
static bool
is_late(unsigned *done, int64_t deadline)
{
	return ++*done % STEPS == 0 && clock_passed(deadline);
}

int
listing_steps_fill(struct listing *l, char *text, size_t size, size_t *len)
{
	static int (*const steps[])(struct listing *l, struct buffer *b) = {
		[PHASE_ALONE] = step_alone,
		[PHASE_HEADER] = step_header,
		[PHASE_SORT] = step_sort,
		[PHASE_SORTED] = step_sorted,
		[PHASE_ENTRIES] = step_entries,
		[PHASE_WALK] = step_walk,
		[PHASE_NOTE] = step_note,
		[PHASE_END] = step_end,
	};
	int64_t deadline = clock_ms() + AT_MOST_MS;
	unsigned done = 0;
	struct buffer b;
	size_t fitted;
	int r;

	buffer_init(&b, text, size);
	do {
		fitted = b.len;
		r = steps[l->phase](l, &b);
	} while (r > 0 && !b.overflow && !is_late(&done, deadline));
	*len = b.overflow ? fitted : b.len;
	return r > 0 && b.overflow && *len == 0 ? -EMSGSIZE : r;
}
