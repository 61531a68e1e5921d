/*
 * test_pwp_keys.c - what each key of ftpd.conf becomes.
 */
#include "common/base.h"

#include "tests/unit/pwp_imported.h"
#include "tests/unit/unit.h"

const char *const unit_name = "pwp_keys";

static void
test_pwp_site(void)
{
	static const struct pwp_conversion rows[] = {
		{ "pwp root subdir: /web/%u/", "radius", "root_subdir",
			"web/%%u", IMPORT_SAME },
		{ "pwp root subdir: ../x", "radius", "root_subdir", NULL,
			IMPORT_REFUSED },
		{ "pwp root subdir: a\tb\033", "auth", "allowed_users", "-",
			IMPORT_REFUSED },
		{ "default pwp userid: 1001", "radius", "map_uid", "1001",
			IMPORT_CHANGED },
		{ "default pwp userid: root", "radius", "map_uid", NULL,
			IMPORT_REFUSED },
		{ "default pwp groupid: -1", "radius", "map_gid", NULL,
			IMPORT_REFUSED },
		{ "default pwp groupid: no such", "radius", "map_gid", NULL,
			IMPORT_REFUSED },
		{ "default pwp quota: 5000000", "quota", "quota_bytes",
			"5000000", IMPORT_SAME },
		{ "default pwp quota: -1", "quota", "quota_bytes", "-1",
			IMPORT_SAME },
		{ "pwp quota cache secs: 0", "quota", "quota_cache", "60",
			IMPORT_CHANGED },
		{ "pwp max quota file lines: -1", "quota",
			"quota_max_changes", "0", IMPORT_DEFAULT },
		{ "hide mount point: 1", "session", "hide_mount_point",
			"yes", IMPORT_CHANGED },
		{ "hide mount point: 0", "session", "hide_mount_point",
			"no", IMPORT_CHANGED },
		{ "root directory: /srv", "session", "jail", NULL,
			IMPORT_NOT_NEEDED },
		{ "home directory: web", "session", "start_dir", "/web",
			IMPORT_SAME },
		{ "home directory: %m/web", "session", "start_dir", NULL,
			IMPORT_CHANGED },
		{ "allow anonymous: 1", "anonymous", "enabled", NULL,
			IMPORT_NOT_NEEDED },
		{ "pam authentication: 1", "auth", "backends", "radius",
			IMPORT_NOT_NEEDED },
		{ "password file: /x", "auth", "allowed_users", NULL,
			IMPORT_NOT_NEEDED },
	};

	pwp_check_conversions(rows, ARRAY_SIZE(rows), PWP_SITE);
}

static void
test_full_site(void)
{
	static const struct pwp_conversion rows[] = {
		{ "root directory: %m/ftp", "session", "jail", "%h/ftp",
			IMPORT_SAME },
		{ "root directory: web", "session", "jail", "home",
			IMPORT_REFUSED },
		{ "root directory: /a\007", "session", "jail", "home",
			IMPORT_REFUSED },
		{ "home directory: %m/100%%/%U", "session", "start_dir",
			"%h/100%%/%n", IMPORT_SAME },
		{ "allow anonymous: 1", "anonymous", "enabled", "yes",
			IMPORT_SAME },
		{ "pam application name: x\npam authentication: 1", "auth",
			"pam_service", "x", IMPORT_SAME },
		{ "pam application name: a/b\npam authentication: 1", "auth",
			"pam_service", NULL, IMPORT_REFUSED },
		{ "password file: /x", "auth", "allowed_users", "-",
			IMPORT_REFUSED },
		{ "anonymous password check: rfc822\nallow anonymous: 1\n"
			"anonymous password enforce: 1", "anonymous",
			"password", "email", IMPORT_CHANGED },
		{ "anonymous password check: trivial\nallow anonymous: 1\n"
			"anonymous password enforce: 1", "anonymous",
			"password", "email", IMPORT_SAME },
		{ "anonymous password check: trivial\nallow anonymous: 1",
			"anonymous", "password", "none", IMPORT_CHANGED },
	};

	pwp_check_conversions(rows, ARRAY_SIZE(rows), "");
}

