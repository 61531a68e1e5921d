/*
 * map_login.c - which users can log in, and how.
 *
 * Runs in: sureftpd --import-vsftpd.
 */
#include "common/base.h"
#include "daemon/import/map.h"

#include "common/io.h"
#include "daemon/import/vsftpd_list.h"

#include <pwd.h>

#define BANNER_SIZE 65536

/* Without it only anonymous logins are allowed. */
void
map_local_enable(struct mapping *m)
{
	if (map_on(m, OPTION_local_enable)) {
		map_say(m, IMPORT_SAME, "users that the PAM service accepts "
			"can log in");
		return;
	}
	map_set(m, "auth", "allowed_users", "ftp anonymous");
	map_say(m, IMPORT_SAME, "allowed_users in [auth] has the anonymous "
		"names only");
}

void
map_session_support(struct mapping *m)
{
	bool on = map_on(m, OPTION_session_support);

	map_set_bool(m, "auth", "file_user_sessions", on);
	if (!on && !map_on(m, OPTION_local_enable))
		map_say(m, IMPORT_NOT_NEEDED, "no account of the host can log "
			"in");
	else if (!on)
		map_say(m, IMPORT_CHANGED, "a PAM session is always opened "
			"for accounts of the host, so the session modules of "
			"the service (such as pam_limits and pam_mkhomedir) "
			"now apply");
}

/* Add a list of words to the current value. */
static void
add_names(struct mapping *m, const char *key, const struct name_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		map_add(m, "auth", key, list->names[i]);
}

/* vsftpd compares the name that the client sends. */
static const char *
anonymous_names(const struct mapping *m, const struct name_list *list)
{
	return map_on(m, OPTION_anonymous_enable) &&
	    name_list_has(list, "ftp") != name_list_has(list, "anonymous") ?
		"; ftp and anonymous are the same user here" : "";
}

static void
map_userlist_file(struct mapping *m, const char *path)
{
	bool deny = map_on(m, OPTION_userlist_deny);
	struct name_list list;
	size_t strange;

	int error = vsftpd_list_read(&list, &strange, path);
	if (error < 0) {
		map_say(m, IMPORT_REFUSED, "%s cannot be read (%s); vsftpd "
			"ended each connection, here no user can log in",
			path, strerror(-error));
		map_set(m, "auth", "allowed_users", "-");
	} else if (!deny && list.count == 0)
		map_set(m, "auth", "allowed_users", "-");
	else if (map_on(m, OPTION_local_enable))
		add_names(m, deny ? "rejected_users" : "allowed_users", &list);
	if (deny && error == 0 && list.count > 0 &&
	    !name_list_has(&list, "root"))
		map_add(m, "auth", "rejected_users", "root");
	if (error == 0)
		map_say(m, IMPORT_CHANGED, "the names in %s (%zu) are in %s "
			"in [auth]%s; users are refused after the password, "
			"not at USER%s", path, list.count,
			deny ? "rejected_users" : "allowed_users",
			strange > 0 ? " (entries with # or blanks matched "
			"no user, and are left out)" : "",
			anonymous_names(m, &list));
	name_list_free(&list);
}

void
map_userlist(struct mapping *m)
{
	if (!map_on(m, OPTION_userlist_enable) ||
	    !map_on(m, OPTION_local_enable)) {
		map_say(m, IMPORT_NOT_NEEDED, "vsftpd does not use the list "
			"without userlist_enable and local_enable");
		return;
	}
	if (m->option == OPTION_userlist_enable)
		map_userlist_file(m, map_text(m, OPTION_userlist_file));
}

static bool
can_be_guest(const char *name)
{
	const struct passwd *pw = getpwnam(name);

	return pw != NULL && pw->pw_uid != 0;
}

const char *
map_own_guest(const struct mapping *m)
{
	const char *name = map_text(m, OPTION_guest_username);

	if (m->user == NULL || m->user_is_anonymous ||
	    !map_on(m, OPTION_guest_enable) ||
	    !m->for_all->values[OPTION_guest_enable].on)
		return NULL;
	const char *others = m->for_all->values[OPTION_guest_username].text;
	return strcmp(name, others) != 0 && can_be_guest(name) &&
	    can_be_guest(others) && strpbrk(name, " \t") == NULL &&
	    strpbrk(m->user, " \t") == NULL ? name : NULL;
}

