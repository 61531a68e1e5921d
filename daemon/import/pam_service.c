/*
 * pam_service.c - what a PAM service asks for.
 *
 * Runs in: sureftpd --import-vsftpd.
 */
#include "common/base.h"
#include "daemon/import/pam_service.h"

#include "daemon/import/vsftpd_file.h"

/* A line of it, as text: longer ones are cut. */
#define LINE_SIZE 512

/* The modules that ask for a password, and services that are included for what
 * they do about passwords. */
static bool
asks(const char *line)
{
	static const char *const modules[] = { "pam_unix.so", "pam_userdb.so",
		"pam_sss.so", "pam_ldap.so", "pam_winbind.so", "pam_krb5.so",
		"pam_pwdfile.so", "common-auth", "system-auth",
		"password-auth" };

	for (size_t i = 0; i < ARRAY_SIZE(modules); i++)
		if (strstr(line, modules[i]) != NULL)
			return true;
	return false;
}

/* "auth ...", "-auth ..." or "@include ..." */
static bool
is_for_login(const char *line)
{
	line += strspn(line, " \t");
	if (strncmp(line, "@include", 8) == 0)
		return true;
	line += *line == '-';
	return strncasecmp(line, "auth", 4) == 0 && strchr(" \t", line[4]);
}

bool
pam_service_asks_again(const char *path)
{
	struct vsftpd_file file;
	const char *line;
	char text[LINE_SIZE];
	size_t at = 0;
	size_t len;
	bool asked = false;
	bool again = false;

	if (vsftpd_file_read(&file, path) < 0)
		file.len = 0;
	while (!again && (line = vsftpd_file_line(&file, &at, &len)) != NULL) {
		snprintf(text, sizeof(text), "%.*s", (int)len, line);
		if (!is_for_login(text))
			continue;
		again = asked && strstr(text, "pam_userdb.so") != NULL &&
			strstr(text, "_first_pass") == NULL;
		asked = asked || asks(text);
	}
	vsftpd_file_free(&file);
	return again;
}
