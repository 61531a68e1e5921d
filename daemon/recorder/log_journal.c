/*
 * log_journal.c - formats datagrams for systemd's journal.
 *
 * Runs in: recorder.
 */
#include "common/base.h"
#include "daemon/recorder/log_journal.h"

#include "common/text.h"
#include "daemon/recorder/log_line.h"
#include "daemon/recorder/log_sentence.h"

#include <endian.h>

/* A value that contains a line feed is preceded by its length. */
static void
add_value(struct buffer *b, const char *value)
{
	size_t len = strlen(value);
	uint64_t size = htole64(len);

	if (memchr(value, '\n', len) == NULL) {
		buffer_add_char(b, '=');
	} else {
		buffer_add_char(b, '\n');
		buffer_add(b, &size, sizeof(size));
	}
	buffer_add(b, value, len);
	buffer_add_char(b, '\n');
}

static void
add_field(struct buffer *b, const struct event_field *field)
{
	buffer_add_text(b, "SUREFTPD_");
	for (const char *c = field->name; *c != '\0'; c++)
		buffer_add_char(b, text_upper(*c));
	add_value(b, field->value);
}

/* Add peer and user to the message, for readers that see only MESSAGE. */
static void
add_message(struct buffer *b, const struct event *e)
{
	BUFFER(text, LOG_LINE_MAX);

	log_sentence(&text, e);
	log_line_who(&text, e);
	buffer_add_text(b, "MESSAGE=");
	/* Escaped, so it contains no line feed. */
	size_t len = text.len < EVENT_TEXT_MAX ? text.len : EVENT_TEXT_MAX;
	buffer_add(b, text.data, len);
	buffer_add_char(b, '\n');
}

void
log_journal_format(struct buffer *b, const struct event *e, int priority,
	int facility)
{
	struct event_fields f UNINITIALIZED;

	add_message(b, e);
	buffer_addf(b, "PRIORITY=%d\nSYSLOG_FACILITY=%d\n"
		"SYSLOG_IDENTIFIER=sureftpd\nSYSLOG_PID=%d\n", priority,
		facility >> 3, (int)e->pid);
	event_fields(&f, e);
	for (size_t i = 0; i < f.count; i++)
		add_field(b, &f.list[i]);
}
