/*
 * tame.c - numbers from sessions, in a range that can be calculated with.
 *
 * Runs in: bookkeeper.
 */
#include "common/base.h"
#include "daemon/quota/tame.h"

#define BYTES_MAX (INT64_C(1) << 60)
#define FILES_MAX (INT64_C(1) << 30)

/* Whether it was changed. */
static bool
bound(int64_t *number, int64_t min, int64_t max)
{
	int64_t before = *number;

	*number = before < min ? min : before > max ? max : before;
	return *number != before;
}

static bool
bound_count(struct quota_count *c)
{
	bool bytes = bound(&c->bytes, -BYTES_MAX, BYTES_MAX);
	bool files = bound(&c->files, -FILES_MAX, FILES_MAX);

	return bytes || files;
}

static void
tame_entry(struct quota_entry *e)
{
	bool by = bound_count(&e->by);
	bool bytes = bound(&e->now.bytes, 0, BYTES_MAX);
	bool files = bound(&e->now.files, 0, 1);

	if (by || bytes || files)
		e->unsure = 1;
}

static void
tame_report(struct message_quota_report *r)
{
	for (uint32_t i = 0; i < r->count && i < MESSAGE_QUOTA_ENTRIES; i++)
		tame_entry(&r->entries[i]);
}

void
tame(struct message *m)
{
	switch (m->type) {
	case MESSAGE_quota_upload:
		(void)bound(&m->quota_upload.size, -1, INT64_MAX);
		(void)bound(&m->quota_upload.replaced_bytes, 0, BYTES_MAX);
		break;
	case MESSAGE_quota_grow:
		(void)bound(&m->quota_grow.size, 0, INT64_MAX);
		break;
	case MESSAGE_quota_claim:
		(void)bound_count(&m->quota_claim.count);
		break;
	case MESSAGE_quota_report:
		tame_report(&m->quota_report);
		break;
	case MESSAGE_quota_single:
		tame_entry(&m->quota_single.entry);
		break;
	default:
		break;
	}
}
