/*
 * store.c - the books that are in use.
 *
 * Runs in: bookkeeper.
 */
#include "common/base.h"
#include "daemon/quota/store.h"

#include "common/clock.h"
#include "common/log/log.h"
#include "common/settings/settings.h"

#define WRITE_MS 1000	/* between two writes of one file */
#define QUIET_MS 2000	/* without a change, before a scan that was disturbed
			 * is done again */
#define TRIES	 5		/* disturbed scans that are repeated after */
#define TRY_MS	 500		/* this time; then only after QUIET_MS, */
#define BUSY_MS	 60000	/* or after this, if there are always changes */
#define AGAIN_MS 60000	/* after a scan that failed */
#define AGE_MS	 10000	/* between two checks of a count's age and file, and
			 * two attempts to write that of a count not in use */

static int64_t
wall_seconds(void)
{
	return (int64_t)time(NULL);
}

/* --- reading */

static void
take_state(struct store_book *b, const struct book_file_state *state)
{
	b->book.known = true;
	b->book.suspect = state->open;
	b->book.count = state->count;
	b->book.changes = state->changes;
	b->book.bytes_since = state->bytes_since;
	b->book.files_since = state->files_since;
	b->counted_at = state->counted_at;
	/* A ledger does not contain the number of files. */
	if (b->attach.format == QUOTA_FORMAT_LEDGER &&
	    (b->limits.files >= 0 || b->limits.soft_files >= 0))
		b->book.suspect = true;
}

static void
load(struct store_book *b)
{
	const struct quota_attach *a = &b->attach;
	const struct book_account account = { (uid_t)a->uid, (gid_t)a->gid,
	    a->groups, a->ngroups };
	struct book_file_state state;
	int error = book_path_open(&b->path, a->file, a->format, &account);

	if (error < 0) {
		log_error("cannot keep the quota of %s in %s: %s", a->root,
			a->file, error == -EPERM ? "the account could change "
			"it; use another directory" : log_errno(error));
		return;
	}
	b->path.max_changes = a->max_changes;
	error = book_file_read(&b->path, &state);
	if (error == 0)
		take_state(b, &state);
	else if (error != -ENOENT)
		log_warning("cannot read the quota of %s in %s: %s", a->root,
			a->file, error == -EINVAL ? "not a quota file" :
			log_errno(error));
	/* The last count may not have been written. */
	if (b->path.read_only)
		b->book.suspect = true;
}

/* Too old, too many changes, or wrong. */
static bool
is_stale(const struct store_book *b)
{
	const struct quota_attach *a = &b->attach;
	int64_t age = wall_seconds() - b->counted_at;

	return !b->book.known || b->book.suspect ||
	    (a->max_age > 0 && (age >= a->max_age || age < 0)) ||
	    (a->max_changes > 0 && b->book.changes > a->max_changes);
}

static void
plan_scan(struct store_book *b)
{
	if (b->scan_at == CLOCK_NEVER && b->scan == NULL && is_stale(b))
		b->scan_at = b->wanted_at = clock_ms();
}

struct store_book *
store_open(struct store *s, const struct quota_attach *a)
{
	struct store_book *b = s->books;
	bool is_new;

	while (b != NULL && strcmp(b->attach.root, a->root) != 0)
		b = b->next;
	is_new = b == NULL;
	if (is_new) {
		b = calloc(1, sizeof(*b));
		if (b == NULL)
			return NULL;
		book_init(&b->book, &s->removed);
		b->path.dir = -1;
		b->scan_at = CLOCK_NEVER;
		b->wait_until = clock_ms() + a->cache * 1000;
		b->next = s->books;
		s->books = b;
	}
	b->attach = *a;
	b->limits = a->limits;
	b->sessions++;
	if (is_new)
		load(b);
	/* Before the first change, so that the file says so after a crash. */
	if (b->sessions == 1) {
		b->unwritten = true;
		b->failed = b->rarely = false;
	}
	plan_scan(b);
	return b;
}

static void
compare_roots(struct store_book *b, const struct store_book *other)
{
	if (b->doubled || b == other || b->root.inode != other->root.inode ||
	    b->root.device != other->root.device)
		return;
	b->doubled = true;
	log_warning("%s and %s are the same directory, but have two counts, "
		"each without what the other's sessions change: use one path "
		"as quota_root", b->attach.root, other->attach.root);
}

/* Only logged: a session is not trusted to join two counts. */
void
store_found_root(const struct store *s, struct store_book *b,
	const struct quota_inode *root)
{
	b->root = *root;
	for (const struct store_book *o = s->books; o != NULL; o = o->next)
		compare_roots(b, o);
}

void
store_leave(struct store_book *b)
{
	b->sessions--;
	b->unwritten = true;
	store_changed(b);
}

