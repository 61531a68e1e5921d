/*
 * settings_charset.c - checks the setting filename_charset.
 *
 * Runs in: the master, at the start and at a reload; sureftpd --check; session.
 */
#include "common/base.h"
#include "common/settings/settings_charset.h"

#include "common/charset.h"
#include "common/log/log.h"
#include "common/settings/settings_report.h"

#define ROW SETTINGS_ROW_session_filename_charset

static void
check(struct settings_report *r, const struct user_settings *values,
	const struct settings_origin *origin)
{
	int which = values->filename_charset, line = origin->line[ROW];
	struct charset c;

	if (line == SETTINGS_FROM_DEFAULT || which == CHARSET_UTF8)
		return;
	int error = charset_open(&c, which);
	if (error < 0)
		settings_report_at(r, line, "filename_charset: the C library "
			"does not have %s (%s); file names will not be "
			"converted", charset_name(which), log_errno(error));
	else
		charset_close(&c);
}

size_t
settings_charset_check(const struct settings *s, settings_complaint *complain,
	void *context)
{
	return settings_report_values(s, complain, context, check);
}

uint32_t
settings_charset_needed(const struct settings *s,
	const struct user_settings *user)
{
	uint32_t needed = 1U << user->filename_charset;

	for (size_t i = 0; i < s->override_count; i++) {
		const struct settings_override *o = &s->overrides[i];
		if (o->kind == OVERRIDE_CLIENT &&
		    o->origin.line[ROW] != SETTINGS_FROM_DEFAULT)
			needed |= 1U << o->values.filename_charset;
	}
	return needed & ~(1U << CHARSET_UTF8);
}
