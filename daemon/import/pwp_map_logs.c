/*
 * pwp_map_logs.c - log files.
 *
 * Runs in: sureftpd --import-pwp.
 */
#include "common/base.h"
#include "daemon/import/pwp_map.h"

void
pwp_map_debug(struct pwp_mapping *m)
{
	if (pwp_is_true(m->text))
		pwp_set(m, "log", "level", "debug");
}

void
pwp_map_syslog(struct pwp_mapping *m)
{
	if (!pwp_is_true(m->text)) {
		pwp_set(m, "log", "destination", "stderr");
		return;
	}
	pwp_set(m, "log", "destination", "syslog");
	pwp_set(m, "log", "syslog_facility", "daemon");
	pwp_say(m, IMPORT_CHANGED, "destination in [log], with the same "
		"facility; messages are worded differently, and come from "
		"sureftpd instead of ftpd");
}

/* Set a log file, with a note about what it contains. */
static void
set_log(struct pwp_mapping *m, const char *key, const char *note)
{
	BUFFER(path, PATH_MAX);

	if (!pwp_is_true(m->text)) {
		pwp_map_no_need(m);
		return;
	}
	if (!pwp_file_name(m, m->text, &path))
		return;
	pwp_set(m, "log", key, "%s", buffer_text(&path));
	pwp_say(m, IMPORT_CHANGED, "%s in [log]; %s", key, note);
}

void
pwp_map_error_log(struct pwp_mapping *m)
{
	set_log(m, "text_file", "it gets all messages of the log, not only "
		"warnings and errors, unless level in [log] is warning");
}

void
pwp_map_client_log(struct pwp_mapping *m)
{
	set_log(m, "protocol", "it has replies as well, in another format, and "
		"no passwords");
}

void
pwp_map_hide_passwords(struct pwp_mapping *m)
{
	if (!pwp_is_true(pwp_text(m, PWP_client_logging)))
		pwp_map_no_need(m);
	else if (!pwp_is_true(m->text))
		m->answer.verdict = IMPORT_CHANGED;
}

void
pwp_map_xferlog(struct pwp_mapping *m)
{
	set_log(m, "xferlog_file", "the format is the same, paths are those of "
		"the host");
}
