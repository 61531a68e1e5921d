/*
 * settings_report.h - reports errors in the settings, with their place. All
 * texts are escaped.  For settings_*.c, and for code that loads the files named
 * in the settings.
 */
#ifndef COMMON_SETTINGS_SETTINGS_REPORT_H
#define COMMON_SETTINGS_SETTINGS_REPORT_H

#include "common/base.h"
#include "common/buffer.h"
#include "common/settings/settings.h"

/* The state of one check, with the number of complaints. */
struct settings_report {
	const struct settings *settings;
	settings_complaint *complain;
	void *context;
	size_t count;
};

/* Complain about a line of the file, or about one of the special values
 * (SETTINGS_FROM_DEFAULT...). */
void settings_report_at(struct settings_report *r, int line,
	const char *format, ...) PRINTF_LIKE(3, 4);

/* The same about a server or user row, outside named sections. */
void settings_report_row(struct settings_report *r, size_t row,
	const char *format, ...) PRINTF_LIKE(3, 4);

/* False also when the file cannot be examined. */
bool settings_report_others_read(const char *path);

/* Check the values of all users, of [anonymous] and of each section that
 * overrides them; how many complaints there were. */
typedef void settings_values_check(struct settings_report *r,
	const struct user_settings *values,
	const struct settings_origin *origin);
size_t settings_report_values(const struct settings *s,
	settings_complaint *complain, void *context,
	settings_values_check *check);

/* Append "FILE:LINE", "-o" or, without a line, "FILE". */
#define SETTINGS_REPORT_WHERE_SIZE (4 * PATH_MAX + 32)	/* escaped */
void settings_report_where(const struct settings *settings, int line,
	struct buffer *b);

/* Append a text, escaped; a longer one is truncated and ends in "...". */
#define SETTINGS_REPORT_SHOWN	      1000
#define SETTINGS_REPORT_SENTENCE_SIZE (4 * SETTINGS_REPORT_SHOWN + 4)
void settings_report_sentence(struct buffer *b, const char *format, va_list ap)
	PRINTF_LIKE(2, 0);

#endif
