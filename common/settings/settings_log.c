/*
 * settings_log.c - checks the settings of [log].
 *
 * Runs in: the master, and wherever settings are read.
 */
#include "common/base.h"
#include "common/settings/settings_log.h"

#include "common/log/custom_format.h"
#include "common/log/event_names.h"
#include "common/settings/settings_table.h"
#include "common/text.h"

#define ROW(section, key) SETTINGS_ROW_##section##_##key

static void
check_files(struct settings_report *r)
{
	const struct server_settings *s = &r->settings->server;
	const struct {
		const char *key, *path;
		size_t row;
	} files[] = {
		{ "protocol", s->protocol, ROW(log, protocol) },
		{ "vsftpd_file", s->vsftpd_file, ROW(log, vsftpd_file) },
		{ "xferlog_file", s->xferlog_file, ROW(log, xferlog_file) },
		{ "text_file", s->text_file, ROW(log, text_file) },
		{ "json_file", s->json_file, ROW(log, json_file) },
		{ "custom_file", s->custom_file, ROW(log, custom_file) },
	};

	for (size_t i = 1; i < ARRAY_SIZE(files); i++)
		for (size_t k = 0; k < i; k++)
			if (*files[i].path != '\0' &&
			    strcmp(files[i].path, files[k].path) == 0)
				settings_report_row(r, files[i].row,
				    "%s and %s must not be the same file",
				    files[i].key, files[k].key);
}

/* Checked even without custom_file, so that a mistake is reported before the
 * format is used. */
static void
check_custom(struct settings_report *r)
{
	const struct server_settings *s = &r->settings->server;
	const char *mistake = custom_format_mistake(s->custom_format);
	const char *events = s->custom_events, *name;
	size_t len;

	if (mistake != NULL)
		settings_report_row(r, ROW(log, custom_format),
		    "custom_format: %s", mistake);
	while ((name = text_word(&events, &len)) != NULL)
		if (!event_names_has_label(name, len))
			settings_report_row(r, ROW(log, custom_events),
			    "custom_events: there is no event \"%.*s\"; see "
			    "sureftpd-logs(7)", (int)len, name);
}

void
settings_log_check(struct settings_report *r)
{
	check_files(r);
	check_custom(r);
}
