/*
 * test_import_places.c - where the server listens and where sessions begin
 * after an import of vsftpd's configuration, and what a user's file says.
 */
#include "common/base.h"

#include "common/buffer.h"
#include "tests/unit/imported.h"
#include "tests/unit/scratch.h"
#include "tests/unit/unit.h"

#include <pwd.h>
#include <sys/stat.h>

const char *const unit_name = "import_places";

/* The verdict for a line; IMPORT_VERDICTS if there is none. */
static enum import_verdict
verdict_at(const struct import *i, const char *file, int line)
{
	for (size_t n = 0; n < i->report.count; n++) {
		const struct report_entry *e = &i->report.entries[n];
		if (e->line == line && strcmp(e->file, file) == 0)
			return e->verdict;
	}
	return IMPORT_VERDICTS;
}

/* vsftpd ignores a local_root that does not exist, unless it is the jail. */
static void
test_missing_root(void)
{
	struct scratch t;
	struct import i;

	scratch_open(&t);
	imported(&i, "local_enable=YES\nlocal_root=/no/such/place\n");
	imported_expect(&i, "session", "start_dir", "/no/such/place");
	imported_expect(&i, "session", "allow_missing_start_dir", "yes");
	import_free(&i);
	imported(&i, "local_enable=YES\nlocal_root=/no/such/place\n"
		"chroot_local_user=YES\n");
	imported_expect(&i, "session", "jail", "/no/such/place");
	imported_expect(&i, "session", "start_dir", "/");
	import_free(&i);
	/* A percent sign is no token. */
	imported(&i, "local_enable=YES\nlocal_root=/no/such/%u\n"
		"user_sub_token=$USER\n");
	imported_expect(&i, "session", "start_dir", "/no/such/%%u");
	import_free(&i);
	scratch_close(&t);
}

/* local_root is no matter of anonymous sessions, which begin in anon_root. */
static void
test_root_of_local_users(void)
{
	struct scratch t;
	struct import i;

	scratch_open(&t);
	imported(&i, "local_enable=YES\nlocal_root=/usr\nanon_root=/srv\n");
	imported_expect(&i, "session", "start_dir", "/usr");
	imported_expect(&i, "anonymous", "start_dir", "");
	import_free(&i);
	scratch_close(&t);
}

/* vsftpd logs IPv4 clients of an IPv6 socket as ::ffff:192.0.2.7, which matters
 * where it serves both. */
static void
test_both_versions(void)
{
	static const struct {
		const char *text;
		enum import_verdict verdict;
	} rows[] = {
		{ "listen_ipv6=YES\n", IMPORT_CHANGED },
		{ "listen_ipv6=YES\nlisten_address6=::1\n", IMPORT_SAME },
		{ "listen_ipv6=NO\nlisten=YES\n", IMPORT_DEFAULT },
	};
	struct scratch t;
	struct import i;

	scratch_open(&t);
	for (size_t n = 0; n < ARRAY_SIZE(rows); n++) {
		imported(&i, rows[n].text);
		CU_ASSERT_EQUAL(imported_verdict(&i, "listen_ipv6"),
			rows[n].verdict);
		import_free(&i);
	}
	scratch_close(&t);
}

/* What a user's file repeats is not refused; what it changes for that user
 * alone is, if it can only be set for all. */
static void
test_repeated_for_a_user(void)
{
	struct scratch t;
	struct import i;

	scratch_open(&t);
	scratch_directory("users");
	imported_write("users/anna", "guest_enable=YES\npasv_enable=NO\n"
		"pasv_min_port=6000\npasv_max_port=6999\n");
	imported(&i, "local_enable=YES\nguest_enable=YES\n"
		"guest_username=nobody\npasv_max_port=6999\n"
		"user_config_dir=users\n");
	CU_ASSERT_EQUAL(verdict_at(&i, "users/anna", 1), IMPORT_SAME);
	CU_ASSERT_EQUAL(verdict_at(&i, "users/anna", 2), IMPORT_REFUSED);
	CU_ASSERT_EQUAL(verdict_at(&i, "users/anna", 3), IMPORT_REFUSED);
	CU_ASSERT_EQUAL(verdict_at(&i, "users/anna", 4), IMPORT_SAME);
	import_free(&i);
	scratch_close(&t);
}

/* A user's file may name another account for this guest, in whose home
 * directory it begins. */
