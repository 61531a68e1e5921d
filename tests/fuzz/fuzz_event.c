/*
 * fuzz_event.c - any bytes as an event: refused, or one clean line in every
 * log.
 */
#include "common/base.h"

#include "common/log/event.h"
#include "common/text.h"
#include "daemon/recorder/log_text.h"
#include "daemon/recorder/log_protocol.h"
#include "daemon/recorder/log_vsftpd.h"
#include "daemon/recorder/log_xferlog.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check_line(log_format *format, const struct event *e)
{
	char storage[LOG_LINE_MAX];
	struct buffer line;

	log_line_begin(&line, storage, sizeof(storage));
	if (!format(&line, e))
		return;
	log_line_end(&line);

	for (size_t i = 0; i + 1 < line.len; i++)
		if ((unsigned char)line.data[i] < ' ' ||
		    (text_utf8(line.data + i, line.len - i) == 0 &&
		    ((unsigned char)line.data[i] & 0xc0) != 0x80))
			abort();
	if (line.data[line.len - 1] != '\n')
		abort();
}

/* What was understood must survive being sent again. */
static void
check_again(const struct event *e)
{
	char packed[EVENT_PACKED_MAX];
	size_t len = event_pack(e, packed);
	struct event again;

	if (event_unpack(&again, packed, len) < 0 || again.type != e->type ||
	    strcmp(again.path, e->path) != 0 ||
	    strcmp(again.text, e->text) != 0)
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct event e;

	if (event_unpack(&e, (const char *)data, size) < 0)
		return 0;
	check_again(&e);
	check_line(log_text_format, &e);
	check_line(log_protocol_format, &e);
	check_line(log_vsftpd_format, &e);
	check_line(log_xferlog_format, &e);
	return 0;
}
