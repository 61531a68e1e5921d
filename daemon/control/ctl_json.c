/*
 * ctl_json.c - writes JSON, one object per line.
 *
 * Runs in: sureftpctl.
 */
#include "common/base.h"
#include "daemon/control/ctl_json.h"

#include "common/text.h"

static void
put_escape(FILE *out, uint32_t number)
{
	if (number < 0x10000) {
		fprintf(out, "\\u%04" PRIx32, number);
		return;
	}
	number -= 0x10000;	/* surrogates, RFC 8259 section 7 */
	fprintf(out, "\\u%04" PRIx32 "\\u%04" PRIx32, 0xd800 + (number >> 10),
		0xdc00 + (number & 0x3ff));
}

static void
put_string(FILE *out, const char *text)
{
	size_t len = strlen(text), n;

	putc('"', out);
	for (size_t i = 0; i < len; i += n > 0 ? n : 1) {
		char c = text[i];

		n = text_utf8(text + i, len - i);
		if (n == 0)
			put_escape(out, 0xfffd);
		else if (n > 1)
			put_escape(out, text_code_point(text + i, n));
		else if (c == '"' || c == '\\')
			fprintf(out, "\\%c", c);
		else if (c < 0x20 || c == 0x7f)
			put_escape(out, (unsigned char)c);
		else
			putc(c, out);
	}
	putc('"', out);
}

static void
put_key(struct ctl_json *j, const char *key)
{
	if (j->more)
		putc(',', j->out);
	j->more = true;
	if (key == NULL)
		return;
	put_string(j->out, key);
	putc(':', j->out);
}

void
ctl_json_open(struct ctl_json *j, const char *key, char bracket)
{
	put_key(j, key);
	putc(bracket, j->out);
	j->more = false;
}

void
ctl_json_close(struct ctl_json *j, char bracket)
{
	putc(bracket, j->out);
	j->more = true;
}

void
ctl_json_begin(struct ctl_json *j, FILE *out)
{
	*j = (struct ctl_json){ .out = out };
	ctl_json_open(j, NULL, '{');
}

void
ctl_json_end(struct ctl_json *j)
{
	fputs("}\n", j->out);
}

void
ctl_json_text(struct ctl_json *j, const char *key, const char *text)
{
	put_key(j, key);
	put_string(j->out, text);
}

void
ctl_json_number(struct ctl_json *j, const char *key, int64_t number)
{
	put_key(j, key);
	fprintf(j->out, "%" PRId64, number);
}

void
ctl_json_bool(struct ctl_json *j, const char *key, bool value)
{
	put_key(j, key);
	fputs(value ? "true" : "false", j->out);
}

void
ctl_json_null(struct ctl_json *j, const char *key)
{
	put_key(j, key);
	fputs("null", j->out);
}
