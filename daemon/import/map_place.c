/*
 * map_place.c - maps options of jails and start directories.
 *
 * Runs in: sureftpd --import-vsftpd.
 */
#include "common/base.h"
#include "daemon/import/map.h"

#include <pwd.h>
#include <sys/stat.h>

/* A path for jail, start_dir or guest_home: the user token becomes %n, a
 * percent sign %%. */
static void
add_template(struct buffer *b, const char *path, const char *token)
{
	size_t len = strlen(token);

	while (*path != '\0') {
		if (len > 0 && strncmp(path, token, len) == 0) {
			buffer_add_text(b, "%n");
			path += len;
			continue;
		}
		if (*path == '%')
			buffer_add_char(b, '%');
		buffer_add_char(b, *path++);
	}
}

bool
map_is_jailed(const struct mapping *m)
{
	if (map_guests_are_anonymous(m) || m->list_error < 0)
		return true;
	bool listed = map_on(m, OPTION_chroot_list_enable) &&
		m->user_is_listed;
	return map_on(m, OPTION_chroot_local_user) != listed;
}

/* The home directory of a guest whose file names another account than that of
 * all guests. */
static bool
add_own_home(const struct mapping *m, struct buffer *b)
{
	const char *account = map_own_guest(m);
	const struct passwd *pw = account != NULL ? getpwnam(account) : NULL;

	if (pw != NULL)
		add_template(b, pw->pw_dir,
			map_text(m, OPTION_user_sub_token));
	return pw != NULL;
}

/* Where sessions begin: local_root, of which a relative one is relative to the
 * home directory; nothing is added for the home directory itself. */
static void
add_root(const struct mapping *m, struct buffer *b)
{
	const char *root = map_text(m, OPTION_local_root);

	if (root[0] != '/' && !add_own_home(m, b) && root[0] != '\0')
		buffer_add_text(b, "%h");
	if (root[0] != '/' && root[0] != '\0')
		buffer_add_char(b, '/');
	add_template(b, root, map_text(m, OPTION_user_sub_token));
}

/* The home directory of this mapping's user if it contains /./, else NULL. */
static const char *
split_home(const struct mapping *m)
{
	if (m->user == NULL || m->user_is_anonymous ||
	    map_on(m, OPTION_guest_enable))
		return NULL;
	const struct passwd *pw = getpwnam(m->user);
	return pw != NULL && strstr(pw->pw_dir, "/./") != NULL ? pw->pw_dir :
		NULL;
}

/* With passwd_chroot_enable it takes precedence over local_root, and jail =
 * home splits it at the /./; otherwise it is an ordinary path. */
static void
set_split_jail(struct mapping *m, const char *home)
{
	BUFFER(root, PATH_MAX);

	if (!map_on(m, OPTION_passwd_chroot_enable))
		add_template(&root, home, "");
	map_set(m, "session", "jail", "%s", root.len > 0 && !root.overflow ?
		buffer_text(&root) : "home");
	map_set(m, "session", "start_dir", "%s", "");
}

/* jail and start_dir, which several options decide together. */
static void
set_place(struct mapping *m)
{
	BUFFER(root, PATH_MAX);
	bool has_root = map_text(m, OPTION_local_root)[0] != '\0';
	const char *split = map_is_jailed(m) ? split_home(m) : NULL;

	if (split != NULL &&
	    (!has_root || map_on(m, OPTION_passwd_chroot_enable))) {
		set_split_jail(m, split);
		return;
	}
	add_root(m, &root);
	if (root.overflow) {
		map_say(m, IMPORT_REFUSED, "the path is too long");
		return;
	}
	if (map_is_jailed(m)) {
		map_set(m, "session", "jail", "%s",
			root.len > 0 ? buffer_text(&root) : "home");
		/* Not in the home directory, which may be inside the jail. */
		map_set(m, "session", "start_dir", "%s",
			root.len > 0 ? "/" : "");
		return;
	}
	map_set(m, "session", "jail", "no");
	map_set(m, "session", "start_dir", "%s", buffer_text(&root));
	if (root.len == 0)
		return;
	/* vsftpd ignores a directory that it cannot enter, unless it is the
	 * jail. */
	map_set(m, "session", "allow_missing_start_dir", "yes");
	/* Anonymous sessions begin in anon_root. */
	map_set_anonymous(m, "start_dir", "%s", "");
}

