/*
 * map.c - functions shared by the mapping functions.
 *
 * Runs in: sureftpd --import-vsftpd.
 */
#include "common/base.h"
#include "daemon/import/map.h"

#include "common/settings/settings_table.h"
#include "common/text.h"

static void (*const functions[VSFTPD_OPTIONS])(struct mapping *m) = {
#define OPTION(name, kind, default_text, origin, user_file, map, sentence) \
	map,
#include "daemon/import/vsftpd_options.def"
#undef OPTION
};

/* A user's file may repeat what counts for all. */
static bool
differs_for_user(const struct mapping *m)
{
	const struct vsftpd_value *here = &m->v->values[m->option];
	const struct vsftpd_value *there = &m->for_all->values[m->option];

	return vsftpd_table[m->option].kind == VSFTPD_BOOL ?
		here->on != there->on : strcmp(here->text, there->text) != 0;
}

void
map_option(struct mapping *m)
{
	const struct vsftpd_row *row = &vsftpd_table[m->option];

	answer_begin(&m->answer, m->draft);
	m->set_for_all = false;
	functions[m->option](m);
	if (m->user != NULL && m->set_for_all && differs_for_user(m))
		map_say(m, IMPORT_REFUSED, "%s cannot be set for one account",
		    row->sentence);
	if (m->answer.sentence.len == 0)
		buffer_add_text(&m->answer.sentence, row->sentence);
}

bool
map_on(const struct mapping *m, enum vsftpd_option option)
{
	return m->v->values[option].on;
}

uint32_t
map_number(const struct mapping *m, enum vsftpd_option option)
{
	return m->v->values[option].number;
}

const char *
map_text(const struct mapping *m, enum vsftpd_option option)
{
	return m->v->values[option].text;
}

static void
put(struct mapping *m, const char *section, const char *key, const char *value)
{
	answer_put(&m->answer, section, key, value,
		vsftpd_config_is_set(m->v, m->option));
}

/* Has the key another value for anonymous sessions, which map_set_anonymous()
 * sets? */
static bool
differs_for_anonymous(const char *key)
{
	return text_list_has("permissions overwrite umask jail start_dir "
		"allow_missing_start_dir world_readable_only list_owners "
		"max_download_rate max_upload_rate", key);
}

/* Keys of users are all set in the section "user" of the draft for one user. */
static void
set(struct mapping *m, const char *section, const char *key, const char *value)
{
	const struct settings_row *row = settings_table_find(section, key);

	if (m->user == NULL)
		put(m, section, key, value);
	else if (row == NULL || row->scope != SETTINGS_USER)
		m->set_for_all = true;
	else if (!m->user_is_anonymous || !differs_for_anonymous(key))
		put(m, "user", key, value);
}

static void
set_anonymous(struct mapping *m, const char *key, const char *value)
{
	if (!map_on(m, OPTION_anonymous_enable))
		return;
	if (m->user == NULL)
		put(m, "anonymous", key, value);
	else if (m->user_is_anonymous)
		put(m, "user", key, value);
}

static char * PRINTF_LIKE(2, 0)
formatted(struct mapping *m, const char *format, va_list ap)
{
	char *value;

	if (vasprintf(&value, format, ap) < 0) {
		m->draft->failed = true;
		return NULL;
	}
	return value;
}

void
map_set(struct mapping *m, const char *section, const char *key,
	const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	char *value = formatted(m, format, ap);
	va_end(ap);
	if (value != NULL)
		set(m, section, key, value);
	free(value);
}

void
map_set_bool(struct mapping *m, const char *section, const char *key, bool on)
{
	set(m, section, key, on ? "yes" : "no");
}

void
map_set_anonymous(struct mapping *m, const char *key, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	char *value = formatted(m, format, ap);
	va_end(ap);
	if (value != NULL)
		set_anonymous(m, key, value);
	free(value);
}

void
map_add(struct mapping *m, const char *section, const char *key,
	const char *value)
{
	bool unused = strcmp(section, "anonymous") == 0 &&
		!map_on(m, OPTION_anonymous_enable);

	if (m->user != NULL)
		m->set_for_all = true;
	else if (!unused)
		answer_add(&m->answer, section, key, value);
}

bool
map_listens(const struct mapping *m)
{
	return map_on(m, OPTION_listen) || map_on(m, OPTION_listen_ipv6);
}

bool
map_guests_are_anonymous(const struct mapping *m)
{
	return map_on(m, OPTION_guest_enable) &&
	    !map_on(m, OPTION_virtual_use_local_privs);
}

void
map_no_need(struct mapping *m)
{
	m->answer.verdict = IMPORT_NOT_NEEDED;
}

void
map_refuse_on(struct mapping *m)
{
	bool on = vsftpd_table[m->option].kind == VSFTPD_BOOL ?
		map_on(m, m->option) : map_text(m, m->option)[0] != '\0';

	if (on)
		m->answer.verdict = IMPORT_REFUSED;
	else
		map_say(m, IMPORT_NOT_NEEDED, "off");
}

void
map_ftp_enable(struct mapping *m)
{
	if (map_on(m, OPTION_ftp_enable))
		map_no_need(m);
	else
		map_say(m, IMPORT_REFUSED, "the server serves FTP whenever it "
			"runs; do not start it if that is not wanted");
}

void
map_with_other(struct mapping *m)
{
	m->answer.verdict = IMPORT_SAME;
}
