/*
 * cmd_quota.c - SITE QUOTA.
 *
 * Runs in: session.
 */
#include "common/base.h"

#include "common/buffer.h"
#include "worker/command.h"
#include "worker/quota_text.h"
#include "worker/tree/disk_quota.h"

/* All that limits the session. */
struct quotas {
	bool counted;		/* by the bookkeeper */
	struct message_quota_answer ledger;
	struct kernel_quota disk[KERNEL_QUOTA_KINDS];
	size_t disks;
};

static void
take_smaller(int64_t room, int64_t used, int64_t limit, int64_t *least,
	int64_t shown[2])
{
	if (room < 0 || (*least >= 0 && room >= *least))
		return;
	*least = room;
	shown[0] = used > 0 ? used : 0;
	shown[1] = limit;
}

/* The reply of the PWP server, for scripts that parse it: for the quota with
 * the least free space. */
static void
reply_as_pwp(struct session *s, const struct quotas *q)
{
	const struct message_quota_answer *a = &q->ledger;
	int64_t least = -1, shown[2] = { 0, -1 };

	if (q->counted && a->limits.bytes >= 0)
		take_smaller(a->free.bytes, a->used.bytes, a->limits.bytes,
			&least, shown);
	for (size_t i = 0; i < q->disks; i++)
		take_smaller(kernel_quota_room(&q->disk[i]),
			q->disk[i].bytes, q->disk[i].max_bytes, &least, shown);
	if (shown[1] < 0)
		reply(&s->reply, 200, "No quotas for this account.");
	else
		reply(&s->reply, 200, "%" PRId64 " out of %" PRId64 " bytes "
			"of quota used.", shown[0], shown[1]);
}

static void
reply_quotas(struct session *s, const struct quotas *q)
{
	BUFFER(text, 1024);

	if (q->counted)
		quota_text_used(&q->ledger, &text);
	for (size_t i = 0; i < q->disks; i++) {
		buffer_add_text(&text, text.len > 0 ? "; " : "");
		quota_text_disk(&q->disk[i], &text);
	}
	if (text.len == 0)
		reply(&s->reply, 200, "No quotas for this account.");
	else
		reply(&s->reply, 200, "%s.", buffer_text(&text));
}

static void
site_quota(struct session *s, char *none UNUSED)
{
	struct quotas q = { .counted = s->tree.quota != NULL };
	int error = q.counted ? quota_ask(&s->quota, true) : 0;

	if (error < 0) {
		reply_errno(&s->reply, -error);
		return;
	}
	if (q.counted)
		q.ledger = s->quota.to.last;
	if (s->limits->quota_engine != QUOTA_ENGINE_LEDGER)
		q.disks = disk_quota_find(q.disk);
	if (s->limits->site_quota_wording == SITE_QUOTA_PWP)
		reply_as_pwp(s, &q);
	else
		reply_quotas(s, &q);
}

const struct command cmd_quota_rows[] = {
	{ "SITE QUOTA", COMMAND_AFTER_LOGIN, 0, "", "SITE QUOTA",
		"shows how much of the quota is used", site_quota },
	{ .verb = NULL },
};
