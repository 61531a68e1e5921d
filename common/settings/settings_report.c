/*
 * settings_report.c - reports errors in the settings, with their place.
 *
 * Runs in: the master, and wherever settings are read or shown.
 */
#include "common/base.h"
#include "common/settings/settings_report.h"

#include "common/text.h"

void
settings_report_where(const struct settings *settings, int line,
	struct buffer *b)
{
	const char *path = settings->path;

	if (line == SETTINGS_FROM_COMMAND_LINE) {
		buffer_add_text(b, "-o");
		return;
	}
	if (*path == '\0')
		path = "built-in settings";
	text_escape(b, path, strlen(path));
	if (line > 0)
		buffer_addf(b, ":%d", line);
}

void
settings_report_sentence(struct buffer *b, const char *format, va_list ap)
{
	char sentence[SETTINGS_REPORT_SHOWN];
	int len = vsnprintf(sentence, sizeof(sentence), format, ap);

	text_escape(b, sentence, strlen(sentence));
	if (len >= (int)sizeof(sentence))
		buffer_add_text(b, "...");
}

void
settings_report_at(struct settings_report *r, int line,
	const char *format, ...)
{
	BUFFER(where, SETTINGS_REPORT_WHERE_SIZE);
	BUFFER(sentence, SETTINGS_REPORT_SENTENCE_SIZE);
	va_list ap;

	settings_report_where(r->settings, line, &where);
	va_start(ap, format);
	settings_report_sentence(&sentence, format, ap);
	va_end(ap);
	r->count++;
	r->complain(r->context, buffer_text(&where), buffer_text(&sentence));
}

size_t
settings_report_values(const struct settings *s, settings_complaint *complain,
	void *context, settings_values_check *check)
{
	struct settings_report r = { s, complain, context, 0 };

	check(&r, &s->user, &s->origins[0]);
	check(&r, &s->anonymous.values, &s->anonymous.origin);
	for (size_t i = 0; i < s->override_count; i++)
		check(&r, &s->overrides[i].values, &s->overrides[i].origin);
	return r.count;
}