void
map_chroot(struct mapping *m)
{
	set_place(m);
}

void
map_chroot_list(struct mapping *m)
{
	if (!map_on(m, OPTION_chroot_list_enable))
		map_say(m, IMPORT_NOT_NEEDED, "vsftpd does not use the list "
			"without chroot_list_enable");
	else if (m->list_error < 0)
		map_say(m, IMPORT_REFUSED, "the list cannot be read (%s), so "
			"vsftpd ended each session after login; all users are "
			"jailed: make the list readable and import again",
			m->list_error == -EINVAL ? "not a regular file" :
			strerror(-m->list_error));
	else
		map_say(m, IMPORT_SAME, "users on the list have sections "
			"[user NAME] with jail = %s",
			map_on(m, OPTION_chroot_local_user) ? "no" : "home");
}

void
map_local_root(struct mapping *m)
{
	set_place(m);
}

void
map_anon_root(struct mapping *m)
{
	const char *root = map_text(m, OPTION_anon_root);

	if (root[0] == '\0')
		return;
	if (root[0] != '/') {
		map_say(m, IMPORT_REFUSED, "root in [anonymous] must be an "
			"absolute path; the home directory of the account is "
			"used");
		return;
	}
	if (m->user != NULL && !m->user_is_anonymous)
		map_say(m, IMPORT_NOT_NEEDED, "vsftpd uses it for anonymous "
			"sessions only");
	map_set_anonymous(m, "root", "%s", root);
}

static bool
any_home_is_split(void)
{
	const struct passwd *pw;
	bool found = false;

	setpwent();
	while (!found && (pw = getpwent()) != NULL)
		found = strstr(pw->pw_dir, "/./") != NULL;
	endpwent();
	return found;
}

/* Here a /./ always splits a home directory: without passwd_chroot_enable,
 * users who have one get sections of their own. */
void
map_passwd_chroot(struct mapping *m)
{
	if (!any_home_is_split())
		map_say(m, IMPORT_NOT_NEEDED, "no home directory of this "
			"host contains /./");
	else if (!map_on(m, OPTION_passwd_chroot_enable))
		map_say(m, IMPORT_SAME, "users whose home directory contains "
			"/./ have sections [user NAME] with the whole path as "
			"jail");
}

/* vsftpd refused such logins, with allow_writeable_chroot as well. */
static void
check_anonymous_root(struct mapping *m)
{
	const char *root = map_text(m, OPTION_anon_root);
	const struct passwd *pw = getpwnam(map_text(m, OPTION_ftp_username));
	struct stat st;

	if (!map_on(m, OPTION_anonymous_enable) || pw == NULL ||
	    stat(root[0] != '\0' ? root : pw->pw_dir, &st) < 0)
		return;
	bool writable = st.st_uid == pw->pw_uid ? (st.st_mode & 0200) != 0 :
		st.st_gid == pw->pw_gid ? (st.st_mode & 020) != 0 :
		(st.st_mode & 02) != 0;
	if (writable)
		map_say(m, IMPORT_CHANGED, "vsftpd refused anonymous logins, "
			"because %s can write the root directory; here they "
			"work: make it read-only, or set enabled = no in "
			"[anonymous]", pw->pw_name);
}

void
map_writeable_chroot(struct mapping *m)
{
	check_anonymous_root(m);
	if (!map_on(m, OPTION_allow_writeable_chroot) &&
	    map_on(m, OPTION_chroot_local_user))
		map_say(m, IMPORT_CHANGED, "vsftpd refused logins to a jail "
			"that its user can write; here they work, because "
			"sessions load no library and start no program after "
			"the jail has closed");
}

/* The home directory of guests is that of guest_username with the token
 * replaced. */
void
map_sub_token(struct mapping *m)
{
	BUFFER(home, PATH_MAX);
	const char *token = map_text(m, OPTION_user_sub_token);

	if (!map_on(m, OPTION_guest_enable)) {
		set_place(m);
		return;
	}
	const struct passwd *pw = getpwnam(map_text(m, OPTION_guest_username));
	if (pw != NULL && m->user == NULL) {
		add_template(&home, pw->pw_dir, token);
		map_set(m, "auth", "guest_home", "%s", buffer_text(&home));
	}
	set_place(m);
}
