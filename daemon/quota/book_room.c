/*
 * book_room.c - free and reserved space of a count.
 *
 * Runs in: bookkeeper.
 * Never: makes a system call.
 */
#include "common/base.h"
#include "daemon/quota/book.h"

#include "daemon/quota/book_internal.h"

int64_t
book_add_up(int64_t a, int64_t b)
{
	int64_t sum;

	return __builtin_add_overflow(a, b, &sum) ?
	    (b > 0 ? INT64_MAX : INT64_MIN) : sum;
}

void
book_add(struct quota_count *to, const struct quota_count *by)
{
	to->bytes = book_add_up(to->bytes, by->bytes);
	to->files = book_add_up(to->files, by->files);
}

static int64_t
left(int64_t limit, int64_t used, int64_t reserved)
{
	if (limit < 0)
		return INT64_MAX;
	int64_t taken = book_add_up(used > 0 ? used : 0, reserved);
	return taken >= limit ? 0 : limit - taken;
}

struct quota_count
book_free(const struct book *b, const struct quota_limits *limits)
{
	return (struct quota_count){
	    left(limits->bytes, b->count.bytes, b->reserved.bytes),
	    left(limits->files, b->count.files, b->reserved.files) };
}

static int64_t
note_soft(int64_t *since, int64_t used, int64_t limit, int64_t grace,
	int64_t now)
{
	if (limit < 0 || used <= limit) {
		*since = 0;
		return -1;
	}
	/* The clock may have been set back. */
	if (*since == 0 || *since > now)
		*since = now;
	int64_t passed = now - *since;
	return passed >= grace ? 0 : grace - passed;
}

int64_t
book_grace(struct book *b, const struct quota_limits *limits, int64_t now)
{
	int64_t bytes = note_soft(&b->bytes_since, b->count.bytes,
	    limits->soft_bytes, limits->grace, now);
	int64_t files = note_soft(&b->files_since, b->count.files,
	    limits->soft_files, limits->grace, now);

	if (bytes < 0 || files < 0)
		return bytes < 0 ? files : bytes;
	return bytes < files ? bytes : files;
}

enum quota_refusal
book_check(struct book *b, const struct quota_limits *limits, int64_t now)
{
	if (!b->known)
		return QUOTA_NOT_COUNTED;
	return book_grace(b, limits, now) == 0 ? QUOTA_GRACE_OVER :
	    QUOTA_GRANTED;
}

void
book_reserve(struct book *b, struct book_upload *u,
	const struct quota_count *by)
{
	book_add(&b->reserved, by);
	book_add(&u->reserved, by);
}

void
book_release(struct book *b, struct book_upload *u)
{
	const struct quota_count back = { -u->reserved.bytes,
	    -u->reserved.files };

	book_reserve(b, u, &back);
}

enum quota_refusal
book_claim(struct book *b, struct book_upload *u,
	const struct quota_limits *limits, const struct quota_count *wanted,
	int64_t now)
{
	enum quota_refusal refusal = book_check(b, limits, now);
	const struct quota_count room = book_free(b, limits);

	if (refusal == QUOTA_GRANTED && wanted->files > room.files)
		refusal = QUOTA_FILES_EXCEEDED;
	if (refusal == QUOTA_GRANTED && wanted->bytes > room.bytes)
		refusal = QUOTA_BYTES_EXCEEDED;
	/* Where there is no limit, nothing is reserved, as for uploads. */
	struct quota_count by = { room.bytes == INT64_MAX ? 0 : wanted->bytes,
	    room.files == INT64_MAX ? 0 : wanted->files };
	if (refusal == QUOTA_GRANTED)
		book_reserve(b, u, &by);
	return refusal;
}

static bool
is_over(int64_t limit, int64_t used, int64_t reserved)
{
	return limit >= 0 && book_add_up(used, reserved) > limit;
}

enum quota_refusal
book_cancel_replace(struct book *b, struct book_upload *u,
	const struct quota_limits *limits, const struct book_weight *w)
{
	if (u->replaced.inode == 0)
		return QUOTA_GRANTED;
	u->replaced = (struct quota_inode){ 0 };
	u->credit = 0;
	if (u->size != INT64_MAX)
		u->size = w->count.bytes;
	book_refresh(b, u, w);
	if (is_over(limits->bytes, b->count.bytes, b->reserved.bytes))
		return QUOTA_BYTES_EXCEEDED;
	return is_over(limits->files, b->count.files, b->reserved.files) ?
	    QUOTA_FILES_EXCEEDED : QUOTA_GRANTED;
}

/* --- allowances */

#define ALLOWED_MIN   (INT64_C(1) << 20)
#define ALLOWED_MAX   (INT64_C(16) << 20)
#define ALLOWED_FILES INT64_C(256)
#define PLENTY	      64	/* times as much has to be free */

static int64_t
lower(int64_t limit, int64_t soft)
{
	return soft >= 0 && (limit < 0 || soft < limit) ? soft : limit;
}

struct quota_count
book_allow(struct book *b, struct book_upload *u,
	const struct quota_limits *limits)
{
	const struct quota_limits both = {
		.bytes = lower(limits->bytes, limits->soft_bytes),
		.files = lower(limits->files, limits->soft_files),
	};

	book_release(b, u);
	struct quota_count room = book_free(b, &both);
	struct quota_count allowed = { room.bytes / PLENTY, ALLOWED_FILES };
	if (!b->known || allowed.bytes < ALLOWED_MIN ||
	    room.files < PLENTY * ALLOWED_FILES)
		return (struct quota_count){ 0, 0 };
	if (allowed.bytes > ALLOWED_MAX)
		allowed.bytes = ALLOWED_MAX;
	book_reserve(b, u, &allowed);
	return allowed;
}

static int64_t
used_of(int64_t used, int64_t reserved)
{
	return used <= 0 ? 0 : used < reserved ? -used : -reserved;
}

void
book_allowed(struct book *b, struct book_upload *u,
	const struct quota_count *used)
{
	const struct quota_count back = {
		used_of(used->bytes, u->reserved.bytes),
		used_of(used->files, u->reserved.files),
	};

	book_reserve(b, u, &back);
}
