/*
 * host_check.c - what the settings name and does not exist.
 *
 * Runs in: sureftpd --check, outside the server: it may wait.
 */
#include "common/base.h"
#include "daemon/modes/host_check.h"

#include "common/accounts/account.h"
#include "common/names.h"
#include "common/settings/settings_report.h"
#include "common/settings/settings_table.h"
#include "common/text.h"
#include "pam/warm_up.h"
#include "worker/known_command.h"

#include <sys/stat.h>

#define ROW(section, key) SETTINGS_ROW_##section##_##key

static int
line_of(const struct settings_report *r, size_t row)
{
	return r->settings->origins[0].line[row];
}

/* The packages install what the defaults need. */
static bool
is_set(const struct settings_report *r, size_t row)
{
	return line_of(r, row) != SETTINGS_FROM_DEFAULT;
}

static const char *
server_text(const struct settings_report *r, size_t row)
{
	return *(char *const *)settings_table_value(&settings_table[row],
		&r->settings->server);
}

/* --check is not always run by root: what another account cannot see may
 * exist. */
static bool
is_missing(const char *path, struct stat *st)
{
	return stat(path, st) < 0 && errno != EACCES;
}

/* --- programs */

static void
check_program(struct settings_report *r, int line, const char *key,
	const char *path, const char *effect)
{
	struct stat st = { .st_mode = S_IFREG | 0111 };

	if (*path == '\0')
		return;
	if (is_missing(path, &st))
		settings_report_at(r, line, "%s: %s: %s%s%s", key, path,
			strerror(errno), effect, strchr(path, ' ') != NULL ?
			"; arguments are not supported, use a script" : "");
	else if (!S_ISREG(st.st_mode) || (st.st_mode & 0111) == 0)
		settings_report_at(r, line, "%s: %s is not an executable "
			"file%s", key, path, effect);
}

static void
check_event_programs(struct settings_report *r)
{
	for (size_t i = 0; i < SETTINGS_ROWS; i++) {
		const struct settings_row *row = &settings_table[i];
		if (strcmp(row->section, "events") == 0 &&
		    row->kind == SETTINGS_PATH)
			check_program(r, line_of(r, i), row->key,
				server_text(r, i), "");
	}
}

static void
check_upload_check(struct settings_report *r,
	const struct user_settings *values,
	const struct settings_origin *origin)
{
	int line = origin->line[ROW(session, upload_check)];

	if (line != SETTINGS_FROM_DEFAULT)
		check_program(r, line, "upload_check", values->upload_check,
			"; uploads will be refused");
}

/* --- commands */

static void
check_words(struct settings_report *r, int line, size_t row, const char *list)
{
	const char *word;
	size_t len;

	if (line == SETTINGS_FROM_DEFAULT)
		return;
	while ((word = text_word(&list, &len)) != NULL)
		if (!known_command(word, len))
			settings_report_at(r, line, "%s: there is no command "
				"%.*s", settings_table[row].key, (int)len,
				word);
}

static void
check_commands(struct settings_report *r, const struct user_settings *values,
	const struct settings_origin *origin)
{
	static const size_t allowed = ROW(session, commands_allowed);
	static const size_t denied = ROW(session, commands_denied);

	check_words(r, origin->line[allowed], allowed,
		values->commands_allowed);
	check_words(r, origin->line[denied], denied, values->commands_denied);
}

/* --- accounts */

static void
check_service_accounts(struct settings_report *r)
{
	static const size_t rows[] = { ROW(server, greeter_user),
		ROW(server, recorder_user), ROW(server, keeper_user),
		ROW(server, radius_user), ROW(quota, quota_user),
		ROW(events, runner_user) };

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		if (is_set(r, rows[i]) &&
		    account_lookup(server_text(r, rows[i])) == -ENOENT)
			settings_report_row(r, rows[i], "%s: there is no "
				"account %s; the server will use the account "
				"\"nobody\"", settings_table[rows[i]].key,
				server_text(r, rows[i]));
}

