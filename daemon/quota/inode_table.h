/*
 * inode_table.h - files and directories by device and inode, with three numbers
 * each.
 *
 * It grows up to a limit and then rejects additions, so that a scan's memory is
 * bounded for any tree.  A row takes about 96 bytes.
 */
#ifndef DAEMON_QUOTA_INODE_TABLE_H
#define DAEMON_QUOTA_INODE_TABLE_H

#include "common/base.h"

struct inode_row {
	uint64_t dev, ino;
	int64_t a;
	int64_t b;		/* 0: the row is unused */
	int64_t c;
	bool used;
};

struct inode_table {
	struct inode_row *rows;
	size_t size;		/* a power of 2; at most half is used */
	size_t count, max;
	uint64_t seed;
};

/* Allocates nothing. */
void inode_table_init(struct inode_table *t, size_t max);
void inode_table_clear(struct inode_table *t);

/* The row of this inode, until the next addition; or NULL. */
struct inode_row *inode_table_find(const struct inode_table *t, uint64_t dev,
	uint64_t ino);

/* Add an inode that is not in the table; b must not be 0.  False if the limit
 * is reached, or there is no memory. */
bool inode_table_add(struct inode_table *t, const struct inode_row *row)
	MUST_CHECK;

#endif
