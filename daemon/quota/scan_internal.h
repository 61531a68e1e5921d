/*
 * scan_internal.h - what scan.c and scan_change.c share.
 */
#ifndef DAEMON_QUOTA_SCAN_INTERNAL_H
#define DAEMON_QUOTA_SCAN_INTERNAL_H

#include "common/base.h"

struct scan;		/* daemon/quota/scan.h */
struct inode_table;
struct inode_row;

#define SCAN_NS		   1000000000
/* The kernel takes ctime from a clock that lags by a few milliseconds. */
#define SCAN_RECENT_MARGIN SCAN_NS

void scan_remember(struct scan *s, struct inode_table *t,
	const struct inode_row *row);

/* Add this to the sum. */
void scan_add(struct scan *s, int64_t bytes, int64_t files);

#endif
