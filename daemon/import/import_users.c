/*
 * import_users.c - converts files of user_config_dir, and users in
 * chroot_list_file, to sections [user NAME].
 *
 * A user's file is applied to a copy of the whole configuration; every option
 * that works there is mapped again, and values that differ for this user are
 * written to the user's section.
 *
 * Runs in: sureftpd --import-vsftpd.
 */
#include "common/base.h"
#include "daemon/import/import.h"

#include "common/settings/settings_section.h"
#include "common/settings/settings_table.h"
#include "daemon/import/map.h"
#include "daemon/import/vsftpd_list.h"

#include <dirent.h>
#include <pwd.h>
#include <sys/stat.h>

struct user {
	const char *name;
	const char *file;	/* NULL: none */
	bool anonymous;
	bool listed;
};

/* The value that applies if the user's section does not set the key. */
static const char *
value_for_all(const struct import *i, const struct user *user, const char *key)
{
	const struct settings_row *row = settings_table_find(NULL, key);
	const char *value = user->anonymous ?
		draft_get(&i->draft, "anonymous", key) : NULL;

	if (value == NULL && row != NULL)
		value = draft_get(&i->draft, row->section, key);
	return value != NULL || row == NULL ? value : row->default_text;
}

/* The account of this guest, and its permissions, which are those of a section
 * for the group of the other guests. */
static void
add_guest(struct import *i, const struct user *user, const char *section,
	const char *account, const struct draft *own)
{
	const char *letters = draft_get(own, "user", "permissions");
	char *line;

	if (asprintf(&line, "%s %s", user->name, account) < 0) {
		i->draft.failed = true;
		return;
	}
	draft_add(&i->draft, "auth", "guest_user_for", line);
	free(line);
	if (letters != NULL)
		draft_set(&i->draft, section, "permissions", letters, true);
}

/* Set the values that differ for this user. */
static void
add_section(struct import *i, const struct user *user,
	const struct draft *own, const char *account)
{
	BUFFER(heading, SETTINGS_SECTION_NAME_SIZE + 16);

	buffer_addf(&heading, "user \"%s\"", user->name);
	for (size_t n = 0; n < own->count; n++) {
		const struct draft_entry *e = &own->entries[n];
		const char *before = value_for_all(i, user, e->key);
		if (before != NULL && strcmp(before, e->value) == 0)
			continue;
		draft_set(&i->draft, user->anonymous ? "anonymous" :
			buffer_text(&heading), e->key, e->value, true);
	}
	if (account != NULL)
		add_guest(i, user, buffer_text(&heading), account, own);
	i->draft.failed = i->draft.failed || own->failed;
}

/* All of vsftpd's options are. */
static bool
looks_like_option(const char *key)
{
	return *key != '\0' && key[strspn(key,
		"abcdefghijklmnopqrstuvwxyz0123456789_")] == '\0';
}

/* What vsftpd does not accept ends the sessions of this user; it does not keep
 * the server from starting. */
static void
account_line(struct import *i, const struct vsftpd_reading *reading,
	enum import_verdict verdict, const char *sentence)
{
	static char hidden[] = "(no option)", nothing[] = "";
	struct vsftpd_reading line = *reading;
	char *both;

	/* A list of passwords, hashes or a key may be in the same directory, or
	 * what a link there names. */
	if (line.option == VSFTPD_OPTIONS) {
		if (line.value[0] == '\0' || !looks_like_option(line.key))
			line.key = hidden;
		line.value = nothing;
	}
	if (line.fault == NULL) {
		import_account(&i->report, &line, verdict, sentence);
		return;
	}
	if (asprintf(&both, "%s, with which vsftpd ended each session of this "
		"user; %s", line.fault, sentence) < 0) {
		i->report.failed = true;
		return;
	}
	line.fault = NULL;
	import_account(&i->report, &line, verdict == IMPORT_REFUSED ?
		IMPORT_REFUSED : IMPORT_CHANGED, both);
	free(both);
}