/* The home directory of the guest account, with vsftpd's user token replaced by
 * %n. */
void
map_guest(struct mapping *m)
{
	const char *name = map_text(m, OPTION_guest_username);

	/* map_set() reports the opposite case. */
	if (m->for_all != NULL && m->for_all->values[OPTION_guest_enable].on &&
	    !map_on(m, OPTION_guest_enable)) {
		map_say(m, IMPORT_REFUSED, "guests cannot be turned off for "
			"one account");
		return;
	}
	if (!map_on(m, OPTION_guest_enable)) {
		map_say(m, IMPORT_NOT_NEEDED, "guests are off");
		return;
	}
	if (m->for_all != NULL &&
	    !m->for_all->values[OPTION_guest_enable].on) {
		map_say(m, IMPORT_REFUSED, "guests cannot be turned on for one "
			"account, which keeps its own rights and directories");
		return;
	}
	const struct passwd *pw = getpwnam(name);
	if (pw == NULL || pw->pw_uid == 0) {
		map_say(m, IMPORT_REFUSED, pw == NULL ? "there is no account "
			"%s" : "%s is root; guests need an account of their "
			"own", name);
		return;
	}
	/* import_users.c adds the line for this user. */
	if (map_own_guest(m) != NULL) {
		map_say(m, IMPORT_SAME, "guest_user_for in [auth]");
		return;
	}
	if (m->for_all != NULL && strcmp(name,
	    m->for_all->values[OPTION_guest_username].text) != 0)
		map_say(m, IMPORT_REFUSED, "guest_user_for in [auth] cannot "
			"name it; write the line yourself");
	map_set(m, "auth", "guest_user", "%s", name);
	map_set(m, "auth", "guests", "all");
}

/* A percent sign begins a token in messages, a backslash a line. */
static void
set_banner(struct mapping *m, const char *text)
{
	BUFFER(banner, 2100);

	for (; *text != '\0'; text++) {
		if (*text == '%' || *text == '\\')
			buffer_add_char(&banner, *text);
		buffer_add_char(&banner, *text);
	}
	if (banner.overflow)
		map_say(m, IMPORT_REFUSED, "the text is too long");
	else
		map_set(m, "server", "banner", "%s", buffer_text(&banner));
}

static void
set_banner_file(struct mapping *m, const char *file)
{
	char text[BANNER_SIZE];
	ssize_t len = file[0] == '/' ? io_read_file(file, text, sizeof(text)) :
		-ENOENT;

	if (len < 0) {
		map_say(m, IMPORT_REFUSED, "%s cannot be read; vsftpd ended "
			"each connection", file);
		return;
	}
	map_set(m, "server", "banner_file", "%s", file);
	if (memchr(text, '%', (size_t)len) != NULL)
		map_say(m, IMPORT_CHANGED, "banner_file in [server]; write "
			"%%%% for each %% in %s, which begins a token", file);
}

void
map_banner(struct mapping *m)
{
	const char *text = map_text(m, OPTION_ftpd_banner);
	const char *file = map_text(m, OPTION_banner_file);

	if (file[0] != '\0' && m->option == OPTION_ftpd_banner) {
		map_say(m, IMPORT_NOT_NEEDED, "banner_file counts");
		return;
	}
	if (m->option == OPTION_banner_file && file[0] != '\0') {
		set_banner_file(m, file);
		return;
	}
	if (m->option == OPTION_ftpd_banner && text[0] != '\0')
		set_banner(m, text);
}

void
map_user_config_dir(struct mapping *m)
{
	const char *dir = map_text(m, OPTION_user_config_dir);

	if (dir[0] == '\0')
		return;
	if (access(dir, R_OK | X_OK) < 0)
		map_say(m, IMPORT_CHANGED, "%s cannot be read (%s); vsftpd "
			"used no file of it", dir, strerror(errno));
}
