/*
 * book_scan.c - the count of a scan, in place of the one that was known.
 *
 * Runs in: bookkeeper.
 * Never: makes a system call.
 */
#include "common/base.h"
#include "daemon/quota/book.h"

#include "daemon/quota/book_internal.h"

void
book_scan(struct book *b)
{
	b->scanning = true;
	/* They may be set again during the scan. */
	b->disturbed = b->suspect = false;
	b->meanwhile = (struct quota_count){ 0, 0 };
}

/* After a disturbed scan, the previous count is closer than a result that may
 * lack what a running upload has stored, with which the limit could be
 * exceeded. */
void
book_scanned(struct book *b, const struct quota_count *found)
{
	bool keep = (b->disturbed || b->suspect) && b->known;

	b->scanning = false;
	b->suspect |= b->disturbed;
	if (keep)
		return;
	b->count = *found;
	book_add(&b->count, &b->meanwhile);
	b->known = true;
	b->changes = 0;
	if (b->count.bytes < 0 || b->count.files < 0)
		b->suspect = true;
}
