/*
 * book.c - the count of one quota_root.
 *
 * Runs in: bookkeeper.
 * Never: makes a system call.
 */
#include "common/base.h"
#include "daemon/quota/book.h"

#include "daemon/quota/book_internal.h"

#define PIECE_MIN INT64_C(4096)
#define PIECE_MAX (INT64_C(64) << 20)
#define PIECE_PART 8		/* of the free room, for an upload whose size
				 * is not known */

void
book_init(struct book *b, struct book_removed *removed)
{
	*b = (struct book){ .removed = removed };
}

void
book_clear(struct book *b)
{
	while (b->files != NULL) {
		struct book_file *f = b->files;
		b->files = f->next;
		free(f);
	}
	book_init(b, b->removed);
}

bool
book_same(const struct quota_inode *a, const struct quota_inode *b)
{
	return a->device == b->device && a->inode == b->inode &&
	    a->generation == b->generation;
}

static struct quota_count
difference(const struct quota_count *a, const struct quota_count *b)
{
	return (struct quota_count){ a->bytes - b->bytes,
	    a->files - b->files };
}

/* All changes of the count. */
static void
count(struct book *b, const struct quota_count *by)
{
	if (by->bytes == 0 && by->files == 0)
		return;
	b->changes++;
	b->disturbed = true;
	book_add(&b->count, by);
	book_add(&b->meanwhile, by);
	if (b->known && !b->scanning &&
	    (b->count.bytes < 0 || b->count.files < 0))
		b->suspect = true;
}

/* --- files with uploads */

static struct book_file *
find(const struct book *b, const struct quota_inode *inode)
{
	struct book_file *f = b->files;

	while (f != NULL && !book_same(&f->inode, inode))
		f = f->next;
	return f;
}

/* The file's weight is in the count already, unless this session has just
 * created it, or it has been removed since. */
static struct book_file *
first_upload(struct book *b, const struct book_weight *w, bool created,
	int64_t now)
{
	struct book_file *f = calloc(1, sizeof(*f));
	const struct book_removed_row *row = !w->removed ? NULL :
	    book_removed_find(b->removed, &w->inode, now);

	if (f == NULL)
		return NULL;
	f->inode = w->inode;
	f->next = b->files;
	b->files = f;
	/* What its removal has taken from the count was not in it. */
	if (created && row != NULL)
		count(b, &row->taken);
	else if (row != NULL)
		f->assumed = row->taken;
	else if (!created)
		f->counted = f->assumed = w->count;
	return f;
}

static struct book_file *
open_file(struct book *b, const struct book_weight *w, bool created,
	int64_t now)
{
	struct book_file *f = find(b, &w->inode);

	if (f == NULL) {
		f = first_upload(b, w, created, now);
		if (f == NULL)
			return NULL;
	} else if (created) {
		/* Another session opened the new file first, and its weight
		 * was assumed to be in the count. */
		count(b, &f->assumed);
		f->assumed = (struct quota_count){ 0, 0 };
	}
	f->uploads++;
	if (created && !w->removed)
		book_removed_forget(b->removed, &w->inode);
	return f;
}

static void
close_file(struct book *b, struct book_upload *u)
{
	struct book_file **at = &b->files, *f = u->file;
	struct book_upload **row = &b->uploads;

	while (*row != NULL && *row != u)
		row = &(*row)->next;
	if (*row == u)
		*row = u->next;
	u->file = NULL;
	if (f == NULL || --f->uploads > 0)
		return;
	while (*at != f)
		at = &(*at)->next;
	*at = f->next;
	free(f);
}

/* Reserve what the file may still grow.  This is negative when more is stored
 * than that: the file that it will replace is in the count until then. */
static void
reserve_rest(struct book *b, struct book_upload *u)
{
	int64_t more = u->size == INT64_MAX ? 0 :
	    book_add_up(u->size - u->credit, -u->file->counted.bytes);
	const struct quota_count by = {
	    (more > -u->credit ? more : -u->credit) - u->reserved.bytes,
	    u->file->counted.files > 0 ? -u->reserved.files : 0 };

	book_reserve(b, u, &by);
}

/* A file has become smaller, or was removed: an upload that was to use its
 * space has it reserved instead, before others can get it. */
static void
limit_credit(struct book *b, const struct quota_inode *inode, int64_t bytes)
{
	for (struct book_upload *u = b->uploads; u != NULL; u = u->next) {
		if (!book_same(&u->replaced, inode) || u->credit <= bytes)
			continue;
		u->credit = bytes;
		reserve_rest(b, u);
	}
}

static void
weigh(struct book *b, struct book_file *f, const struct quota_count *now)
{
	struct quota_count by = difference(now, &f->counted);

	count(b, &by);
	f->counted = *now;
	if (by.bytes < 0)
		limit_credit(b, &f->inode, now->bytes);
}

void
book_refresh(struct book *b, struct book_upload *u,
	const struct book_weight *w)
{
	if (u->file == NULL)
		return;
	weigh(b, u->file, &w->count);
	reserve_rest(b, u);
}

/* --- uploads */

/* Can the upload use the space of the file that it will replace?  Only one
 * upload can. */
static bool
may_use(const struct book *b, const struct quota_inode *replaced)
{
	const struct quota_inode none = { 0, 0, 0 };

	if (book_same(replaced, &none))
		return false;
	for (const struct book_upload *u = b->uploads; u != NULL; u = u->next)
		if (book_same(&u->replaced, replaced))
			return false;
	return true;
}

static int64_t
piece(int64_t room)
{
	int64_t part = room / PIECE_PART;

	if (part < PIECE_MIN)
		part = room < PIECE_MIN ? room : PIECE_MIN;
	return part > PIECE_MAX ? PIECE_MAX : part;
}