void
store_changed(struct store_book *b)
{
	bool changed = b->book.changes != b->changes_seen;

	if (!changed && !b->book.suspect)
		return;
	/* A report without changes must not put off a scan that waits for
	 * quiet. */
	if (changed)
		b->changed_at = clock_ms();
	b->changes_seen = b->book.changes;
	b->unwritten = true;
	(void)book_grace(&b->book, &b->limits, wall_seconds());
	plan_scan(b);
}

/* --- writing */

/* A count that may be wrong is best scanned when the last session has ended.
 * One whose file has an older count is kept until that can be replaced. */
static bool
is_in_use(const struct store_book *b)
{
	return b->sessions > 0 || b->scan != NULL || b->path.stale ||
	    (b->book.suspect && b->book.known && !b->failed);
}

static void
check_file(struct store_book *b, int64_t now)
{
	b->checked_at = now;
	if (b->book.suspect || !book_file_was_changed(&b->path))
		return;
	log_info("%s was changed by another program: %s will be counted "
		"again", b->attach.file, b->attach.root);
	b->book.suspect = true;
}

static void
write_book(struct store_book *b, int64_t now)
{
	check_file(b, now);

	const struct book_file_state state = {
		.count = b->book.count,
		.open = b->sessions > 0 || b->book.suspect || b->book.scanning,
		.counted_at = b->counted_at,
		.changes = b->book.changes,
		.bytes_since = b->book.bytes_since,
		.files_since = b->book.files_since,
	};

	b->written_at = now;
	b->unwritten = false;
	/* No file is better than one with an unknown count. */
	if (!b->book.known)
		return;
	int error = book_file_write(&b->path, &state);
	b->unwritten = b->path.stale;
	if (error < 0 && !b->complained)
		log_error("cannot write the quota of %s to %s: %s",
			b->attach.root, b->attach.file, log_errno(error));
	b->complained = error < 0;
	b->rarely = error < 0 && b->sessions == 0;
}

static void
drop(struct store_book *b)
{
	book_path_close(&b->path);
	book_clear(&b->book);
	free(b);
}

static int64_t
write_due(const struct store_book *b)
{
	return b->written_at + (b->rarely && b->sessions == 0 ? AGE_MS :
		WRITE_MS);
}

/* When something is due for this book. */
static int64_t
step(struct store_book *b, int64_t now)
{
	int64_t due = write_due(b);

	if (b->unwritten && (due <= now || !is_in_use(b)))
		write_book(b, now);
	else if (b->checked_at + AGE_MS <= now)
		check_file(b, now);
	plan_scan(b);
	int64_t next = b->unwritten ? write_due(b) : now + AGE_MS;
	return clock_earlier(next, b->scan_at > now ? b->scan_at : next);
}

int64_t
store_step(struct store *s, int64_t now)
{
	struct store_book **at = &s->books;
	int64_t next = CLOCK_NEVER;

	while (*at != NULL) {
		struct store_book *b = *at;

		next = clock_earlier(next, step(b, now));
		if (is_in_use(b)) {
			at = &b->next;
			continue;
		}
		*at = b->next;
		drop(b);
	}
	return next;
}

/* --- scans */

bool
store_waits(const struct store_book *b)
{
	return !b->book.known && !clock_passed(b->wait_until);
}

/* A scan that was disturbed is repeated, after some attempts only while nothing
 * changes. */
static bool
is_busy(const struct store_book *b, int64_t now)
{
	return b->inexact >= TRIES && now - b->wanted_at < BUSY_MS &&
	    (b->book.files != NULL ||
	    (b->sessions > 0 && now - b->changed_at < QUIET_MS));
}

struct store_book *
store_needs_scan(struct store *s, int64_t now)
{
	for (struct store_book *b = s->books; b != NULL; b = b->next) {
		if (b->scan != NULL || b->scan_at > now)
			continue;
		if (!is_busy(b, now))
			return b;
		b->scan_at = now + QUIET_MS;
	}
	return NULL;
}

void
store_scanned(struct store_book *b, const struct quota_count *found)
{
	int64_t now = clock_ms();

	b->scan_at = CLOCK_NEVER;
	b->unwritten = true;
	b->failed = found == NULL;
	if (found == NULL) {
		b->book.scanning = false;
		b->book.suspect = true;
		b->scan_at = now + AGAIN_MS;
		return;
	}
	book_scanned(&b->book, found);
	/* A ledger begins again with the new sum. */
	b->path.ledger = (struct ledger_file){ .ino = 0 };
	if (!b->book.suspect)
		b->counted_at = wall_seconds();
	b->changes_seen = b->book.changes;
	(void)book_grace(&b->book, &b->limits, wall_seconds());
	b->wanted_at = now;
	b->inexact = b->book.suspect ? b->inexact + 1 : 0;
	if (b->book.suspect)
		b->scan_at = now + (b->inexact < TRIES ? TRY_MS : QUIET_MS);
}
