/*
 * refuse.h - for functions that return false for a refusal, and append its true
 * reason.
 *
 * The reason is for the log only: a client that knew it could find out which
 * accounts exist.
 */
#ifndef COMMON_ACCOUNTS_REFUSE_H
#define COMMON_ACCOUNTS_REFUSE_H

#include "common/base.h"
#include "common/buffer.h"

/* Append the reason; false. */
static inline bool
refuse(struct buffer *reason, const char *text)
{
	buffer_add_text(reason, text);
	return false;
}

#endif
