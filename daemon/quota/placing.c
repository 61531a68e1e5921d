/*
 * placing.c - passes changes of a count to the running scan.
 *
 * Runs in: bookkeeper.
 */
#include "common/base.h"
#include "daemon/quota/placing.h"

#include "common/clock.h"

void
placing_begin(struct placing *p, struct store_book *book)
{
	*p = (struct placing){ .book = book, .before = book->book.meanwhile,
		.disturbed = book->book.disturbed };
}

/* What was counted since placing_begin(). */
static struct quota_count
counted(const struct placing *p)
{
	const struct quota_count *now = &p->book->book.meanwhile;

	return (struct quota_count){ now->bytes - p->before.bytes,
	    now->files - p->before.files };
}

/* A change that the scan includes must not be added to its result again.  A
 * file that is as large as before may have been smaller when it was scanned. */
static void
end(struct placing *p, const struct quota_change *change)
{
	struct book *b = &p->book->book;
	const struct quota_count by = counted(p);
	bool changed = by.bytes != 0 || by.files != 0;

	if (p->book->scan == NULL ||
	    (!changed && change->kind != QUOTA_CHANGE_FILE))
		return;
	enum scan_job_place place = scan_job_change(p->book->scan, change);
	b->disturbed = p->disturbed || place == SCAN_JOB_LOST;
	if (place == SCAN_JOB_PLACED)
		b->meanwhile = p->before;
}

void
placing_end_file(struct placing *p, const struct book_weight *w,
	const struct quota_inode *dir, int64_t from)
{
	const struct quota_count by = counted(p);
	const struct quota_change change = {
		.kind = QUOTA_CHANGE_FILE, .files = (int32_t)by.files,
		.there = w->count.files > 0,
		.dir_dev = dir->device, .dir_ino = dir->inode,
		.dev = w->inode.device, .ino = w->inode.inode,
		.before = w->count.bytes - by.bytes, .after = w->count.bytes,
		.from = from, .to = clock_ns(),
	};

	end(p, &change);
}

/* A scan that has read its directory may have counted it. */
bool
placing_not_counted(struct store_book *book, const struct quota_inode *file,
	const struct quota_inode *dir, int64_t from)
{
	const struct quota_change change = {
		.kind = QUOTA_CHANGE_FILE,
		.dir_dev = dir->device, .dir_ino = dir->inode,
		.dev = file->device, .ino = file->inode,
		.from = from, .to = clock_ns(),
	};

	return book->scan != NULL &&
	    scan_job_change(book->scan, &change) == SCAN_JOB_PLACED;
}

void
placing_created(struct store_book *book, int64_t from)
{
	bool scanned = book->scan != NULL && from < book->scan->ended;

	if (scanned)
		book->book.disturbed = true;
	if (scanned || from < book->scanned_to)
		book->book.suspect = true;
}

static void
end_entry(struct placing *p, const struct quota_entry *e)
{
	const struct quota_count by = counted(p);
	const struct quota_change change = {
		.kind = QUOTA_CHANGE_ENTRY, .files = (int32_t)by.files,
		.dir_dev = e->dir.device, .dir_ino = e->dir.inode,
		.dev = e->inode.device, .ino = e->inode.inode,
		.before = by.bytes < 0 ? -by.bytes : 0,
		.after = by.bytes > 0 ? by.bytes : 0,
		.from = e->from, .to = e->to,
	};

	end(p, &change);
}

/* A report may be up to a second late; if a scan has ended since the change,
 * its result may include it already. */
void
placing_end_entry(struct placing *p, const struct quota_entry *e)
{
	const struct book_weight w = { .inode = e->inode,
		.count = e->now };

	/* What was taken back of another session's report was an entry. */
	const struct quota_count by = counted(p);
	bool back = e->lost != 0 && (by.bytes != 0 || by.files != 0);

	if (e->content != 0 && !back)
		placing_end_file(p, &w, &e->dir, e->from);
	else
		end_entry(p, e);
	if (e->unsure != 0)
		p->book->book.disturbed = true;
	if (e->from != 0 && e->from < p->book->scanned_to)
		p->book->book.suspect = true;
}

void
placing_moved(struct store_book *book, const struct message_quota_moved *m)
{
	const struct quota_change change = {
		.kind = m->tree != 0 ? QUOTA_CHANGE_TREE : QUOTA_CHANGE_MOVED,
		.dir_dev = m->dir.device, .dir_ino = m->dir.inode,
		.dev = m->to_dir.device, .ino = m->to_dir.inode,
		.from = m->from, .to = m->to,
	};

	if (book->scan != NULL &&
	    scan_job_change(book->scan, &change) == SCAN_JOB_LOST)
		book->book.disturbed = true;
}
