/*
 * reply.c - puts answers together and sends each with one write.
 *
 * Runs in: greeter, session.
 */
#include "common/base.h"

#include "worker/reply.h"

#include "common/buffer.h"
#include "common/clock.h"
#include "common/log/event.h"
#include "worker/session.h"

#define REPLY_TIMEOUT 60	/* seconds a client may leave a reply unread */
#define TEXT_SIZE (2 * PATH_MAX + 200)	/* a path, its quotes doubled */
#define WIRE_SIZE (2 * TEXT_SIZE)	/* the same, each byte 255 doubled */

static void
send_bytes(struct session *s, const char *data, size_t len)
{
	if (s->over && s->outcome == OUTCOME_LOST)
		return;
	if (control_write(&s->control, data, len,
		clock_after(REPLY_TIMEOUT)) < 0)
		session_end(s, OUTCOME_LOST);
}

static void
log_reply(const struct session *s, int code, const char *text)
{
	if (!s->log_protocol)
		return;
	struct event e = event_new(EVENT_reply);
	e.code = code;
	e.text = text;
	event_send(&e);
}

/* Append text as it may stand on the wire. */
static void
add_wire(struct buffer *b, const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		char c = text[i];
		if (c == '\r' || c == '\n' || c == '\0')
			c = '?';
		if (c == '\xff')	/* Telnet: IAC IAC */
			buffer_add_char(b, c);
		buffer_add_char(b, c);
	}
}

static void PRINTF_LIKE(2, 0)
format_wire(struct buffer *b, const char *format, va_list ap)
{
	BUFFER(text, TEXT_SIZE);

	buffer_addv(&text, format, ap);
	add_wire(b, text.data, text.len);
}

void
reply(struct session *s, int code, const char *format, ...)
{
	BUFFER(line, WIRE_SIZE);
	va_list ap;

	buffer_addf(&line, "%03d ", code);
	va_start(ap, format);
	format_wire(&line, format, ap);
	va_end(ap);
	log_reply(s, code, buffer_text(&line) + 4);
	buffer_add(&line, "\r\n", 2);
	send_bytes(s, line.data, line.len);
}

void
reply_text(struct session *s, int code, const char *text)
{
	BUFFER(lines, WIRE_SIZE);
	const char *end;

	while ((end = strstr(text, "\\n")) != NULL) {
		buffer_addf(&lines, "%03d-", code);
		add_wire(&lines, text, (size_t)(end - text));
		buffer_add(&lines, "\r\n", 2);
		text = end + 2;
	}
	buffer_addf(&lines, "%03d ", code);
	add_wire(&lines, text, strlen(text));
	buffer_add(&lines, "\r\n", 2);
	log_reply(s, code, text);
	send_bytes(s, lines.data, lines.len);
}

const char *
reply_reason(int error)
{
	switch (error) {
	case ENOENT:
		return "No such file or directory";
	case EACCES:
	case EPERM:
		return "Permission denied";
	case EEXIST:
		return "It exists already";
	case ENOTDIR:
		return "Not a directory";
	case EISDIR:
		return "Is a directory";
	case ENOTEMPTY:
		return "Directory not empty";
	case ENAMETOOLONG:
		return "Name too long";
	case EROFS:
		return "Read-only file system";
	case ENOSPC:
		return "No space left on the server";
	case EDQUOT:
		return "Quota exceeded";
	case EFBIG:
		return "File too large";
	case EXDEV:
		return "Source and target are on different file systems";
	case ELOOP:
		return "Too many symbolic links";
	case EBUSY:
		return "In use";
	case E2BIG:
		return "Too many wildcards";
	case EINVAL:
	case ENXIO:
		return "Not possible with this name";
	default:
		return "The server could not do that";
	}
}

void
reply_errno(struct session *s, int error)
{
	int code = 550;

	if (error == ENOSPC)
		code = 452;
	else if (error == EDQUOT || error == EFBIG)
		code = 552;
	else if (error == ENAMETOOLONG)
		code = 553;
	reply(s, code, "%s.", reply_reason(error));
}

static void
flush(struct reply_lines *r)
{
	send_bytes(r->session, r->data, r->len);
	r->len = 0;
}

static void PRINTF_LIKE(3, 0)
add_line(struct reply_lines *r, const char *begin, const char *format,
	va_list ap)
{
	BUFFER(line, WIRE_SIZE);

	buffer_add_text(&line, begin);
	format_wire(&line, format, ap);
	buffer_add(&line, "\r\n", 2);
	if (line.len > sizeof(r->data) - r->len)
		flush(r);
	memcpy(r->data + r->len, line.data, line.len);
	r->len += line.len;
}

void
reply_begin(struct reply_lines *r, struct session *s, int code,
	const char *format, ...)
{
	char begin[16];
	va_list ap;

	r->session = s;
	r->code = code;
	r->len = 0;
	snprintf(begin, sizeof(begin), "%03d-", code);
	va_start(ap, format);
	add_line(r, begin, format, ap);
	va_end(ap);
}

void
reply_line(struct reply_lines *r, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	add_line(r, " ", format, ap);
	va_end(ap);
}

/* Listing text for STAT: its lines get the leading blank that keeps a name
 * like "213 x" from looking like the last line (RFC 959 4.2). */
void
reply_raw(struct reply_lines *r, const char *text, size_t len)
{
	const char *end = text + len;

	while (text < end) {
		const char *lf = memchr(text, '\n', (size_t)(end - text));
		size_t n = lf == NULL ? (size_t)(end - text)
				      : (size_t)(lf - text);
		size_t visible = n > 0 && text[n - 1] == '\r' ? n - 1 : n;
		reply_line(r, "%.*s", (int)visible, text);
		text += n + (lf != NULL);
	}
}

void
reply_finish(struct reply_lines *r, const char *format, ...)
{
	char begin[16];
	va_list ap;

	snprintf(begin, sizeof(begin), "%03d ", r->code);
	va_start(ap, format);
	add_line(r, begin, format, ap);
	va_end(ap);
	flush(r);
	log_reply(r->session, r->code, "(several lines)");
}
