/*
 * deflate.h - MODE Z (draft-preston-ftpext-deflate): the data of a connection
 * is one zlib stream (RFC 1950).  The only user of zlib.
 *
 * A writer compresses, a reader decompresses; a struct is either of them.
 * Whatever the input, memory is limited by zlib's windows, 32 KiB and 256 KiB.
 */
#ifndef WORKER_DATA_DEFLATE_H
#define WORKER_DATA_DEFLATE_H

#include "common/base.h"

struct deflate;

/* zlib's compression levels. */
#define DEFLATE_LEVEL_MAX     9
#define DEFLATE_LEVEL_DEFAULT 6

/* NULL when out of memory. */
struct deflate *deflate_new_writer(int level);
struct deflate *deflate_new_reader(void);
void deflate_free(struct deflate *d);

/* --- writer: output is pending until it is taken */

/* The pending output; and the number of bytes of it that were sent. */
const char *deflate_waiting(const struct deflate *d, size_t *len);
void deflate_sent(struct deflate *d, size_t n);

/* Without pending output: compress as much of data[len] as possible, at least
 * one byte; returns the number of bytes consumed.  There may be no pending
 * output afterwards. */
size_t deflate_add(struct deflate *d, const char *data, size_t len);

/* Without pending output: produce more of the end of the stream.  False when it
 * is complete. */
bool deflate_finish(struct deflate *d);

/* --- reader */

/* When all input was used: the buffer for more input; and the number of bytes
 * read into it. */
char *deflate_input(struct deflate *d, size_t *size);
void deflate_received(struct deflate *d, size_t n);

/* Decompress into data[size]: the number of bytes, 0 when it needs more input;
 * -EILSEQ for a corrupt stream, or input after its end; or -ENOMEM. */
ssize_t deflate_take(struct deflate *d, char *data, size_t size) MUST_CHECK;

/* May the input end here?  True after the end of the stream, and before its
 * beginning, because clients send nothing for an empty file. */
bool deflate_may_end(const struct deflate *d);

#endif