static void
test_account_of_a_guest(void)
{
	static const char guests[] = "local_enable=YES\nguest_enable=YES\n"
		"guest_username=nobody\nuser_config_dir=users\n"
		"chroot_local_user=YES\nwrite_enable=YES\n";
	const struct passwd *pw = getpwnam("daemon");
	char home[PATH_MAX];
	struct scratch t;
	struct import i;

	CU_ASSERT_PTR_NOT_NULL_FATAL(pw);
	snprintf(home, sizeof(home), "%s", pw->pw_dir);
	scratch_open(&t);
	scratch_directory("users");
	imported_write("users/gil", "guest_username=daemon\n");
	imported_write("users/gus", "guest_username=daemon\nlocal_root=web\n");
	imported_write("users/root", "guest_username=root\n");
	imported_write("users/same", "guest_username=nobody\n");
	imported(&i, guests);
	imported_expect(&i, "auth", "guest_user", "nobody");
	imported_expect(&i, "auth", "guest_user_for", "gil daemon\n"
		"gus daemon");
	imported_expect(&i, "user \"gil\"", "jail", home);
	imported_expect(&i, "user \"gil\"", "permissions", "elr");
	CU_ASSERT_EQUAL(verdict_at(&i, "users/gil", 1), IMPORT_SAME);
	CU_ASSERT_EQUAL(verdict_at(&i, "users/root", 1), IMPORT_REFUSED);
	CU_ASSERT_EQUAL(verdict_at(&i, "users/same", 1), IMPORT_SAME);
	CU_ASSERT_PTR_NULL(draft_get(&i.draft, "user \"same\"", "jail"));
	import_free(&i);
	scratch_close(&t);
}

/* What follows a blank is no part of an IPv4 address. */
static void
test_addresses(void)
{
	static const struct {
		const char *text, *key, *value;	/* NULL: refused */
	} cases[] = {
		{ "pasv_address=192.0.2.7 # of the router\n",
			"passive_address", "192.0.2.7" },
		{ "pasv_address=192.0.2.7\t(router)\n", "passive_address",
			"192.0.2.7" },
		{ "pasv_address=10.1\n", "passive_address", "10.0.0.1" },
		{ "pasv_address=192.0.2.7# of the router\n",
			"passive_address", NULL },
		{ "pasv_address=ftp.example.org # we\n", "passive_address",
			NULL },
		{ "pasv_address=192.0.2.256\n", "passive_address", NULL },
		{ "pasv_address=192.0.2.7.192.0.2.7\n", "passive_address",
			NULL },
		{ "listen=YES\nlisten_address=192.0.2.7 # inside\n",
			"address", "192.0.2.7" },
		{ "listen=YES\nlisten_address=192.0.2.7#inside\n",
			"address", NULL },
	};
	struct scratch t;
	struct import i;

	scratch_open(&t);
	for (size_t n = 0; n < ARRAY_SIZE(cases); n++) {
		imported(&i, cases[n].text);
		if (cases[n].value != NULL)
			imported_expect(&i, "listener", cases[n].key,
				cases[n].value);
		else
			CU_ASSERT_EQUAL(imported_verdict(&i,
				strcmp(cases[n].key, "address") == 0 ?
				"listen_address" : "pasv_address"),
				IMPORT_REFUSED);
		import_free(&i);
	}
	scratch_close(&t);
}

/* In a jail vsftpd shows numbers. */
static void
test_owners(void)
{
	struct scratch t;
	struct import i;

	scratch_open(&t);
	imported(&i, "local_enable=YES\ntext_userdb_names=YES\n");
	imported_expect(&i, "session", "list_owners", "names");
	imported_expect(&i, "anonymous", "list_owners", "numbers");
	import_free(&i);
	imported(&i, "local_enable=YES\ntext_userdb_names=YES\n"
		"hide_ids=YES\n");
	imported_expect(&i, "session", "list_owners", "hidden");
	imported_expect(&i, "anonymous", "list_owners", "hidden");
	import_free(&i);
	imported_write("list", "anna\n");
	imported(&i, "local_enable=YES\ntext_userdb_names=YES\n"
		"chroot_local_user=YES\nchroot_list_enable=YES\n"
		"chroot_list_file=list\n");
	imported_expect(&i, "session", "list_owners", "numbers");
	imported_expect(&i, "user \"anna\"", "list_owners", "names");
	import_free(&i);
	scratch_close(&t);
}

static void
test_messages(void)
{
	struct scratch t;
	struct import i;

	scratch_open(&t);
	imported(&i, "local_enable=YES\ndirmessage_enable=YES\n");
	CU_ASSERT_EQUAL(imported_verdict(&i, "dirmessage_enable"),
		IMPORT_SAME);
	import_free(&i);
	imported(&i, "local_enable=YES\ndirmessage_enable=YES\n"
		"download_enable=NO\n");
	CU_ASSERT_EQUAL(imported_verdict(&i, "dirmessage_enable"),
		IMPORT_CHANGED);
	import_free(&i);
	scratch_close(&t);
}

static void
expect_no_log(const char *path, enum import_verdict verdict)
{
	BUFFER(text, PATH_MAX);
	struct import i;

	buffer_addf(&text, "local_enable=YES\nxferlog_enable=YES\n"
		"vsftpd_log_file=%s\n", path);
	imported(&i, buffer_text(&text));
	CU_ASSERT_PTR_NULL(draft_get(&i.draft, "log", "vsftpd_file"));
	CU_ASSERT_EQUAL(imported_verdict(&i, "vsftpd_log_file"), verdict);
	import_free(&i);
}

