/*
 * log_custom.c - log lines in a configurable format.
 *
 * Runs in: recorder.
 */
#include "common/base.h"
#include "daemon/recorder/log_custom.h"

#include "common/text.h"
#include "daemon/recorder/log_line.h"

#define TIME "time:"

/* The name in "%{NAME}" at text, or NULL. */
static const char *
field_at(const char *text, size_t *len)
{
	if (text[0] != '%' || text[1] != '{')
		return NULL;
	*len = strcspn(text + 2, "}");
	return text[2 + *len] == '}' ? text + 2 : NULL;
}

static bool
is_time(const char *name, size_t len)
{
	return len > strlen(TIME) && memcmp(name, TIME, strlen(TIME)) == 0;
}

const char *
log_custom_mistake(const char *format, const char *events)
{
	const char *name;
	size_t len;

	for (; *format != '\0'; format++) {
		if (*format != '%')
			continue;
		if (format[1] == '%') {
			format++;
			continue;
		}
		name = field_at(format, &len);
		if (name == NULL)
			return "write %{FIELD}, and %% for a percent sign";
		if (!event_fields_is_name(name, len) && !is_time(name, len))
			return "there is no such field; see sureftpd-logs(7)";
		format = name + len;
	}
	while ((name = text_word(&events, &len)) != NULL)
		if (!event_fields_is_label(name, len))
			return "there is no such event; see sureftpd-logs(7)";
	return NULL;
}

static void
add_time(struct buffer *line, const char *name, size_t len,
	const struct event *e)
{
	time_t seconds = e->wall_ns < 0 ? 0 : e->wall_ns / 1000000000;
	BUFFER(format, 256);
	char text[512];
	struct tm tm;

	buffer_add(&format, name + strlen(TIME), len - strlen(TIME));
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
	const char *value;

	if (is_time(name, len)) {
		add_time(line, name, len, e);
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
log_custom(struct buffer *line, const char *format, const char *events,
	const struct event *e, const struct event_fields *f)
{
	const char *name;
	size_t len;

	if (!is_wanted(events, e, f))
		return false;
	for (; *format != '\0'; format++) {
		name = field_at(format, &len);
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
