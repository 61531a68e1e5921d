/*
 * reply.c - formats replies, and sends each with one write.
 *
 * Runs in: greeter, session.
 */
#include "common/base.h"

#include "worker/reply.h"

#include "common/buffer.h"
#include "common/clock.h"
#include "common/log/event.h"
#include "worker/reason.h"

#define REPLY_TIMEOUT 60	/* seconds that a client may leave a reply
				 * unread */

void
reply_init(struct reply *r, struct control *control, bool log)
{
	r->control = control;
	r->log = log;
	r->lost = false;
	r->quota_exceeded = NULL;
	r->charset = NULL;
}

static void
write_bytes(struct reply *r, const char *data, size_t len)
{
	if (r->lost)
		return;
	r->lost = control_write(r->control, data, len,
		clock_after(REPLY_TIMEOUT)) < 0;
}

static void
log_reply(const struct reply *r, int code, const char *text)
{
	if (!r->log)
		return;
	struct event e = event_new(EVENT_reply);
	e.code = code;
	e.text = text;
	event_send(&e);
}

/* Text without ends of lines, from here on. */
static void
clean(struct buffer *b, size_t from)
{
	for (size_t i = from; i < b->len; i++) {
		char *c = &b->data[i];
		if (*c == '\r' || *c == '\n' || *c == '\0')
			*c = '?';
	}
}

/* Encode what was appended from here on for the wire. */
static void
encode(const struct reply *r, struct buffer *b, size_t from)
{
	if (r->charset != NULL)
		b->len = from + charset_encode(r->charset, b->data + from,
			b->len - from);
	for (size_t i = from; i < b->len; i++) {
		char *c = &b->data[i];
		if (*c != '\xff')
			continue;
		/* Telnet: IAC IAC */
		buffer_add_char(b, *c);
		i++;
		memmove(c + 1, c, b->len - i);
	}
}

static void PRINTF_LIKE(2, 0)
format_text(struct buffer *b, const char *format, va_list ap)
{
	size_t from = b->len;

	buffer_addv(b, format, ap);
	clean(b, from);
}

static struct buffer
begin(struct reply *r)
{
	struct buffer line;

	buffer_init(&line, r->line, REPLY_SIZE);
	return line;
}

static void
add_code(struct buffer *b, int code, char after)
{
	const char text[] = {
		(char)('0' + code / 100 % 10),
		(char)('0' + code / 10 % 10),
		(char)('0' + code % 10),
		after,
	};

	buffer_add(b, text, sizeof(text));
}

/* "code text", terminated for the wire. */
static struct buffer PRINTF_LIKE(3, 0)
one_line(struct reply *r, int code, const char *format, va_list ap)
{
	struct buffer line = begin(r);

	add_code(&line, code, ' ');
	size_t from = line.len;
	format_text(&line, format, ap);
	log_reply(r, code, buffer_text(&line) + from);
	encode(r, &line, from);
	buffer_add(&line, "\r\n", 2);
	return line;
}

void
reply(struct reply *r, int code, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	struct buffer line = one_line(r, code, format, ap);
	va_end(ap);
	write_bytes(r, line.data, line.len);
}

static bool
is_control(char c)
{
	return ((unsigned char)c < 0x20 && c != '\t') || c == 0x7f;
}

/* One line of an administrator's text, truncated to the maximum of a line. */
static void
add_text_line(const struct reply *r, struct buffer *b, int code, bool last,
	const char *text, size_t len)
{
	size_t from;

	if (len > 0 && text[len - 1] == '\r')
		len--;
	if (len > PATH_MAX)
		len = PATH_MAX;
	add_code(b, code, last ? ' ' : '-');
	from = b->len;
	buffer_add(b, text, len);
	for (size_t i = from; i < b->len; i++)
		if (is_control(b->data[i]))
			b->data[i] = '?';
	encode(r, b, from);
	buffer_add(b, "\r\n", 2);
}

void
reply_text(struct reply *r, int code, const char *text)
{
	struct buffer lines = begin(r);
	const char *end;

	if (*text == '\0')
		text = "OK.";
	end = strchr(text, '\n');
	log_reply(r, code, end == NULL ? text : "(several lines)");
	for (; end != NULL; end = strchr(text, '\n')) {
		add_text_line(r, &lines, code, false, text,
			(size_t)(end - text));
		text = end + 1;
		if (buffer_room(&lines) > 2 * PATH_MAX + 8)
			continue;
		write_bytes(r, lines.data, lines.len);
		buffer_clear(&lines);
	}
	add_text_line(r, &lines, code, true, text, strlen(text));
	write_bytes(r, lines.data, lines.len);
}

const char *
reply_reason(const struct reply *r, int error)
{
	return r->quota_exceeded != NULL && reason_is_quota(error) ?
		r->quota_exceeded : reason_text(error);
}

/* The administrator's text may be a whole sentence. */
const char *
reply_period(const char *text)
{
	size_t len = strlen(text);

	return len > 0 && strchr(".!?", text[len - 1]) != NULL ? "" : ".";
}

void
reply_errno(struct reply *r, int error)
{
	const char *reason = reply_reason(r, error);

	reply(r, reason_code(error, 550), "%s%s", reason,
		reply_period(reason));
}

void
reply_result(struct reply *r, int error, int code, const char *text)
{
	if (error < 0)
		reply_errno(r, -error);
	else
		reply(r, code, "%s", text);
}

static void
flush(struct reply_lines *l)
{
	write_bytes(l->reply, l->data, l->len);
	l->len = 0;
}

static void PRINTF_LIKE(3, 0)
add_line(struct reply_lines *l, const char *prefix, const char *format,
	va_list ap)
{
	struct buffer line = begin(l->reply);

	buffer_add_text(&line, prefix);
	size_t from = line.len;
	format_text(&line, format, ap);
	encode(l->reply, &line, from);
	buffer_add(&line, "\r\n", 2);
	if (line.len > sizeof(l->data) - l->len)
		flush(l);
	memcpy(l->data + l->len, line.data, line.len);
	l->len += line.len;
}

void
reply_begin(struct reply_lines *l, struct reply *r, int code,
	const char *format, ...)
{
	char prefix[16];
	va_list ap;

	l->reply = r;
	l->code = code;
	l->len = 0;
	snprintf(prefix, sizeof(prefix), "%03d-", code);
	va_start(ap, format);
	add_line(l, prefix, format, ap);
	va_end(ap);
}

void
reply_line(struct reply_lines *l, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	add_line(l, " ", format, ap);
	va_end(ap);
}

/* The blank: a name like "213 x" must not look like the last line (RFC 959
 * 4.2). */
void
reply_listing(struct reply_lines *l, const char *text, size_t len)
{
	const char *end = text + len;

	while (text < end) {
		const char *lf = memchr(text, '\n', (size_t)(end - text));
		size_t n = lf == NULL ? (size_t)(end - text)
				      : (size_t)(lf - text);
		size_t visible = n > 0 && text[n - 1] == '\r' ? n - 1 : n;
		reply_line(l, "%.*s", (int)visible, text);
		text += n + (lf != NULL);
	}
}

void
reply_finish(struct reply_lines *l, const char *format, ...)
{
	char prefix[16];
	va_list ap;

	snprintf(prefix, sizeof(prefix), "%03d ", l->code);
	va_start(ap, format);
	add_line(l, prefix, format, ap);
	va_end(ap);
	flush(l);
	log_reply(l->reply, l->code, "(several lines)");
}
