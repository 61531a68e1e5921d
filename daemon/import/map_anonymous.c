/*
 * map_anonymous.c - anonymous logins, and their passwords.
 *
 * Runs in: sureftpd --import-vsftpd.
 */
#include "common/base.h"
#include "daemon/import/map.h"

#include "daemon/import/vsftpd_list.h"

void
map_anonymous_enable(struct mapping *m)
{
	map_set_anonymous(m, "enabled", "%s",
		map_on(m, OPTION_anonymous_enable) ? "yes" : "no");
	/* As in vsftpd's log. */
	map_set_anonymous(m, "log_passwords", "yes");
	if (map_on(m, OPTION_anonymous_enable) &&
	    !vsftpd_config_is_set(m->v, OPTION_anonymous_enable))
		map_say(m, IMPORT_SAME, "anonymous logins are on: vsftpd "
			"allows them unless anonymous_enable=NO is set; if "
			"that is not wanted, set enabled = no in [anonymous]");
}

void
map_ftp_username(struct mapping *m)
{
	const char *name = map_text(m, OPTION_ftp_username);

	if (name[0] == '\0')
		map_say(m, IMPORT_REFUSED, "an account is needed; user in "
			"[anonymous] keeps its default");
	else
		map_set_anonymous(m, "user", "%s", name);
	if (strcmp(name, "ftp") != 0 && map_on(m, OPTION_anonymous_enable))
		map_say(m, IMPORT_CHANGED, "user in [anonymous]; vsftpd_file "
			"in [log] has ftp as the name of anonymous users");
}

/* password in [anonymous], which depends on three options of vsftpd. */
void
map_anonymous_password(struct mapping *m)
{
	bool listed = map_on(m, OPTION_secure_email_list_enable);

	if (!map_on(m, OPTION_anonymous_enable)) {
		map_say(m, IMPORT_NOT_NEEDED, "anonymous logins are off");
		return;
	}
	map_set_anonymous(m, "password", "%s", listed ? "list" : "none");
	if (map_on(m, OPTION_no_anon_password))
		map_say(m, IMPORT_CHANGED, listed ? "a password is asked for" :
			"password = none in [anonymous] accepts any password, "
			"but it is asked for");
}

static void
turn_anonymous_off(struct mapping *m)
{
	map_set_anonymous(m, "enabled", "no");
	map_set_anonymous(m, "password", "none");
}

/* In vsftpd an empty list accepts every password, and an unreadable list
 * accepts none. */
static void
map_accepted_passwords(struct mapping *m, int error,
	const struct name_list *list, size_t strange, const char *path)
{
	if (error < 0) {
		turn_anonymous_off(m);
		map_say(m, IMPORT_REFUSED, "%s cannot be read (%s), with which "
			"vsftpd ended each anonymous session; anonymous "
			"logins are off", path, strerror(-error));
	} else if (list->count == 0 && strange > 0) {
		turn_anonymous_off(m);
		map_say(m, IMPORT_REFUSED, "all entries of %s contain blanks "
			"or commas, or begin with #; anonymous logins are off",
			path);
	} else if (list->count == 0) {
		map_set_anonymous(m, "password", "none");
		map_say(m, IMPORT_CHANGED, "%s is empty, with which vsftpd "
			"accepted every password; so does password = none in "
			"[anonymous]", path);
	}
}

/* With no_anon_password vsftpd compares "<no password>" with the list.  Is the
 * list of use here, where clients are asked? */
static bool
map_not_asked(struct mapping *m, const char *path,
	const struct name_list *list, bool accepted)
{
	bool has = vsftpd_list_has_line(path, "<no password>");

	if (has && accepted) {
		map_set_anonymous(m, "password", "none");
		map_say(m, IMPORT_CHANGED, "with no_anon_password vsftpd let "
			"in all anonymous users, because %s contains <no "
			"password>; so does password = none in [anonymous]",
			path);
	} else if (has) {
		turn_anonymous_off(m);
		map_say(m, IMPORT_CHANGED, "with no_anon_password vsftpd "
			"refused all anonymous users, because %s contains <no "
			"password>; here anonymous logins are off", path);
	} else if (!accepted)
		map_say(m, IMPORT_NOT_NEEDED, "with no_anon_password vsftpd "
			"does not ask for a password to compare");
	else if (list->count > 0)
		map_say(m, IMPORT_CHANGED, "with no_anon_password vsftpd "
			"refused all anonymous users; here accepted_passwords "
			"in [anonymous] let them in");
	return accepted && !has;
}

/* Add each line of the list file to a key of [anonymous]. */
static void
add_list(struct mapping *m, const char *path, bool accepted)
{
	struct name_list list;
	size_t strange;

	int error = vsftpd_list_read(&list, &strange, path);
	bool used = error < 0 || !map_on(m, OPTION_no_anon_password) ||
		map_not_asked(m, path, &list, accepted);
	for (size_t i = 0; used && i < list.count; i++)
		map_add(m, "anonymous", accepted ? "accepted_passwords" :
			"denied_passwords", list.names[i]);
	if (accepted && used)
		map_accepted_passwords(m, error, &list, strange, path);
	else if (!accepted && error < 0) {
		turn_anonymous_off(m);
		map_say(m, IMPORT_REFUSED, "%s cannot be read (%s); vsftpd "
			"ended each session, here anonymous logins are off",
			path, strerror(-error));
	}
	if (error == 0 && used && strange > 0)
		map_say(m, IMPORT_CHANGED, "%zu entries of %s contain blanks "
			"or begin with #, and are left out%s", strange,
			path, accepted ? "" : "; letter case does not matter");
	else if (used && error == 0 && !accepted && list.count > 0)
		map_say(m, IMPORT_CHANGED, "denied_passwords in [anonymous], "
			"where letter case does not matter");
	name_list_free(&list);
}

void
map_email_list(struct mapping *m)
{
	bool accepts = m->option == OPTION_secure_email_list_enable ||
		m->option == OPTION_email_password_file;
	bool anonymous = map_on(m, OPTION_anonymous_enable);
	bool on = map_on(m, accepts ? OPTION_secure_email_list_enable :
		OPTION_deny_email_enable);
	bool is_file = m->option == OPTION_email_password_file ||
		m->option == OPTION_banned_email_file;

	if (!on || !anonymous) {
		map_say(m, IMPORT_NOT_NEEDED, !anonymous ? "anonymous logins "
			"are off" : is_file ? "vsftpd does not use "
			"it unless the option for it is on" : "off");
		return;
	}
	/* The list is added only once, for the option that enables it. */
	if (is_file)
		return;
	add_list(m, map_text(m, accepts ? OPTION_email_password_file :
		OPTION_banned_email_file), accepts);
}
