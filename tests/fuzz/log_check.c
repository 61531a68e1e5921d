/*
 * log_check.c - see log_check.h.
 */
#include "common/base.h"

#include "tests/fuzz/log_check.h"

#include "common/text.h"
#include "daemon/recorder/log_text.h"
#include "daemon/recorder/log_protocol.h"
#include "daemon/recorder/log_vsftpd.h"
#include "daemon/recorder/log_xferlog.h"
#include "tests/fuzz/fuzz.h"

/* A control or formatting character, which could change how a terminal shows
 * the line. */
static bool
is_control(const unsigned char *c, size_t len)
{
	if (len == 1)			/* C0, DEL */
		return c[0] < 0x20 || c[0] == 0x7f;
	if (len == 2)			/* C1, U+061C */
		return (c[0] == 0xc2 && c[1] < 0xa0) ||
			(c[0] == 0xd8 && c[1] == 0x9c);
	if (len == 4 || c[0] != 0xe2)
		return false;
	if (c[1] == 0x80)		/* U+200E to U+202E */
		return c[2] == 0x8e || c[2] == 0x8f ||
			(c[2] >= 0xa8 && c[2] <= 0xae);
	/* U+2066 to U+2069 */
	return c[1] == 0x81 && c[2] >= 0xa6 && c[2] <= 0xa9;
}

bool
log_check_is_clean(const char *text, size_t len)
{
	for (size_t n, at = 0; at < len; at += n) {
		n = text_utf8(text + at, len - at);
		if (n == 0 || is_control((const unsigned char *)text + at, n))
			return false;
	}
	return true;
}

static void
check_line(log_format *format, const struct event *e)
{
	char storage[LOG_LINE_MAX];
	struct buffer line;

	log_line_begin(&line, storage, sizeof(storage));
	if (!format(&line, e))
		return;
	log_line_end(&line);
	if (line.len == 0 || line.data[line.len - 1] != '\n' ||
		!log_check_is_clean(line.data, line.len - 1))
		fuzz_fail("no clean line in a log: %s", buffer_text(&line));
}

void
log_check(const struct event *e)
{
	check_line(log_text_format, e);
	check_line(log_protocol_format, e);
	check_line(log_vsftpd_format, e);
	check_line(log_xferlog_format, e);
}
