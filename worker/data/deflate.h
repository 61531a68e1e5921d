/*
 * deflate.h - MODE Z (draft-preston-ftpext-deflate): what goes over a data
 * connection is one zlib stream (RFC 1950).  The only door to zlib.
 *
 * A writer compresses, a reader decompresses; one struct does one of both.  No
 * input makes it take more memory than zlib's windows, 32 KiB and 256 KiB.
 */
#ifndef WORKER_DATA_DEFLATE_H
#define WORKER_DATA_DEFLATE_H

#include "common/base.h"

struct deflate;

/* zlib's levels of compression. */
#define DEFLATE_LEVEL_MAX     9
#define DEFLATE_LEVEL_DEFAULT 6

/* NULL when there is no memory. */
struct deflate *deflate_new_writer(int level);
struct deflate *deflate_new_reader(void);
void deflate_free(struct deflate *d);

/* --- a writer: what it makes is waiting in it until it is taken */

/* What is waiting to be sent; of that, n bytes were. */
const char *deflate_waiting(const struct deflate *d, size_t *len);
void deflate_sent(struct deflate *d, size_t n);

/* Nothing waits: compress of data[len] what there is room for, at least one
 * byte; returns how much that was.  Nothing needs to wait afterwards. */
size_t deflate_add(struct deflate *d, const char *data, size_t len);

/* Nothing waits: make more of the stream's end.  False when all of it has been
 * made before. */
bool deflate_finish(struct deflate *d);

/* --- a reader */

/* All of the input was used: where more of it goes, and that n bytes came. */
char *deflate_input(struct deflate *d, size_t *size);
void deflate_received(struct deflate *d, size_t n);

/* Decompress into data[size]: how much it gave, 0 when it needs more input;
 * -EILSEQ for a corrupt stream, or input after its end; -ENOMEM. */
ssize_t deflate_take(struct deflate *d, char *data, size_t size) MUST_CHECK;

/* May the input end here: after the stream's end, or before its beginning, as
 * clients do for an empty file? */
bool deflate_may_end(const struct deflate *d);

#endif
