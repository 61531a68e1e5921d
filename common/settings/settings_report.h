/*
 * settings_report.h - naming the place of a mistake in the settings, and what
 * is wrong.  All of it is safe to print on a terminal.
 * For settings_*.c and for code that loads what the settings name.
 */
#ifndef COMMON_SETTINGS_SETTINGS_REPORT_H
#define COMMON_SETTINGS_SETTINGS_REPORT_H

#include "common/base.h"
#include "common/buffer.h"
#include "common/settings/settings.h"

/* One round of checks, and how often it complained. */
struct settings_report {
	const struct settings *settings;
	settings_complaint *complain;
	void *context;
	size_t count;
};

/* Complain about a line of the file, or about one of the values that stand
 * for a line (SETTINGS_FROM_DEFAULT...). */
void settings_report_at(struct settings_report *r, int line,
	const char *format, ...) PRINTF_LIKE(3, 4);

/* Append "FILE:LINE", "-o" or, without a line, "FILE". */
#define SETTINGS_REPORT_WHERE_SIZE (4 * PATH_MAX + 32)	/* escaped */
void settings_report_where(const struct settings *settings, int line,
	struct buffer *b);

/* Append what is wrong, escaped; what is longer is cut, and "..." says so. */
#define SETTINGS_REPORT_SHOWN	      1000
#define SETTINGS_REPORT_SENTENCE_SIZE (4 * SETTINGS_REPORT_SHOWN + 4)
void settings_report_sentence(struct buffer *b, const char *format, va_list ap)
	PRINTF_LIKE(2, 0);

#endif
