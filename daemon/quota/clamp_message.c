/*
 * clamp_message.c - brings numbers from sessions into a range that can be
 * calculated with.
 *
 * Runs in: bookkeeper.
 */
#include "common/base.h"
#include "daemon/quota/clamp_message.h"

#define BYTES_MAX (INT64_C(1) << 60)
#define FILES_MAX (INT64_C(1) << 30)

/* Whether it was changed. */
static bool
clamp(int64_t *number, int64_t min, int64_t max)
{
	int64_t before = *number;

	*number = before < min ? min : before > max ? max : before;
	return *number != before;
}

static bool
clamp_count(struct quota_count *c)
{
	bool bytes = clamp(&c->bytes, -BYTES_MAX, BYTES_MAX);
	bool files = clamp(&c->files, -FILES_MAX, FILES_MAX);

	return bytes || files;
}

static void
clamp_entry(struct quota_entry *e)
{
	bool by = clamp_count(&e->by);
	bool bytes = clamp(&e->now.bytes, 0, BYTES_MAX);
	bool files = clamp(&e->now.files, 0, 1);

	if (by || bytes || files)
		e->unsure = 1;
}

static void
clamp_report(struct message_quota_report *r)
{
	for (uint32_t i = 0; i < r->count && i < MESSAGE_QUOTA_ENTRIES; i++)
		clamp_entry(&r->entries[i]);
}

void
clamp_message(struct message *m)
{
	switch (m->type) {
	case MESSAGE_quota_upload:
		(void)clamp(&m->quota_upload.size, -1, INT64_MAX);
		(void)clamp(&m->quota_upload.replaced_bytes, 0, BYTES_MAX);
		break;
	case MESSAGE_quota_grow:
		(void)clamp(&m->quota_grow.size, 0, INT64_MAX);
		break;
	case MESSAGE_quota_claim:
		(void)clamp_count(&m->quota_claim.count);
		break;
	case MESSAGE_quota_report:
		clamp_report(&m->quota_report);
		break;
	case MESSAGE_quota_single:
		clamp_entry(&m->quota_single.entry);
		break;
	default:
		break;
	}
}