static void
test_network_and_logs(void)
{
	static const struct pwp_conversion rows[] = {
		{ "passive port range: 0", "listener", "passive_ports", "",
			IMPORT_DEFAULT },
		{ "passive port range: 2000-2010,5000-5999", "listener",
			"passive_ports", "5000-5999", IMPORT_CHANGED },
		{ "passive port range: 5000", "listener", "passive_ports",
			"5000-5000", IMPORT_CHANGED },
		{ "passive port range: 20-10", "listener", "passive_ports",
			"49152-65535", IMPORT_REFUSED },
		{ "ftp data port: ftp-data(20)", "listener",
			"active_source_port", "20", IMPORT_SAME },
		{ "ftp data port: 2000", "listener", "active_source_port",
			NULL, IMPORT_REFUSED },
		{ "local address: ftp.example", "listener", "address", NULL,
			IMPORT_REFUSED },
		{ "max clients: 0", "limits", "max_clients", "255",
			IMPORT_SAME },
		{ "max clients: 80", "server", "max_workers", "106",
			IMPORT_SAME },
		{ "timeout: 0", "limits", "idle_timeout", "0", IMPORT_SAME },
		{ "allow proxy ftp: yes", "listener", "allow_fxp", "yes",
			IMPORT_SAME },
		{ "change process name: 0", "server", "process_titles", "no",
			IMPORT_SAME },
		{ "time zone: Europe/London", "server", "list_times", "local",
			IMPORT_CHANGED },
		{ "time zone: GMT", "server", "list_times", "gmt",
			IMPORT_DEFAULT },
		{ "command wait: 5", "limits", "max_command_rate", "1",
			IMPORT_CHANGED },
		{ "enable syslog: 0", "log", "destination", "stderr",
			IMPORT_DEFAULT },
		{ "client logging: /var/log/x.%d", "log", "protocol", NULL,
			IMPORT_REFUSED },
		{ "client logging: log", "log", "protocol", NULL,
			IMPORT_REFUSED },
		{ "xfer logging: /var/log/xferlog", "log", "xferlog_file",
			"/var/log/xferlog", IMPORT_CHANGED },
		{ "allow site exec command: 1", "session", "permissions",
			"elradfmw", IMPORT_REFUSED },
	};

	pwp_check_conversions(rows, ARRAY_SIZE(rows), "");
}

/* Constants are converted; what a rule that is code decided is denied until
 * somebody has replaced it. */
static void
test_rules(void)
{
	static const struct pwp_conversion rows[] = {
		{ "delete rule: 0", "session", "permissions", "elrafmw",
			IMPORT_SAME },
		{ "store rule: 0", "session", "permissions", "elrdfm",
			IMPORT_SAME },
		{ "retrieve rule: 1", "session", "permissions", "elradfmw",
			IMPORT_SAME },
		{ "retrieve rule: $filename ne \".htaccess\"", "session",
			"permissions", "eladfmw", IMPORT_REFUSED },
		{ "chdir rule:", "session", "permissions", "lradfmw",
			IMPORT_SAME },
		{ "access control rule: 1", "listener", "deny_from", NULL,
			IMPORT_DEFAULT },
		{ "access control rule: $ip =~ /^10\\./", "listener",
			"deny_from", "0.0.0.0/0 ::/0", IMPORT_REFUSED },
		{ "user access control rule: $user ne \"jeff\"", "auth",
			"allowed_users", "-", IMPORT_REFUSED },
		{ "user access control rule: 0", "auth", "allowed_users", "-",
			IMPORT_SAME },
		{ "restrict command: \"DELE\" 0", "session",
			"commands_denied", "DELE", IMPORT_SAME },
		{ "restrict command: \"site exec\" $user eq \"rich\"",
			"session", "commands_denied", "SITE_EXEC",
			IMPORT_REFUSED },
		{ "restrict command: \"RMD\" 1", "session", "commands_denied",
			NULL, IMPORT_NOT_NEEDED },
		{ "restrict command: DELE 0", "session", "commands_denied",
			NULL, IMPORT_REFUSED },
		{ "allow rename to overwrite: 0", "session", "overwrite",
			"deny", IMPORT_SAME },
		{ "allow store to overwrite: 1\nallow rename to overwrite: 0",
			"session", "overwrite", "deny", IMPORT_CHANGED },
	};

	pwp_check_conversions(rows, ARRAY_SIZE(rows), PWP_SITE);
}

static void
test_messages(void)
{
	static const struct pwp_conversion rows[] = {
		{ "welcome text: Hi %U at %T from %R 5%\nwelcome type: text",
			"session", "msg_login", "Hi %u at %t from %a 5%%",
			IMPORT_DEFAULT },
		{ "welcome text: %E %m %q %%\nwelcome type: text\n"
			"maintainer email: a%b@example.org", "session",
			"msg_login", "a%%b@example.org %%m %%q %%",
			IMPORT_DEFAULT },
		{ "welcome type: other", "session", "msg_login", NULL,
			IMPORT_REFUSED },
		{ "welcome type: normal", "session", "msg_login",
			"Welcome %u.", IMPORT_SAME },
		{ "greeting type: terse", "server", "banner",
			"FTP server ready.", IMPORT_DEFAULT },
		{ "greeting type: other", "server", "banner", NULL,
			IMPORT_REFUSED },
		{ "max clients message: Only %x", "server", "msg_full",
			"Only 255", IMPORT_SAME },
		{ "chdir message file: .message", "session",
			"directory_message", ".message", IMPORT_CHANGED },
		{ "chdir message file: a/b", "session", "directory_message",
			NULL, IMPORT_REFUSED },
	};

	pwp_check_conversions(rows, ARRAY_SIZE(rows), "");
}

CU_TestInfo unit_tests[] = {
	{ "keys of a PWP site", test_pwp_site },
	{ "keys of Net::FTPServer: accounts", test_full_site },
	{ "keys of Net::FTPServer: network, limits, logs",
		test_network_and_logs },
	{ "rules", test_rules },
	{ "messages", test_messages },
	CU_TEST_INFO_NULL,
};