/* Report the lines of the user's file: the last line of each option gets the
 * verdict on the option; superseded and unknown lines are reported by
 * account_for_others(). */
static void
account(struct import *i, const struct vsftpd_config *v,
	const struct mapping *m)
{
	size_t reading = v->values[m->option].reading;

	if (reading == VSFTPD_UNSET)
		return;
	if (!vsftpd_table[m->option].user_file)
		account_line(i, &v->readings[reading],
			IMPORT_NOT_NEEDED, "vsftpd has decided about it "
			"before it reads a file of user_config_dir");
	else
		account_line(i, &v->readings[reading],
			m->answer.verdict, buffer_text(&m->answer.sentence));
}

static void
account_for_others(struct import *i, const struct vsftpd_config *v)
{
	for (size_t n = 0; n < v->count; n++) {
		const struct vsftpd_reading *r = &v->readings[n];
		if (r->option == VSFTPD_OPTIONS)
			account_line(i, r, IMPORT_REFUSED,
				"vsftpd has no such option");
		else if (r->superseded || v->values[r->option].reading != n)
			account_line(i, r, IMPORT_NOT_NEEDED,
				r->superseded ? "a later line sets it again" :
				"the value cannot be read");
	}
}

static void
map_user(struct import *i, const struct user *user,
	const struct vsftpd_config *v)
{
	struct draft own = { 0 };
	struct mapping m = {
		.v = v, .draft = &own, .activation = &i->activation,
		.user = user->name, .for_all = &i->vsftpd,
		.user_is_anonymous = user->anonymous,
		.user_is_listed = user->listed,
		.list_error = i->list_error,
	};

	import_sources(i, v, true);
	for (size_t n = 0; n < VSFTPD_OPTIONS; n++) {
		m.option = (enum vsftpd_option)n;
		if (vsftpd_table[n].user_file || n == OPTION_chroot_local_user)
			map_option(&m);
		account(i, v, &m);
	}
	add_section(i, user, &own, map_own_guest(&m));
	account_for_others(i, v);
	draft_free(&own);
}

static bool
name_is_possible(const char *name)
{
	BUFFER(text, SETTINGS_SECTION_NAME_SIZE + 8);
	char found[SETTINGS_SECTION_NAME_SIZE];

	buffer_addf(&text, "\"%s\"", name);
	return !text.overflow &&
	    settings_section_name(buffer_text(&text), found) &&
	    strcmp(found, name) == 0;
}

/* Options that vsftpd uses before it reads the user's file keep their
 * values. */
static int
keep_decided(struct vsftpd_config *v, const struct vsftpd_config *for_all)
{
	for (size_t n = 0; n < VSFTPD_OPTIONS; n++) {
		struct vsftpd_value *value = &v->values[n];
		if (vsftpd_table[n].user_file)
			continue;
		free(value->text);
		value->text = strdup(for_all->values[n].text);
		if (value->text == NULL)
			return -ENOMEM;
		value->on = for_all->values[n].on;
		value->number = for_all->values[n].number;
	}
	return 0;
}

static void
import_user(struct import *i, const struct user *user)
{
	const struct report_line about = { .file = user->file, .key = "-",
		.value = user->name };
	struct vsftpd_config v;

	if (!name_is_possible(user->name)) {
		report_add(&i->report, &about, IMPORT_REFUSED,
			"not possible as the name of a user");
		return;
	}
	int error = vsftpd_config_copy(&v, &i->vsftpd);
	if (error == 0 && user->file != NULL)
		error = vsftpd_config_file(&v, user->file);
	if (error == 0)
		error = keep_decided(&v, &i->vsftpd);
	if (error == -ENOMEM)
		i->report.failed = true;
	else if (error < 0)
		report_add(&i->report, &about, IMPORT_REFUSED, "the file "
			"cannot be read; vsftpd ended sessions of this user");
	else
		map_user(i, user, &v);
	vsftpd_config_free(&v);
}

