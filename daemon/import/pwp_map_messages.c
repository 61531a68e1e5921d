/*
 * pwp_map_messages.c - texts for clients.
 *
 * Runs in: sureftpd --import-pwp.
 */
#include "common/base.h"
#include "daemon/import/pwp_map.h"

#include "common/io.h"
#include "common/settings/settings_table.h"

#define TEXT_SIZE 2100
#define FILE_SIZE 8192

/* Set a text, if it is not too long for its key. */
static void
set_text(struct pwp_mapping *m, const char *section, const char *key,
	const struct buffer *text)
{
	const struct settings_row *row = settings_table_find(section, key);

	if (text->overflow || (row != NULL && (int64_t)text->len > row->max))
		pwp_say(m, IMPORT_REFUSED, "the text is too long; put it into "
			"a file");
	else if (row != NULL && (int64_t)text->len < row->min)
		pwp_say(m, IMPORT_CHANGED, "%s in [%s] cannot be empty, and "
			"keeps its default", key, section);
	else
		pwp_set(m, section, key, "%s", buffer_text(text));
}

/* A greeting has no % sequences. */
void
pwp_map_greeting(struct pwp_mapping *m)
{
	BUFFER(text, TEXT_SIZE);
	const char *type = pwp_is_true(m->text) ? m->text : "full";
	bool full = strcmp(type, "full") == 0;

	if (strcmp(type, "text") == 0) {
		pwp_add_literal(&text, pwp_text(m, PWP_greeting_text));
		set_text(m, "server", "banner", &text);
		return;
	}
	if (full || strcmp(type, "brief") == 0) {
		pwp_add_literal(&text, pwp_host_name());
		buffer_add_char(&text, ' ');
	} else if (strcmp(type, "terse") != 0) {
		pwp_say(m, IMPORT_REFUSED, "no such type, with which every "
			"session ended; banner in [server] keeps its default");
		return;
	}
	buffer_add_text(&text, "FTP server ready.");
	set_text(m, "server", "banner", &text);
	if (full)
		pwp_say(m, IMPORT_CHANGED, "banner in [server], without the "
			"version of the program");
}

void
pwp_map_greeting_text(struct pwp_mapping *m)
{
	if (strcmp(pwp_text(m, PWP_greeting_type), "text") != 0)
		pwp_say(m, IMPORT_NOT_NEEDED, "greeting type is not text");
}

void
pwp_map_welcome(struct pwp_mapping *m)
{
	BUFFER(text, TEXT_SIZE);
	const char *type = pwp_is_true(m->text) ? m->text : "normal";

	if (strcmp(type, "normal") == 0)
		pwp_set(m, "session", "msg_login", "Welcome %%u.");
	else if (strcmp(type, "text") == 0) {
		pwp_message(m, pwp_text(m, PWP_welcome_text), &text);
		set_text(m, "session", "msg_login", &text);
	} else if (strcmp(type, "file") == 0)
		pwp_say(m, IMPORT_SAME, "msg_login_file in [session]");
	else
		pwp_say(m, IMPORT_REFUSED, "no such type, with which every "
			"login failed; msg_login in [session] keeps its "
			"default");
}

void
pwp_map_welcome_text(struct pwp_mapping *m)
{
	if (strcmp(pwp_text(m, PWP_welcome_type), "text") != 0)
		pwp_say(m, IMPORT_NOT_NEEDED, "welcome type is not text");
}

void
pwp_map_welcome_file(struct pwp_mapping *m)
{
	char text[FILE_SIZE + 1];

	if (strcmp(pwp_text(m, PWP_welcome_type), "file") != 0) {
		pwp_say(m, IMPORT_NOT_NEEDED, "welcome type is not file");
		return;
	}
	ssize_t len = *m->text == '/' ? io_read_file(m->text, text,
		sizeof(text)) : -ENOENT;
	if (len < 0) {
		pwp_say(m, IMPORT_REFUSED, "it cannot be read (%s); "
			"msg_login in [session] keeps its default",
			*m->text == '/' ? strerror((int)-len) :
			"not an absolute path");
		return;
	}
	pwp_set(m, "session", "msg_login_file", "%s", m->text);
	if (memchr(text, '%', (size_t)len) != NULL)
		pwp_say(m, IMPORT_CHANGED, "msg_login_file in [session]; "
			"replace the %% sequences in the file: %%U by %%u, "
			"%%R by %%a, %%T and %%G by %%t, and %%E, %%L and %%m "
			"by their text");
}

void
pwp_map_clients_message(struct pwp_mapping *m)
{
	BUFFER(text, TEXT_SIZE);

	pwp_message(m, pwp_is_true(m->text) ? m->text :
		pwp_table[m->option].default_text, &text);
	set_text(m, "server", "msg_full", &text);
}

void
pwp_map_chdir_message(struct pwp_mapping *m)
{
	if (!pwp_is_true(m->text))
		pwp_map_no_need(m);
	else if (strchr(m->text, '/') != NULL || strlen(m->text) > 255)
		pwp_say(m, IMPORT_REFUSED, "not the name of a file");
	else {
		pwp_set(m, "session", "directory_message", "%s", m->text);
		pwp_say(m, IMPORT_CHANGED, "directory_message in [session]; "
			"replace the %% sequences in such files: %%C by %%w, "
			"%%U by %%u, %%R by %%a, %%T and %%G by %%t, and %%E, "
			"%%L and %%m by their text");
	}
}

/* MDTM and MLSD are always in UTC. */
void
pwp_map_time_zone(struct pwp_mapping *m)
{
	static const char *const utc[] = { "GMT", "UTC", "GMT0", "UTC0",
		"Etc/GMT", "Etc/UTC" };

	for (size_t i = 0; i < ARRAY_SIZE(utc); i++)
		if (strcmp(m->text, utc[i]) == 0) {
			pwp_set(m, "server", "list_times", "gmt");
			return;
		}
	pwp_set(m, "server", "list_times", "local");
	pwp_say(m, IMPORT_CHANGED, "list_times = local in [server] uses the "
		"time zone of this host, or of the variable TZ of the service; "
		"MDTM and MLSD are always in UTC");
}
