/*
 * settings_report.c - reports errors in the settings, with their place.
 *
 * Runs in: the master, and wherever settings are read or shown.
 */
#include "common/base.h"
#include "common/settings/settings_report.h"

#include "common/text.h"

#include <sys/stat.h>

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

static void PRINTF_LIKE(3, 0)
report(struct settings_report *r, int line, const char *format, va_list ap)
{
	BUFFER(where, SETTINGS_REPORT_WHERE_SIZE);
	BUFFER(sentence, SETTINGS_REPORT_SENTENCE_SIZE);

	settings_report_where(r->settings, line, &where);
	settings_report_sentence(&sentence, format, ap);
	r->count++;
	r->complain(r->context, buffer_text(&where), buffer_text(&sentence));
}

void
settings_report_at(struct settings_report *r, int line,
	const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	report(r, line, format, ap);
	va_end(ap);
}

void
settings_report_row(struct settings_report *r, size_t row,
	const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	report(r, r->settings->origins[0].line[row], format, ap);
	va_end(ap);
}

bool
settings_report_others_read(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && (st.st_mode & (S_IRGRP | S_IROTH)) != 0;
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
