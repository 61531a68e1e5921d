/*
 * book_internal.h - shared by book.c and the other book_*.c only.
 */
#ifndef DAEMON_QUOTA_BOOK_INTERNAL_H
#define DAEMON_QUOTA_BOOK_INTERNAL_H

#include "common/base.h"
#include "common/quota.h"

struct book;		/* daemon/quota/book.h */
struct book_upload;

/* Sums that saturate at INT64_MAX and INT64_MIN. */
int64_t book_add_up(int64_t a, int64_t b);
void book_add(struct quota_count *to, const struct quota_count *by);

bool book_same(const struct quota_inode *a, const struct quota_inode *b);

/* May anything be stored at all? */
enum quota_refusal book_check(struct book *b,
	const struct quota_limits *limits, int64_t now) MUST_CHECK;

/* Change what is reserved for this upload by this much. */
void book_reserve(struct book *b, struct book_upload *u,
	const struct quota_count *by);

#endif
