/*
 * warm_up.c - the master's idle PAM handle.
 *
 * Runs in: master.
 */
#include "common/base.h"
#include "pam/warm_up.h"

#include "common/buffer.h"
#include "common/log/log.h"
#include "common/text.h"
#include "pam/pam_session.h"

bool
warm_up_has_service(const char *service)
{
	static const char *const places[] = {
		"/etc/pam.d", "/usr/lib/pam.d", "/usr/etc/pam.d",
		"/usr/share/pam.d" };
	BUFFER(path, PATH_MAX);
	BUFFER(name, PATH_MAX);

	/* As pam_start() does it. */
	for (const char *c = service; *c != '\0'; c++)
		buffer_add_char(&name, text_lower(*c));
	for (size_t i = 0; i < ARRAY_SIZE(places); i++) {
		buffer_clear(&path);
		buffer_addf(&path, "%s/%s", places[i],
			buffer_text(&name));
		if (access(buffer_text(&path), R_OK) == 0)
			return true;
	}
	return access("/etc/pam.d", F_OK) < 0 &&
		access("/etc/pam.conf", R_OK) == 0;
}

void
warm_up_pam(const char *service, bool needed)
{
	/* Kept as long as the master runs, so that the modules stay mapped. */
	static struct pam_session idle;

	if (needed && !warm_up_has_service(service))
		log_warning("PAM service file /etc/pam.d/%s not found: PAM "
			"uses its service \"other\", which usually refuses "
			"all logins", service);
	pam_session_end(&idle);
	pam_session_start(&idle, service);
	if (idle.handle == NULL)
		log_error("cannot start PAM for the service %s: logins will "
			"fail", service);
}
