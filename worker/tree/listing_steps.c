/*
 * listing_steps.c - produces the text of an open listing, one buffer at a time.
 *
 * Runs in: session.
 *
 * A listing goes through phases; each step writes at most one entry's line, and
 * proceeds only if it fits.
 */
#include "common/base.h"
#include "worker/tree/listing_steps.h"

#include "common/glob.h"
#include "common/log/log.h"
#include "worker/tree/hidden.h"
#include "worker/tree/name_rules.h"

#include <fcntl.h>

int
listing_steps_begin(struct listing *l)
{
	int fd = listing_walk_fd(&l->walk);
	bool header = l->recursive && l->request->format == LISTING_LONG;

	l->line.dir = fd;
	l->phase = header ? PHASE_HEADER : PHASE_SORT;
	if (l->request->format == LISTING_FACTS) {
		if (fstat(fd, &l->line.dir_stat) < 0)
			return -errno;
		l->line.user = tree_user_in(l->request->tree, fd);
	}
	return listing_read_start(&l->read, fd);
}

static bool
is_wanted(const struct listing *l, const char *name)
{
	bool all = l->request->all || l->request->format == LISTING_FACTS ||
		(l->pattern != NULL && l->pattern[0] == '.');

	if (hidden_is_name(name) || (l->pattern != NULL &&
	    (strcmp(name, ".") == 0 || strcmp(name, "..") == 0)))
		return false;
	if (!name_rules_show(l->request->tree->settings, name, all))
		return false;
	return l->pattern == NULL || glob_match(l->pattern,
		strlen(l->pattern), name, strlen(name));
}

/*
 * Steps return 1 to continue, 0 at the end, or -errno.  A line that did not fit
 * is removed by listing_steps_fill(), and written again by the next call.
 */
static int
step_alone(struct listing *l, struct buffer *b)
{
	const struct listing_entry entry = { .name = l->at.name };
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
	listing_line_add_name(b, buffer_text(&l->walk.path));
	if (b->len > start + 1)
		b->len--;	/* without the slash at the end, except for
				 * "/" */
	buffer_add_text(b, ":\r\n");
	if (!b->overflow) {
		l->headed = true;
		l->phase = PHASE_SORT;
	}
	return 1;
}

/* Entries whose stat() fails are sorted last. */
static int
sort_entry(struct listing *l, const struct listing_entry *entry)
{
	struct listing_key key = { 0, 0 };
	struct stat st;

	if (l->request->by_time || l->request->by_size) {
		if (fstatat(l->line.dir, entry->name, &st,
			AT_SYMLINK_NOFOLLOW) < 0)
			memset(&st, 0, sizeof(st));
		if (l->request->by_time)
			key = (struct listing_key){ st.st_mtim.tv_sec,
				st.st_mtim.tv_nsec };
		else
			key.number = st.st_size;
	}
	return listing_sort_add(&l->sort, entry, key);
}

/* A recursive listing ends at max_entries anyway; any other is complete, but in
 * the order of the directory. */
static int
give_up_sorting(struct listing *l, bool out_of_memory)
{
	if (l->recursive) {
		l->cut = true;
		listing_sort_finish(&l->sort, l->request->reverse);
		return 1;
	}
	if (out_of_memory)
		log_warning("listing of %s is not sorted: out of memory",
			l->path);
	else
		log_info("listing of %s is not sorted: more than %" PRId64
			" entries (max_list_entries)", l->path,
			l->request->max_entries);
	listing_sort_clear(&l->sort);
	l->sorted = false;
	int error = listing_read_start(&l->read, l->read.fd);
	return error < 0 ? error : 1;
}

static int
step_sort(struct listing *l, struct buffer *b UNUSED)
{
	struct listing_entry entry;
	int64_t room = l->request->max_entries - l->count;
	int r;

	l->phase = PHASE_ENTRIES;
	if (!l->sorted)
		return 1;
	listing_sort_clear(&l->sort);
	while ((r = listing_read_peek(&l->read, &entry)) > 0) {
		listing_read_next(&l->read);
		if (!is_wanted(l, entry.name))
			continue;
		if ((int64_t)l->sort.count >= room)
			return give_up_sorting(l, false);
		r = sort_entry(l, &entry);
		if (r < 0)
			return give_up_sorting(l, true);
	}
	listing_sort_finish(&l->sort, l->request->reverse);
	return r < 0 ? r : 1;
}

/* Find the next entry to be listed, which becomes the current one.  1, 0 or
 * -errno. */
static int
peek(struct listing *l, struct listing_entry *entry)
{
	int r;

	if (l->sorted)
		return listing_sort_peek(&l->sort, entry);
	while ((r = listing_read_peek(&l->read, entry)) > 0) {
		if (is_wanted(l, entry->name))
			break;
		listing_read_next(&l->read);
	}
	return r;
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
	if (r == 0 || (l->cut && !l->sorted)) {
		l->phase = l->recursive && !l->cut ? PHASE_WALK : PHASE_NOTE;
		return 1;
	}

	bool added = listing_line_add(&l->line, b, &entry);
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

int
listing_steps_fill(struct listing *l, char *text, size_t size, size_t *len)
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
