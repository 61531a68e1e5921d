/*
 * buffer.h - bytes with a length, in storage of fixed size.
 *
 * A buffer never grows and never overflows: an addition that does not fit is
 * not made at all and sets `overflow`, which stays set until buffer_clear().
 * So a writer can add several parts and check once, at the end.  One byte of
 * the storage is kept for the NUL that buffer_text() relies on, so `size` bytes
 * of storage hold `size - 1` bytes of content.
 *
 * Ownership: the storage belongs to the caller and must outlive the buffer.
 */
#ifndef COMMON_BUFFER_H
#define COMMON_BUFFER_H

#include "common/base.h"

struct buffer {
	char *data;	/* always NUL-terminated at data[len] */
	size_t len;	/* bytes of content */
	size_t size;	/* bytes of storage, at least 1 */
	bool overflow;	/* something was left out */
};

/* Declare a buffer `name` with automatic storage of `n` bytes. */
#define BUFFER(name, n)                                      \
	char name##_storage[n];                              \
	struct buffer name;                                  \
	buffer_init(&(name), name##_storage, sizeof(name##_storage))

/* Make an empty buffer of storage[size]; size must be at least 1. */
void buffer_init(struct buffer *b, char *storage, size_t size);

/* Empty the buffer, and clear `overflow`. */
void buffer_clear(struct buffer *b);

/* Append; all of it or, with `overflow` set, nothing. */
void buffer_add(struct buffer *b, const void *data, size_t len);
void buffer_add_text(struct buffer *b, const char *text);
void buffer_add_char(struct buffer *b, char c);
void buffer_addf(struct buffer *b, const char *format, ...) PRINTF_LIKE(2, 3);
void buffer_addv(struct buffer *b, const char *format, va_list ap)
	PRINTF_LIKE(2, 0);

/* Bytes that can still be added. */
size_t buffer_room(const struct buffer *b);

/* The content as a C string; valid until the next change. */
const char *buffer_text(const struct buffer *b);

#endif