/* How many bytes are reserved in addition to `has`; -1 if there are too few. */
static int64_t
grant(int64_t has, int64_t size, int64_t room)
{
	if (size < 0)
		return room == 0 && has == 0 ? -1 : piece(room);
	if (size <= has)
		return 0;
	return size - has > room ? -1 : size - has;
}

static bool
open_upload(struct book *b, struct book_upload *u,
	const struct book_weight *w, bool created, int64_t now)
{
	u->file = open_file(b, w, created, now);
	if (u->file == NULL)
		return false;
	u->next = b->uploads;
	b->uploads = u;
	u->size = w->count.bytes;
	return true;
}

enum quota_refusal
book_begin(struct book *b, struct book_upload *u,
	const struct quota_limits *limits, const struct book_weight *w,
	const struct message_quota_upload *m, int64_t now)
{
	enum quota_refusal refusal = book_check(b, limits, now);
	bool created = m->created != 0, replaces = may_use(b, &m->replaced);
	struct quota_count room = book_free(b, limits);
	int64_t credit = replaces ? m->replaced_bytes : 0;
	int64_t has = created ? credit : w->count.bytes;
	int64_t more = grant(has, m->size, room.bytes);

	if (refusal == QUOTA_GRANTED && more < 0)
		refusal = QUOTA_BYTES_EXCEEDED;
	/* Otherwise it takes the place of an existing file. */
	if (refusal == QUOTA_GRANTED && created && !replaces && room.files < 1)
		refusal = QUOTA_FILES_EXCEEDED;
	if ((refusal == QUOTA_GRANTED || created) &&
	    !open_upload(b, u, w, created, now))
		refusal = QUOTA_NOT_COUNTED;
	if (refusal != QUOTA_GRANTED)
		return refusal;
	u->credit = credit;
	if (replaces)
		u->replaced = m->replaced;
	u->size = room.bytes == INT64_MAX ? INT64_MAX : book_add_up(has, more);
	if (room.bytes == INT64_MAX)
		more = 0;
	struct quota_count by = { more, created ? 1 : 0 };
	book_reserve(b, u, &by);
	return QUOTA_GRANTED;
}

enum quota_refusal
book_grow(struct book *b, struct book_upload *u,
	const struct quota_limits *limits, const struct book_weight *w,
	int64_t size, int64_t now)
{
	enum quota_refusal refusal = book_check(b, limits, now);

	book_refresh(b, u, w);
	struct quota_count room = book_free(b, limits);
	int64_t need = size - u->size;
	if (refusal == QUOTA_GRANTED && room.bytes == 0)
		refusal = QUOTA_BYTES_EXCEEDED;
	if (refusal != QUOTA_GRANTED || need <= 0)
		return refusal;
	int64_t more = piece(room.bytes);
	if (more < need)
		more = need < room.bytes ? need : room.bytes;
	u->size = book_add_up(u->size, more);
	struct quota_count by = { more, 0 };
	book_reserve(b, u, &by);
	return QUOTA_GRANTED;
}

void
book_settle(struct book *b, struct book_upload *u,
	const struct book_weight *w, int64_t now)
{
	if (u->file == NULL)
		return;
	const struct quota_count before = u->file->counted;
	weigh(b, u->file, &w->count);
	if (w->removed)
		book_removed_add(b->removed, &w->inode, &before, false, now);
	book_release(b, u);
	close_file(b, u);
	*u = (struct book_upload){ .file = NULL };
}

/*
 * A file that is removed while it is uploaded is counted at the end of the
 * upload; the report of the session that removed it may arrive before or after
 * that, and must not be counted again.  If a second session reports the same
 * file, either both saw its last link disappear, or the second has removed
 * another file that had got the same name in between.  Which one is not known,
 * so the count is suspect.
 */
static void
count_removed(struct book *b, const struct quota_entry *m, int64_t now)
{
	const struct book_removed_row *row = book_removed_find(b->removed,
		&m->inode, now);
	bool counts = row == NULL && find(b, &m->inode) == NULL;
	const struct quota_count taken = { counts ? -m->by.bytes : 0,
	    counts ? -m->by.files : 0 };

	if (row != NULL && row->reported && m->links == 0)
		b->suspect = true;
	book_removed_add(b->removed, &m->inode, &taken, true, now);
	if (!counts)
		return;
	count(b, &m->by);
	limit_credit(b, &m->inode, 0);
}

/* The session that removed it does not know what of it was in the count: this
 * one does. */
static void
count_lost(struct book *b, const struct quota_entry *m, int64_t now)
{
	struct book_removed_row *row = book_removed_find(b->removed, &m->inode,
		now);
	const struct quota_count taken = { -m->by.bytes, -m->by.files };
	struct quota_count by = m->by;

	if (row != NULL) {
		book_add(&by, &row->taken);
		row->taken = (struct quota_count){ 0, 0 };
	}
	book_removed_add(b->removed, &m->inode, &taken, false, now);
	count(b, &by);
	limit_credit(b, &m->inode, 0);
}

void
book_change(struct book *b, const struct quota_entry *m, int64_t now)
{
	if (m->unsure != 0)
		b->suspect = true;
	if (m->lost != 0) {
		count_lost(b, m, now);
		return;
	}
	if (m->by.files < 0) {
		count_removed(b, m, now);
		return;
	}
	/* What happened to an existing file may have been before its removal,
	 * which was reported first. */
	if (m->by.files > 0)
		book_removed_forget(b->removed, &m->inode);
	count(b, &m->by);
	if (m->by.bytes < 0)
		limit_credit(b, &m->inode, m->now.bytes);
}
