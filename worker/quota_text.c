/*
 * quota_text.c - texts about the quota, for replies.
 *
 * Runs in: session.
 */
#include "common/base.h"

#include "worker/quota_text.h"

static void
add_time(struct buffer *b, int64_t seconds)
{
	static const struct {
		int64_t seconds;
		const char *name;
	} units[] = {
		{ 86400, "days" }, { 3600, "hours" }, { 60, "minutes" },
		{ 1, "seconds" },
	};
	size_t i = 0;

	while (i + 1 < ARRAY_SIZE(units) && seconds < 2 * units[i].seconds)
		i++;
	buffer_addf(b, "%" PRId64 " %s", seconds / units[i].seconds,
		units[i].name);
}

static void
add_warning(struct buffer *b, int64_t grace_left)
{
	buffer_add_text(b, "soft quota exceeded, ");
	if (grace_left == 0) {
		buffer_add_text(b, "delete files before storing more");
		return;
	}
	add_time(b, grace_left);
	buffer_add_text(b, " left to delete files");
}

void
quota_text_warn(struct session *s, const char *before, struct buffer *b)
{
	const struct user_settings *limits = s->limits;

	if (s->tree.quota == NULL || (limits->quota_soft_bytes <= 0 &&
		limits->quota_soft_files <= 0))
		return;
	if (quota_ask(&s->quota, false) < 0 || s->quota.to.last.grace_left < 0)
		return;
	buffer_add_text(b, before);
	add_warning(b, s->quota.to.last.grace_left);
}

static void
add_part(struct buffer *b, int64_t used, int64_t limit, const char *what)
{
	buffer_addf(b, "%" PRId64, used > 0 ? used : 0);
	if (limit >= 0)
		buffer_addf(b, " of %" PRId64, limit);
	buffer_addf(b, " %s", what);
}

void
quota_text_used(const struct message_quota_answer *a, struct buffer *b)
{
	add_part(b, a->used.bytes, a->limits.bytes, "bytes");
	buffer_add_text(b, " and ");
	add_part(b, a->used.files, a->limits.files, "files");
	buffer_add_text(b, " used");
	if (a->limits.soft_bytes >= 0)
		buffer_addf(b, ", soft limit %" PRId64 " bytes",
			a->limits.soft_bytes);
	if (a->limits.soft_files >= 0)
		buffer_addf(b, ", soft limit %" PRId64 " files",
			a->limits.soft_files);
	if (a->grace_left < 0)
		return;
	buffer_add_text(b, "; ");
	add_warning(b, a->grace_left);
}

void
quota_text_disk(const struct kernel_quota *q, struct buffer *b)
{
	static const char *const kinds[KERNEL_QUOTA_KINDS] = {
		"user", "group", "project" };

	buffer_addf(b, "disk quota of the %s: ", kinds[q->kind]);
	add_part(b, q->bytes, q->max_bytes, "bytes");
	buffer_add_text(b, " and ");
	add_part(b, q->files, q->max_files, "files");
	buffer_add_text(b, " used");
	if (q->soft_bytes >= 0)
		buffer_addf(b, ", soft limit %" PRId64 " bytes",
			q->soft_bytes);
	if (q->soft_files >= 0)
		buffer_addf(b, ", soft limit %" PRId64 " files",
			q->soft_files);
	if (q->bytes_over || q->files_over)
		buffer_add_text(b, "; soft quota exceeded, delete files "
			"before storing more");
}
