/*
 * json.c - JSON into a buffer.
 *
 * Runs in: recorder, runner.
 */
#include "common/base.h"
#include "common/json.h"

#include "common/text.h"

/* Characters that text_escape() does not escape are written as they are; it
 * escapes none above U+FFFF. */
static bool
is_shown(const char *c, size_t len)
{
	BUFFER(escaped, 32);

	if (len == 1)
		return *c >= ' ' && *c < 0x7f && *c != '"' && *c != '\\';
	text_escape(&escaped, c, len);
	return escaped.len == len;
}

void
json_add_string(struct buffer *b, const char *text)
{
	size_t len = strlen(text), n;

	buffer_add_char(b, '"');
	for (size_t i = 0; i < len; i += n > 0 ? n : 1) {
		const char *c = text + i;

		n = text_utf8(c, len - i);
		if (n == 0)
			buffer_addf(b, "\\udc%02x", (unsigned char)*c);
		else if (is_shown(c, n))
			buffer_add(b, c, n);
		else if (*c == '"' || *c == '\\')
			buffer_addf(b, "\\%c", *c);
		else
			buffer_addf(b, "\\u%04" PRIx32,
				text_code_point(c, n));
	}
	buffer_add_char(b, '"');
}

static void
add_name(struct buffer *b, const char *name)
{
	if (b->len > 0 && b->data[b->len - 1] != '{')
		buffer_add_char(b, ',');
	buffer_addf(b, "\"%s\":", name);
}

void
json_add_text(struct buffer *b, const char *name, const char *value)
{
	add_name(b, name);
	json_add_string(b, value);
}

void
json_add_number(struct buffer *b, const char *name, const char *number)
{
	add_name(b, name);
	buffer_add_text(b, number);
}