/* vsftpd reads whatever has the name of a user: if that is no file, it ends the
 * session. */
static bool
is_entry_of_user(const char *dir, const char *name, char *path, size_t size)
{
	struct stat st;

	if (name[0] == '.')
		return false;
	int n = snprintf(path, size, "%s/%s", dir, name);
	return n > 0 && (size_t)n < size && lstat(path, &st) == 0;
}

static bool
is_file_of_user(const char *dir, const char *name, char *path, size_t size)
{
	struct stat st;

	return is_entry_of_user(dir, name, path, size) &&
	    stat(path, &st) == 0 && S_ISREG(st.st_mode);
}

static struct user
make_user(const struct import *i, const struct name_list *listed,
	const char *name)
{
	const struct vsftpd_value *values = i->vsftpd.values;

	return (struct user){
		.name = name,
		.anonymous = values[OPTION_anonymous_enable].on &&
			strcmp(name, values[OPTION_ftp_username].text) == 0,
		.listed = name_list_has(listed, name),
	};
}

/* Sorted by name, so that the result does not depend on the order in the
 * directory. */
static void
import_files(struct import *i, const char *dir, const struct name_list *listed)
{
	struct dirent **names;
	char path[PATH_MAX];

	int count = scandir(dir, &names, NULL, alphasort);
	for (int n = 0; n < count; n++) {
		struct user user = make_user(i, listed, names[n]->d_name);
		if (is_entry_of_user(dir, user.name, path, sizeof(path))) {
			user.file = path;
			import_user(i, &user);
		}
		free(names[n]);
	}
	if (count >= 0)
		free(names);
}

static bool
has_file(const char *dir, const char *name)
{
	char path[PATH_MAX];

	return dir[0] != '\0' &&
	    is_file_of_user(dir, name, path, sizeof(path));
}

/* Users whose home directory contains /./ (passwd_chroot_enable), beside those
 * that have a file or are listed. */
static void
import_split_homes(struct import *i, const char *dir,
	const struct name_list *listed)
{
	struct name_list split = { 0 };
	const struct passwd *pw;

	setpwent();
	while ((pw = getpwent()) != NULL)
		if (strstr(pw->pw_dir, "/./") != NULL &&
		    name_list_add(&split, pw->pw_name) < 0)
			i->report.failed = true;
	endpwent();
	for (size_t n = 0; n < split.count; n++) {
		struct user user = make_user(i, listed, split.names[n]);
		if (!user.anonymous && !user.listed &&
		    !has_file(dir, user.name))
			import_user(i, &user);
	}
	name_list_free(&split);
}

void
import_listed(struct import *i)
{
	const char *path = i->vsftpd.values[OPTION_chroot_list_file].text;
	size_t strange;

	if (!i->vsftpd.values[OPTION_chroot_list_enable].on)
		return;
	i->list_error = vsftpd_list_read(&i->listed, &strange, path);
	if (strange > 0)
		report_add(&i->report, &(struct report_line){ .file = path,
			.key = "chroot_list_file", .value = path },
			IMPORT_NOT_NEEDED, "entries that begin with # or "
			"contain blanks matched no user");
}

void
import_users(struct import *i)
{
	const struct vsftpd_value *values = i->vsftpd.values;
	const char *dir = values[OPTION_user_config_dir].text;
	const struct name_list *listed = &i->listed;

	if (dir[0] != '\0')
		import_files(i, dir, listed);
	for (size_t n = 0; n < listed->count; n++) {
		struct user user = make_user(i, listed, listed->names[n]);
		if (!user.anonymous && !has_file(dir, user.name))
			import_user(i, &user);
	}
	if (!values[OPTION_guest_enable].on)
		import_split_homes(i, dir, listed);
}
