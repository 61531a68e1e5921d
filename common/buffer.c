/*
 * buffer.c - bytes with a length, in storage of fixed size.
 *
 * Runs in: every process.
 */
#include "common/base.h"
#include "common/buffer.h"

void
buffer_init(struct buffer *b, char *storage, size_t size)
{
	b->data = storage;
	b->size = size;
	buffer_clear(b);
}

void
buffer_clear(struct buffer *b)
{
	b->len = 0;
	b->overflow = false;
	b->data[0] = '\0';
}

size_t
buffer_room(const struct buffer *b)
{
	return b->size - b->len - 1;
}

void
buffer_add(struct buffer *b, const void *data, size_t len)
{
	if (len > buffer_room(b)) {
		b->overflow = true;
		return;
	}
	if (len > 0)
		memcpy(b->data + b->len, data, len);
	b->len += len;
	b->data[b->len] = '\0';
}

void
buffer_add_text(struct buffer *b, const char *text)
{
	buffer_add(b, text, strlen(text));
}

void
buffer_add_char(struct buffer *b, char c)
{
	buffer_add(b, &c, 1);
}

void
buffer_addv(struct buffer *b, const char *format, va_list ap)
{
	size_t room = buffer_room(b);
	int n = vsnprintf(b->data + b->len, room + 1, format, ap);

	if (n < 0 || (size_t)n > room) {
		b->data[b->len] = '\0';
		b->overflow = true;
		return;
	}
	b->len += (size_t)n;
}

void
buffer_addf(struct buffer *b, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	buffer_addv(b, format, ap);
	va_end(ap);
}

const char *
buffer_text(const struct buffer *b)
{
	return b->data;
}