static void
check_guest_user(struct settings_report *r)
{
	const char *name = r->settings->server.guest_user;
	struct identity guest = { .root = -1 };
	BUFFER(reason, 256);

	if (*name == '\0')
		return;
	if (account_lookup(name) == -ENOENT)
		settings_report_row(r, ROW(auth, guest_user), "guests will be "
			"refused: there is no account %s, which is "
			"guest_user", name);
	else if (account_find(name, &guest, &reason) && guest.uid == 0)
		settings_report_row(r, ROW(auth, guest_user), "guests will be "
			"refused: guest_user cannot have uid 0");
}

static bool
is_number(const char *word, size_t len)
{
	int64_t number;

	return text_number(word, len, &number) == 0;
}

/* As daemon/control/access.c finds them: without the name service. */
static void
check_administrators(struct settings_report *r)
{
	const char *users = r->settings->server.admin_users;
	const char *groups = r->settings->server.admin_groups, *word;
	struct names *names = names_load("/etc/passwd", "/etc/group");
	uid_t uid;
	gid_t gid;
	size_t len;

	if (names == NULL)
		return;
	while ((word = text_word(&users, &len)) != NULL)
		if (!is_number(word, len) &&
		    !names_find_user(names, word, len, &uid))
			settings_report_row(r, ROW(server, admin_users),
				"admin_users: there is no account %.*s in "
				"/etc/passwd", (int)len, word);
	while ((word = text_word(&groups, &len)) != NULL)
		if (!is_number(word, len) &&
		    !names_find_group(names, word, len, &gid))
			settings_report_row(r, ROW(server, admin_groups),
				"admin_groups: there is no group %.*s in "
				"/etc/group", (int)len, word);
	names_free(names);
}

/* --- files */

static bool
is_directory(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

static bool
may_be_directory(const char *path)
{
	struct stat st = { .st_mode = S_IFDIR };

	return !is_missing(path, &st) && S_ISDIR(st.st_mode);
}

/* A file that the server creates. */
static void
check_new_file(struct settings_report *r, size_t row)
{
	const char *path = server_text(r, row);
	const char *key = settings_table[row].key;
	char directory[PATH_MAX];

	if (!is_set(r, row) || *path == '\0' ||
	    text_copy(directory, sizeof(directory), path) < 0)
		return;
	char *slash = strrchr(directory, '/');
	slash[slash == directory ? 1 : 0] = '\0';
	if (is_directory(path))
		settings_report_row(r, row, "%s: %s is a directory", key,
			path);
	else if (!may_be_directory(directory))
		settings_report_row(r, row, "%s: there is no directory %s",
			key, directory);
}

static void
check_new_files(struct settings_report *r)
{
	for (size_t i = 0; i < SETTINGS_ROWS; i++)
		if (strcmp(settings_table[i].section, "log") == 0 &&
		    settings_table[i].kind == SETTINGS_PATH)
			check_new_file(r, i);
	check_new_file(r, ROW(metrics, metrics_file));
	check_new_file(r, ROW(limits, bans_file));
}

static void
check_backends(struct settings_report *r)
{
	const struct server_settings *s = &r->settings->server;
	struct stat st;

	if (text_list_has(s->backends, "file") && *s->accounts_file != '\0' &&
	    is_set(r, ROW(auth, accounts_file)) &&
	    is_missing(s->accounts_file, &st))
		settings_report_row(r, ROW(auth, accounts_file),
			"accounts_file: %s: %s; sureftpctl passwd add creates "
			"it", s->accounts_file, strerror(errno));
	if (text_list_has(s->backends, "pam") &&
	    is_set(r, ROW(auth, pam_service)) &&
	    !warm_up_has_service(s->pam_service))
		settings_report_row(r, ROW(auth, pam_service),
			"pam_service: PAM has no service %s and uses "
			"\"other\", which usually refuses all logins",
			s->pam_service);
}

size_t
host_check(const struct settings *settings, settings_complaint *complain,
	void *context)
{
	struct settings_report r = { settings, complain, context, 0 };

	check_service_accounts(&r);
	check_guest_user(&r);
	check_administrators(&r);
	check_backends(&r);
	check_new_files(&r);
	check_event_programs(&r);
	return r.count + settings_report_values(settings, complain, context,
		check_upload_check) + settings_report_values(settings,
		complain, context, check_commands);
}
