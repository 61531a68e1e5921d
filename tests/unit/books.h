/*
 * books.h - what the suites about counts share.
 */
#ifndef TESTS_UNIT_BOOKS_H
#define TESTS_UNIT_BOOKS_H

#include "common/base.h"
#include "daemon/quota/book.h"

#define BOOKS_NOW 1000

extern const struct quota_limits books_limit;	/* 100,000 bytes, 10 files */
extern const struct quota_limits books_unlimited;

/* A book with this count.  Files that were removed are forgotten. */
struct book books_new(int64_t bytes, int64_t files);

struct book_weight books_file(uint64_t inode, int64_t bytes);

/* An upload to this file begins, with books_limit; it ends with this size. */
enum quota_refusal books_begin(struct book *b, struct book_upload *u,
	const struct book_weight *w, bool created, int64_t size);
void books_settle(struct book *b, struct book_upload *u, uint64_t inode,
	int64_t bytes);

/* It was refused, and the session has removed the new file. */
void books_refused(struct book *b, struct book_upload *u, uint64_t inode);

void books_check(const struct book *b, int64_t bytes, int64_t files);

/* Nothing is reserved. */
void books_check_idle(const struct book *b);

#endif
