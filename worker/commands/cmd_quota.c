/*
 * cmd_quota.c - SITE QUOTA.
 *
 * Runs in: session.
 */
#include "common/base.h"

#include "common/buffer.h"
#include "worker/commands/command.h"
#include "worker/quota_text.h"

/* The words of PWP's server, for scripts that read them. */
static void
reply_as_pwp(struct session *s, const struct message_quota_answer *a)
{
	if (a->limits.bytes < 0)
		reply(&s->reply, 200, "No quotas for this account.");
	else
		reply(&s->reply, 200, "%" PRId64 " out of %" PRId64 " bytes "
			"of quota used.", a->used.bytes > 0 ? a->used.bytes : 0,
			a->limits.bytes);
}

static void
reply_used(struct session *s, const struct message_quota_answer *a)
{
	BUFFER(text, 512);

	if (s->limits->site_quota_wording == SITE_QUOTA_PWP) {
		reply_as_pwp(s, a);
		return;
	}
	quota_text_used(a, &text);
	reply(&s->reply, 200, "%s.", buffer_text(&text));
}

static void
site_quota(struct session *s, char *none UNUSED)
{
	if (s->tree.quota == NULL) {
		reply(&s->reply, 200, "No quotas for this account.");
		return;
	}
	int error = quota_ask(&s->quota, true);
	if (error < 0)
		reply_errno(&s->reply, -error);
	else
		reply_used(s, &s->quota.last);
}

const struct command cmd_quota_rows[] = {
	{ "SITE QUOTA", COMMAND_AFTER_LOGIN, 0, "", "SITE QUOTA",
		"shows how much of the quota is used", site_quota },
	{ .verb = NULL },
};