/* In containers the log is a link to the standard output, or a pipe. */
static void
test_logs(void)
{
	BUFFER(path, PATH_MAX);
	char here[PATH_MAX];
	struct scratch t;

	scratch_open(&t);
	CU_ASSERT_PTR_NOT_NULL_FATAL(getcwd(here, sizeof(here)));
	expect_no_log("/dev/null", IMPORT_DEFAULT);
	expect_no_log("/dev/stdout", IMPORT_CHANGED);
	CU_ASSERT_EQUAL_FATAL(symlink("/dev/stderr", "link"), 0);
	buffer_addf(&path, "%s/link", here);
	expect_no_log(buffer_text(&path), IMPORT_CHANGED);
	CU_ASSERT_EQUAL_FATAL(mkfifo("pipe", 0600), 0);
	buffer_clear(&path);
	buffer_addf(&path, "%s/pipe", here);
	expect_no_log(buffer_text(&path), IMPORT_CHANGED);
	scratch_close(&t);
}

/* Commands are logged where vsftpd writes a log of its own. */
static void
test_protocol(void)
{
	static const struct {
		const char *text;
		enum import_verdict verdict;
	} cases[] = {
		{ "xferlog_enable=YES\n", IMPORT_CHANGED },
		{ "syslog_enable=YES\n", IMPORT_CHANGED },
		{ "xferlog_enable=YES\nxferlog_std_format=YES\n",
			IMPORT_NOT_NEEDED },
		{ "xferlog_enable=YES\nxferlog_std_format=YES\n"
			"dual_log_enable=YES\n", IMPORT_CHANGED },
		{ "xferlog_enable=NO\n", IMPORT_NOT_NEEDED },
		{ "xferlog_enable=YES\nvsftpd_log_file=/dev/null\n",
			IMPORT_NOT_NEEDED },
		{ "syslog_enable=YES\nvsftpd_log_file=/dev/null\n",
			IMPORT_REFUSED },
	};
	struct scratch t;

	scratch_open(&t);
	for (size_t n = 0; n < ARRAY_SIZE(cases); n++) {
		BUFFER(text, 200);
		struct import i;
		buffer_addf(&text, "%slog_ftp_protocol=YES\n", cases[n].text);
		imported(&i, buffer_text(&text));
		CU_ASSERT_EQUAL(imported_verdict(&i, "log_ftp_protocol"),
			cases[n].verdict);
		CU_ASSERT_EQUAL(draft_get(&i.draft, "log", "protocol") != NULL,
			cases[n].verdict == IMPORT_CHANGED);
		import_free(&i);
	}
	scratch_close(&t);
}

/* An entry is a command only if it is written like one. */
static void
test_commands(void)
{
	struct scratch t;
	struct import i;

	scratch_open(&t);
	imported(&i, "cmds_denied=DELE, RMD,size,NOOP\n");
	imported_expect(&i, "session", "commands_denied", "DELE NOOP");
	import_free(&i);
	imported(&i, "cmds_allowed=PASV,RETR,,QUIT\n");
	imported_expect(&i, "session", "commands_allowed", "PASV RETR");
	import_free(&i);
	imported(&i, "cmds_allowed=pasv, RETR\n");
	imported_expect(&i, "session", "commands_allowed", "QUIT");
	import_free(&i);
	scratch_close(&t);
}

/* The file of the anonymous user counts for all options that can be there. */
static void
test_file_of_anonymous(void)
{
	struct scratch t;
	struct import i;

	scratch_open(&t);
	scratch_directory("users");
	imported_write("users/ftp", "deny_file=*.mp3\nhide_ids=YES\n"
		"local_umask=007\nanon_umask=022\nls_recurse_enable=YES\n");
	imported(&i, "user_config_dir=users\nftp_username=ftp\n");
	imported_expect(&i, "anonymous", "deny_names", "*.mp3");
	imported_expect(&i, "anonymous", "list_owners", "hidden");
	imported_expect(&i, "anonymous", "umask", "022");
	CU_ASSERT_PTR_NULL(draft_get(&i.draft, "anonymous", "jail"));
	CU_ASSERT_EQUAL(verdict_at(&i, "users/ftp", 5), IMPORT_REFUSED);
	import_free(&i);
	scratch_close(&t);
}

static void
test_banner(void)
{
	struct scratch t;
	struct import i;

	scratch_open(&t);
	imported(&i, "ftpd_banner=100% \\n \\\\\n");
	imported_expect(&i, "server", "banner", "100%% \\\\n \\\\\\\\");
	import_free(&i);
	scratch_close(&t);
}

CU_TestInfo unit_tests[] = {
	{ "a local_root that does not exist", test_missing_root },
	{ "local_root is for local users", test_root_of_local_users },
	{ "IPv6 and IPv4", test_both_versions },
	{ "what users' files repeat", test_repeated_for_a_user },
	{ "accounts of guests", test_account_of_a_guest },
	{ "IPv4 addresses", test_addresses },
	{ "names of owners outside of jails", test_owners },
	{ "messages where downloads are denied", test_messages },
	{ "logs that are no files", test_logs },
	{ "logs of commands", test_protocol },
	{ "lists of commands", test_commands },
	{ "the file of the anonymous user", test_file_of_anonymous },
	{ "the banner is literal", test_banner },
	CU_TEST_INFO_NULL,
};
