/*
 * import_check.c - sets of options with which vsftpd does not start.
 *
 * Runs in: sureftpd --import-vsftpd.
 */
#include "common/base.h"
#include "daemon/import/import_check.h"

#include "common/address.h"
#include "common/buffer.h"
#include "daemon/import/vsftpd_value.h"

#include <netdb.h>
#include <pwd.h>

static bool
on(const struct import *i, enum vsftpd_option option)
{
	return i->vsftpd.values[option].on;
}

void
check_fault(struct import *i, enum vsftpd_option option, const char *format,
	...)
{
	const struct vsftpd_value *value = &i->vsftpd.values[option];
	const struct vsftpd_reading *r = value->reading == VSFTPD_UNSET ?
		NULL : &i->vsftpd.readings[value->reading];
	BUFFER(text, 1000);
	va_list ap;

	va_start(ap, format);
	buffer_addv(&text, format, ap);
	va_end(ap);
	report_fault(&i->report, r != NULL ? r->file : NULL,
		r != NULL ? r->line : 0, "%s", buffer_text(&text));
}

static void
check_services(struct import *i)
{
	if (on(i, OPTION_listen) && on(i, OPTION_listen_ipv6))
		check_fault(i, OPTION_listen_ipv6, "run two copies of vsftpd "
			"for IPv4 and IPv6: listen%s and listen_ipv6 are on",
			vsftpd_config_is_set(&i->vsftpd, OPTION_listen) ? "" :
			" (by default)");
	if (!on(i, OPTION_anonymous_enable) && !on(i, OPTION_local_enable))
		check_fault(i, OPTION_local_enable, "both local and anonymous "
			"access disabled");
	if (!on(i, OPTION_ftp_enable) && !on(i, OPTION_http_enable))
		check_fault(i, OPTION_ftp_enable, "both FTP and HTTP disabled");
	if (on(i, OPTION_one_process_model) && on(i, OPTION_local_enable))
		check_fault(i, OPTION_one_process_model, "one_process_model is "
			"for anonymous logins only");
	if (on(i, OPTION_http_enable) && !on(i, OPTION_one_process_model))
		check_fault(i, OPTION_http_enable, "http_enable needs "
			"one_process_model");
}

static void
check_account(struct import *i, enum vsftpd_option option)
{
	const char *name = i->vsftpd.values[option].text;

	if (getpwnam(name) == NULL)
		check_fault(i, option, "cannot locate user specified in "
			"'%s':%s", vsftpd_table[option].name, name);
}

static void
check_accounts(struct import *i)
{
	if (on(i, OPTION_anonymous_enable))
		check_account(i, OPTION_ftp_username);
	if (on(i, OPTION_guest_enable))
		check_account(i, OPTION_guest_username);
	if (on(i, OPTION_chown_uploads))
		check_account(i, OPTION_chown_username);
	check_account(i, OPTION_nopriv_user);
}

void
check_readable(struct import *i, enum vsftpd_option option)
{
	const char *path = i->vsftpd.values[option].text;

	if (path[0] != '\0' && access(path, R_OK) < 0)
		check_fault(i, option, "%s: %s", path, strerror(errno));
}

/* What is below /run is made when vsftpd is started. */
static void
check_secure_directory(struct import *i)
{
	const char *path = i->vsftpd.values[OPTION_secure_chroot_dir].text;

	if (vsftpd_config_is_set(&i->vsftpd, OPTION_secure_chroot_dir) &&
	    strncmp(path, "/run/", 5) != 0 &&
	    strncmp(path, "/var/run/", 9) != 0)
		check_readable(i, OPTION_secure_chroot_dir);
}

static void
check_files(struct import *i)
{
	if (on(i, OPTION_userlist_enable) && on(i, OPTION_local_enable))
		check_readable(i, OPTION_userlist_file);
	if (on(i, OPTION_deny_email_enable))
		check_readable(i, OPTION_banned_email_file);
	if (on(i, OPTION_secure_email_list_enable))
		check_readable(i, OPTION_email_password_file);
	import_check_tls(i);
	check_readable(i, OPTION_banner_file);
	check_secure_directory(i);
}

static void
check_address(struct import *i, enum vsftpd_option option, int family)
{
	const char *text = i->vsftpd.values[option].text;
	char ipv4[VSFTPD_IPV4_SIZE];
	struct address address;

	bool good = family == AF_INET ? vsftpd_ipv4(text, ipv4) :
		address_parse(&address, text) == 0 &&
		address_family(&address) == family;
	if (text[0] != '\0' && !good)
		check_fault(i, option, "bad %s: %s", vsftpd_table[option].name,
			text);
}

static void
check_addresses(struct import *i)
{
	const char *name = i->vsftpd.values[OPTION_pasv_address].text;
	struct addrinfo *found = NULL;

	if (on(i, OPTION_listen))
		check_address(i, OPTION_listen_address, AF_INET);
	if (on(i, OPTION_listen_ipv6))
		check_address(i, OPTION_listen_address6, AF_INET6);
	if (!on(i, OPTION_pasv_addr_resolve) || name[0] == '\0')
		return;
	int error = getaddrinfo(name, NULL, NULL, &found);
	if (error != 0)
		check_fault(i, OPTION_pasv_address, "cannot resolve %s: %s",
			name,
			gai_strerror(error));
	else
		freeaddrinfo(found);
}

/* A log that does not exist is made, but not its directory. */
static void
check_log(struct import *i, enum vsftpd_option option)
{
	const char *path = i->vsftpd.values[option].text;
	const char *slash = strrchr(path, '/');
	BUFFER(directory, PATH_MAX);

	if (slash == NULL)
		return;
	buffer_add(&directory, path, slash > path ? (size_t)(slash - path) :
		1);
	if (directory.overflow || access(buffer_text(&directory), X_OK) < 0)
		check_fault(i, option, "failed to open the log file %s: %s",
			path, directory.overflow ? strerror(ENAMETOOLONG) :
			strerror(errno));
}

/* map_xferlog() determines in the same way which one is used. */
static void
check_logs(struct import *i)
{
	bool both = on(i, OPTION_dual_log_enable);
	bool any = on(i, OPTION_xferlog_enable);
	bool standard = on(i, OPTION_xferlog_std_format);

	if (both || (any && standard))
		check_log(i, OPTION_xferlog_file);
	if ((both || (any && !standard)) && !on(i, OPTION_syslog_enable))
		check_log(i, OPTION_vsftpd_log_file);
}

void
import_check(struct import *i)
{
	check_services(i);
	check_accounts(i);
	check_files(i);
	check_addresses(i);
	check_logs(i);
}
