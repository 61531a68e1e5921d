/*
 * quota_text.h - what the client is told about its quota.
 */
#ifndef WORKER_QUOTA_TEXT_H
#define WORKER_QUOTA_TEXT_H

#include "common/base.h"
#include "common/kernel_quota.h"
#include "common/buffer.h"
#include "worker/session.h"

/* If a soft limit is exceeded, append `before` and a sentence without a full
 * stop that says how long that is allowed. */
void quota_text_warn(struct session *s, const char *before, struct buffer *b);

/* Append what is used, for SITE QUOTA, without a full stop. */
void quota_text_used(const struct message_quota_answer *a, struct buffer *b);

/* The same for a disk quota of the kernel. */
void quota_text_disk(const struct kernel_quota *q, struct buffer *b);

#endif
