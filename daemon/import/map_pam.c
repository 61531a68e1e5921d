/*
 * map_pam.c - maps the PAM service.
 *
 * Runs in: sureftpd --import-vsftpd.
 */
#include "common/base.h"
#include "daemon/import/map.h"

#include "common/buffer.h"
#include "daemon/import/pam_service.h"

void
map_pam_service(struct mapping *m)
{
	BUFFER(path, PATH_MAX);
	const char *service = map_text(m, OPTION_pam_service_name);

	/* PAM uses what follows the last slash, and "other" without a name. */
	if (strchr(service, '/') != NULL)
		service = strrchr(service, '/') + 1;
	if (service[0] == '\0')
		service = "other";
	map_set(m, "auth", "pam_service", "%s", service);
	/* vsftpd does not check shells; pam_shells of its PAM service may. */
	map_set_bool(m, "auth", "require_valid_shell", false);
	map_say(m, IMPORT_SAME, "pam_service in [auth]; keep /etc/pam.d/%s "
		"when vsftpd is removed", service);
	if (strcmp(service, map_text(m, OPTION_pam_service_name)) != 0)
		map_say(m, IMPORT_CHANGED, "pam_service in [auth] is %s, "
			"which is what PAM made of this name", service);
	buffer_addf(&path, "/etc/pam.d/%s", service);
	const char *again = path.overflow ? NULL :
		pam_service_asks_again(buffer_text(&path));
	if (again != NULL)
		map_say(m, IMPORT_CHANGED, "keep %s when vsftpd is removed, "
			"but add try_first_pass to the auth line of %s: it "
			"asks again for the password, which answers the first "
			"question only", buffer_text(&path), again);
}
