/*
 * log_custom.c - log lines in a configurable format.
 *
 * Runs in: recorder.
 */
#include "common/base.h"
#include "daemon/recorder/log_custom.h"

#include "common/log/custom_format.h"
#include "common/text.h"
#include "daemon/recorder/log_line.h"

static void
add_time(struct buffer *line, const char *time, size_t len,
	const struct event *e)
{
	time_t seconds = e->wall_ns < 0 ? 0 : e->wall_ns / 1000000000;
	BUFFER(format, 256);
	char text[512];
	struct tm tm;

	buffer_add(&format, time, len);
	localtime_r(&seconds, &tm);
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	if (strftime(text, sizeof(text), buffer_text(&format), &tm) > 0)
		log_line_add(line, text, "");
#pragma GCC diagnostic pop
}

static void
add_field(struct buffer *line, const char *name, size_t len,
	const struct event *e, const struct event_fields *f)
{
	const char *value, *time = custom_format_time(name, len);

	if (time != NULL) {
		add_time(line, time, len - (size_t)(time - name), e);
		return;
	}
	value = event_fields_find(f, name, len);
	if (value == NULL)
		buffer_add_char(line, '-');
	else
		log_line_word(line, value);
}

static bool
is_wanted(const char *events, const struct event *e,
	const struct event_fields *f)
{
	const char *label = event_fields_find(f, "event", strlen("event"));

	if (*events != '\0')
		return label != NULL && text_list_has(events, label);
	return e->type != EVENT_message && e->type != EVENT_command &&
		e->type != EVENT_reply && e->type != EVENT_transfer_start;
}

bool
log_custom_format(struct buffer *line, const char *format,
	const char *events, const struct event *e, const struct event_fields *f)
{
	const char *name;
	size_t len;

	if (!is_wanted(events, e, f))
		return false;
	for (; *format != '\0'; format++) {
		name = custom_format_field(format, &len);
		if (name != NULL) {
			add_field(line, name, len, e, f);
			format = name + len;
			continue;
		}
		if (format[0] == '%' && format[1] == '%')
			format++;
		buffer_add_char(line, *format);
	}
	return true;
}
