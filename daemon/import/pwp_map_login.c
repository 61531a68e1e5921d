/*
 * pwp_map_login.c - which users can log in, and where their sessions are.
 *
 * Runs in: sureftpd --import-pwp.
 */
#include "common/base.h"
#include "daemon/import/pwp_map.h"

void
pwp_map_anonymous(struct pwp_mapping *m)
{
	bool on = pwp_is_true(m->text);

	if (pwp_has_radius(m)) {
		pwp_say(m, IMPORT_NOT_NEEDED, "the PWP server refused "
			"anonymous logins in any case; they are off");
		return;
	}
	pwp_set_bool(m, "anonymous", "enabled", on);
	if (on)
		pwp_say(m, IMPORT_SAME, "enabled in [anonymous], with the "
			"account ftp and its home directory");
}

/* Without enforcement, a bad address only leads to a warning. */
void
pwp_map_anonymous_password(struct pwp_mapping *m)
{
	const char *check = pwp_text(m, PWP_anonymous_password_check);
	bool any = !pwp_is_true(check) || strcmp(check, "none") == 0;
	bool enforced = pwp_on(m, PWP_anonymous_password_enforce);

	if (pwp_has_radius(m) || !pwp_on(m, PWP_allow_anonymous)) {
		pwp_say(m, IMPORT_NOT_NEEDED, "there are no anonymous logins");
		return;
	}
	pwp_set(m, "anonymous", "password", any || !enforced ? "none" :
		"email");
	if (!any && !enforced)
		pwp_say(m, IMPORT_CHANGED, "password = none in [anonymous]; "
			"there is no warning about a bad e-mail address");
	else if (!any && strcmp(check, "trivial") != 0)
		pwp_say(m, IMPORT_CHANGED, "password = email in [anonymous], "
			"which requires the form of an e-mail address and "
			"accepts the addresses that browsers send");
}

void
pwp_map_pam(struct pwp_mapping *m)
{
	const char *service = pwp_text(m, PWP_pam_application_name);
	bool on = pwp_on(m, PWP_pam_authentication);

	if (pwp_has_radius(m)) {
		pwp_say(m, IMPORT_NOT_NEEDED, "the PWP server asked RADIUS "
			"servers only");
		return;
	}
	pwp_set(m, "auth", "require_valid_shell", "no");
	if (!on && m->option == PWP_pam_application_name) {
		pwp_say(m, IMPORT_NOT_NEEDED, "PAM was off");
		return;
	}
	if (!on) {
		pwp_say(m, IMPORT_CHANGED, "passwords are checked by PAM "
			"(pam_service in [auth]), not by comparing with "
			"/etc/passwd or /etc/shadow; root cannot log in "
			"(rejected_users in [auth])");
		return;
	}
	if (*service == '\0' || strchr(service, '/') != NULL) {
		pwp_say(m, IMPORT_REFUSED, "not the name of a file in "
			"/etc/pam.d; pam_service in [auth] keeps its default");
		return;
	}
	pwp_set(m, "auth", "pam_service", "%s", service);
	if (m->option == PWP_pam_authentication)
		pwp_say(m, IMPORT_CHANGED, "root cannot log in, even if PAM "
			"would allow it (rejected_users in [auth])");
	else
		pwp_say(m, IMPORT_SAME, "pam_service in [auth]; keep "
			"/etc/pam.d/%s", service);
}

void
pwp_map_password_file(struct pwp_mapping *m)
{
	if (!pwp_is_true(m->text))
		pwp_map_no_need(m);
	else if (pwp_has_radius(m))
		pwp_say(m, IMPORT_NOT_NEEDED, "the PWP server asked RADIUS "
			"servers only");
	else {
		/* Refuse all logins: with the default backends, accounts of the
		 * host could log in instead. */
		pwp_set(m, "auth", "allowed_users", "-");
		pwp_say(m, IMPORT_REFUSED, "its passwords are of a weak kind "
			"(crypt with DES); create accounts with new ones with "
			"\"sureftpctl passwd add NAME account=USER home=DIR "
			"jail=home\", set backends = file in [auth], and "
			"remove allowed_users in [auth], which lets no user "
			"log in until then");
	}
}

void
pwp_map_attempts(struct pwp_mapping *m)
{
	pwp_set(m, "auth", "failed_login_delay", "5");
	pwp_set(m, "limits", "ban_after", "0");
	pwp_set(m, "limits", "ban_network_after", "0");
	pwp_set_number(m, "auth", "max_login_attempts",
		pwp_nonzero(m, m->option));
}

void
pwp_map_resolve(struct pwp_mapping *m)
{
	if (pwp_is_true(m->text))
		m->answer.verdict = IMPORT_CHANGED;
	else
		pwp_say(m, IMPORT_NOT_NEEDED, "off");
}

void
pwp_map_hide(struct pwp_mapping *m)
{
	if (!pwp_has_radius(m)) {
		pwp_say(m, IMPORT_NOT_NEEDED, "it is for the directories of "
			"RADIUS accounts");
		return;
	}
	pwp_set(m, "session", "hide_mount_point",
		pwp_is_true(m->text) ? "yes" : "no");
	if (pwp_is_true(m->text))
		pwp_say(m, IMPORT_CHANGED, "hide_mount_point in [session] also "
			"confines sessions to the directory: symbolic links "
			"that lead out of it are no longer followed; use bind "
			"mounts instead");
	else
		pwp_say(m, IMPORT_CHANGED, "hide_mount_point = no in "
			"[session]: sessions see the whole file system, as "
			"there, but begin in the user's directory; with yes, "
			"they are confined to it, which is better where "
			"accounts share a user id");
}

static bool
begins_with_home(const char *text)
{
	return strncmp(text, "%m", 2) == 0;
}

/* start_dir is as the client sees it, and so is the home directory. */
static void
set_start(struct pwp_mapping *m)
{
	BUFFER(path, PATH_MAX);

	if (*m->text != '/' && !begins_with_home(m->text))
		buffer_add_char(&path, '/');
	pwp_template(m->text, &path);
	if (path.overflow)
		pwp_say(m, IMPORT_REFUSED, "the path is too long");
	else
		pwp_set(m, "session", "start_dir", "%s", buffer_text(&path));
}

void
pwp_map_home(struct pwp_mapping *m)
{
	if (strcmp(m->text, "%m") == 0 || *m->text == '\0')
		pwp_set(m, "session", "start_dir", "%s", "");
	else if (pwp_has_radius(m) && begins_with_home(m->text))
		pwp_say(m, IMPORT_CHANGED, "sessions begin in the directory "
			"that the RADIUS server sends: its accounts have no "
			"home directory on this host (%%m)");
	else
		set_start(m);
}

void
pwp_map_root(struct pwp_mapping *m)
{
	BUFFER(path, PATH_MAX);

	if (!pwp_is_true(m->text)) {
		pwp_map_no_need(m);
		return;
	}
	if (pwp_has_radius(m)) {
		pwp_say(m, IMPORT_NOT_NEEDED, "the PWP server used the "
			"directory that the RADIUS server sends");
		return;
	}
	pwp_template(m->text, &path);
	if (path.overflow || !answer_can_put(m->text) ||
	    (*m->text != '/' && !begins_with_home(m->text))) {
		/* Confine sessions to the home directory instead. */
		pwp_set(m, "session", "jail", "home");
		pwp_say(m, IMPORT_REFUSED, "not an absolute path; jail in "
			"[session] is the home directory");
		return;
	}
	pwp_set(m, "session", "jail", "%s", buffer_text(&path));
}
