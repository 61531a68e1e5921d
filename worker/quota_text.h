/*
 * quota_text.h - texts about the quota, for replies.
 */
#ifndef WORKER_QUOTA_TEXT_H
#define WORKER_QUOTA_TEXT_H

#include "common/base.h"
#include "common/buffer.h"
#include "common/kernel_quota.h"
#include "worker/session.h"

/* If a soft limit is exceeded, append `before` and a warning with the time that
 * is left, without a full stop. */
void quota_text_warn(struct session *s, const char *before, struct buffer *b);

/* Append usage and limits, for SITE QUOTA, without a full stop. */
void quota_text_used(const struct message_quota_answer *a, struct buffer *b);

/* The same for a disk quota of the kernel. */
void quota_text_disk(const struct kernel_quota *q, struct buffer *b);

#endif
