/*
 * test_import_files.c - other files that affect vsftpd: hosts.allow and
 * hosts.deny, lists of users, files of single users.
 */
#include "common/base.h"

#include "daemon/import/import_verify.h"
#include "daemon/import/vsftpd_file.h"
#include "daemon/import/wrappers.h"
#include "tests/unit/imported.h"
#include "tests/unit/scratch.h"
#include "tests/unit/unit.h"

const char *const unit_name = "import_files";

static void
test_networks(void)
{
	static const struct {
		const char *pattern;
		const char *network;	/* NULL: none */
	} cases[] = {
		{ "192.0.2.", "192.0.2.0/24" }, { "10.", "10.0.0.0/8" },
		{ "192.0.2.7", "192.0.2.7" },
		{ "192.0.2.0/255.255.255.0", "192.0.2.0/24" },
		{ "192.0.2.0/25", "192.0.2.0/25" },
		{ "[2001:db8::]/32", "2001:db8::/32" },
		{ ".example.org", NULL }, { "host", NULL },
		{ "1.2.3.4.5.", NULL }, { "192.0.2.0/255.0.255.0", NULL },
	};

	for (size_t n = 0; n < ARRAY_SIZE(cases); n++) {
		BUFFER(list, 100);
		bool found = wrappers_add_network(&list, cases[n].pattern,
			strlen(cases[n].pattern));
		CU_ASSERT_EQUAL(found, cases[n].network != NULL);
		if (found)
			CU_ASSERT_STRING_EQUAL(buffer_text(&list),
				cases[n].network);
	}
}

static void
test_wrappers(void)
{
	struct scratch t;

	scratch_open(&t);
	imported_write("allow", "# remark\nsshd: ALL\n"
		"vsftpd, in.ftpd: 192.0.2. \\\n 10.0.0.0/8\n");
	imported_write("deny", "ALL: ALL\n");
	struct wrappers *w = wrappers_read("allow", "deny");
	CU_ASSERT_PTR_NOT_NULL_FATAL(w);
	CU_ASSERT_EQUAL(w->rules, 2);
	CU_ASSERT_TRUE(w->deny_all);
	CU_ASSERT_FALSE(w->allow_all);
	CU_ASSERT_STRING_EQUAL(buffer_text(&w->allow),
		"192.0.2.0/24 10.0.0.0/8");
	CU_ASSERT_STRING_EQUAL(w->not_understood, "");
	wrappers_free(w);
	imported_write("allow", "vsftpd: .example.org\n");
	w = wrappers_read("allow", "none");
	CU_ASSERT_PTR_NOT_NULL_FATAL(w);
	CU_ASSERT_STRING_EQUAL(w->not_understood, ".example.org");
	wrappers_free(w);
	scratch_close(&t);
}

/* Rules with more than networks: in doubt nobody is allowed. */
static void
test_wrapper_rules(void)
{
	static const struct {
		const char *allow, *deny;
		bool allow_all, deny_all;
		const char *allowed, *denied, *not_understood;
	} cases[] = {
		{ "vsftpd: 10. : allow\nvsftpd: ALL : deny\n", "", false,
			true, "10.0.0.0/8", "", "" },
		{ "vsftpd: ALL : DENY\nvsftpd: 10.\n", "", false, true, "",
			"", "" },
		{ "vsftpd: ALL\nvsftpd: 10. : deny\n", "ALL: ALL\n", true,
			false, "", "", "" },
		{ "vsftpd: 10. : deny\nvsftpd: ALL\n", "ALL: ALL\n", true,
			false, "", "10.0.0.0/8", "" },
		{ "vsftpd: ALL EXCEPT 10.\n", "ALL: ALL\n", false, true, "",
			"", "EXCEPT" },
		{ "vsftpd: 10. EXCEPT 10.1. : deny\n", "", false, false, "",
			"10.0.0.0/8", "EXCEPT" },
		{ "ALL EXCEPT vsftpd: ALL\n", "vsftpd: 10.\n", false, false,
			"", "10.0.0.0/8", "" },
		{ "vsftpd: 10. : setenv VSFTPD_LOAD_CONF /etc/x\n",
			"ALL: ALL\n", false, true, "10.0.0.0/8", "",
			"setenv" },
		{ "vsftpd: 10. : twist /bin/echo\n", "", false, false, "",
			"10.0.0.0/8", "twist" },
		{ "vsftpd: [2001:db8::]/32 : allow\n", "ALL: ALL\n", false,
			true, "2001:db8::/32", "", "" },
		{ "vsftpd: localhost 10.1.*.*\n", "ALL: *\n", false, true,
			"127.0.0.1 ::1 10.1.0.0/16", "", "" },
		{ "vsftpd@10.0.0.1: ALL\n", "vsftpd@10.0.0.1: 10.2.3.*\n",
			false, false, "", "10.2.3.0/24", "vsftpd@" },
		{ "vsftpd: 10.", "ALL: ALL\r\n", false, true, "", "", "" },
	};
	struct scratch t;

	scratch_open(&t);
	for (size_t n = 0; n < ARRAY_SIZE(cases); n++) {
		imported_write("allow", cases[n].allow);
		imported_write("deny", cases[n].deny);
		struct wrappers *w = wrappers_read("allow", "deny");
		CU_ASSERT_PTR_NOT_NULL_FATAL(w);
		CU_ASSERT_EQUAL(w->allow_all, cases[n].allow_all);
		CU_ASSERT_EQUAL(w->deny_all, cases[n].deny_all);
		CU_ASSERT_STRING_EQUAL(buffer_text(&w->allow),
			cases[n].allowed);
		CU_ASSERT_STRING_EQUAL(buffer_text(&w->deny),
			cases[n].denied);
		CU_ASSERT_STRING_EQUAL(w->not_understood,
			cases[n].not_understood);
		wrappers_free(w);
	}
	scratch_close(&t);
}

/* Is there an entry for this file with this sentence? */
static bool
reported(const struct import *i, const char *file, const char *sentence)
{
	for (size_t n = 0; n < i->report.count; n++) {
		const struct report_entry *e = &i->report.entries[n];
		if (e->file != NULL && strcmp(e->file, file) == 0 &&
		    strstr(e->sentence, sentence) != NULL)
			return true;
	}
	return false;
}

/* What vsftpd cannot read ends a session, and must not be passed over. */
static void
test_bad_user_files(void)
{
	static char big[VSFTPD_FILE_MAX + 100];
	static const char *const names[] = { "users/anna", "users/bert",
		"users/carl", "users/gone" };
	struct scratch t;
	struct import i;

	scratch_open(&t);
	scratch_directory("users");
	scratch_directory("users/anna");
	CU_ASSERT_EQUAL(symlink("carl", "users/bert"), 0);
	CU_ASSERT_EQUAL(symlink("bert", "users/carl"), 0);
	CU_ASSERT_EQUAL(symlink("nothing", "users/gone"), 0);
	memset(big, '#', sizeof(big) - 1);
	imported_write("users/big", big);
	imported(&i, "local_enable=YES\nuser_config_dir=users\n");
	for (size_t n = 0; n < ARRAY_SIZE(names); n++)
		CU_ASSERT_TRUE(reported(&i, names[n], "cannot be read"));
	CU_ASSERT_TRUE(reported(&i, "users/big", "longer than 100000"));
	import_free(&i);
	scratch_close(&t);
}

/* vsftpd lets nobody work then; the import opens no jail. */
static void
test_unreadable_list(void)
{
	static const char *const texts[] = {
		"local_enable=YES\nchroot_list_enable=YES\n"
		"chroot_list_file=none\nuser_config_dir=users\n",
		"local_enable=YES\nchroot_local_user=YES\n"
		"chroot_list_enable=YES\nchroot_list_file=.\n",
		"local_enable=YES\nchroot_list_enable=YES\n"
		"guest_enable=YES\nguest_username=nobody\n"
		"virtual_use_local_privs=YES\nchroot_list_file=\n",
	};
	struct scratch t;
	struct import i;

	scratch_open(&t);
	scratch_directory("users");
	imported_write("users/anna", "local_root=/srv/a\n");
	for (size_t n = 0; n < ARRAY_SIZE(texts); n++) {
		imported(&i, texts[n]);
		imported_expect(&i, "session", "jail", "home");
		if (n == 0)
			imported_expect(&i, "user \"anna\"", "jail",
				"/srv/a");
		CU_ASSERT_EQUAL(imported_verdict(&i, "chroot_list_file"),
			IMPORT_REFUSED);
		import_free(&i);
	}
	scratch_close(&t);
}

/* Lists with which vsftpd serves nobody: those whom they name are not known,
 * and cannot log in. */
static void
test_unreadable_names(void)
{
	struct scratch t;
	struct import i;

	scratch_open(&t);
	for (int deny = 0; deny < 2; deny++) {
		imported(&i, deny ? "local_enable=YES\nuserlist_enable=YES\n"
			"userlist_file=none\n" : "local_enable=YES\n"
			"userlist_enable=YES\nuserlist_deny=NO\n"
			"userlist_file=none\n");
		imported_expect(&i, "auth", "allowed_users", "-");
		CU_ASSERT_EQUAL(report_status(&i.report), 2);
		import_free(&i);
	}
	imported(&i, "anonymous_enable=YES\ndeny_email_enable=YES\n"
		"banned_email_file=none\n");
	imported_expect(&i, "anonymous", "enabled", "no");
	CU_ASSERT_EQUAL(report_status(&i.report), 2);
	import_free(&i);
	scratch_close(&t);
}

static void
convert(struct import *i, const char *text)
{
	*i = (struct import){ 0 };
	imported_write("conf", text);
	CU_ASSERT_EQUAL_FATAL(vsftpd_config_init(&i->vsftpd,
		VSFTPD_BUILD_DEBIAN), 0);
	CU_ASSERT_EQUAL(vsftpd_config_file(&i->vsftpd, "conf"), 0);
	CU_ASSERT_EQUAL(import_convert(i), 0);
	CU_ASSERT_EQUAL(import_verify(&i->draft, &i->report), 0);
}

/* As PAM reads the name of a service. */
static void
test_pam_service(void)
{
	static const struct {
		const char *line, *service;
	} cases[] = {
		{ "pam_service_name=ftpd", "ftpd" },
		{ "pam_service_name=/etc/pam.d/ftpd", "ftpd" },
		{ "pam_service_name=", "other" },
	};
	struct scratch t;

	scratch_open(&t);
	for (size_t n = 0; n < ARRAY_SIZE(cases); n++) {
		BUFFER(text, 200);
		struct import i;
		buffer_addf(&text, "local_enable=YES\n%s\n", cases[n].line);
		imported(&i, buffer_text(&text));
		imported_expect(&i, "auth", "pam_service", cases[n].service);
		import_free(&i);
	}
	scratch_close(&t);
}

/* Longer than a setting can be: the rest stays, and nobody gets in. */
static void
test_long_lists(void)
{
	static char list[VSFTPD_FILE_MAX];
	static const char *const texts[] = {
		"userlist_file=list\nuserlist_enable=YES\n",
		"userlist_file=list\nuserlist_enable=YES\nuserlist_deny=NO\n",
		"deny_email_enable=YES\nbanned_email_file=list\n",
		"secure_email_list_enable=YES\nemail_password_file=list\n",
	};
	struct scratch t;
	struct import i;

	for (size_t n = 0; n + 10 < sizeof(list); n += 10)
		snprintf(list + n, 11, "user%05zu\n", n / 10);
	scratch_open(&t);
	imported_write("list", list);
	for (size_t n = 0; n < ARRAY_SIZE(texts); n++) {
		BUFFER(text, 200);
		buffer_addf(&text, "local_enable=YES\nlisten=YES\n"
			"listen_port=2121\n%s", texts[n]);
		convert(&i, buffer_text(&text));
		imported_expect(&i, "listener", "port", "2121");
		imported_expect(&i, "auth", "pam_service", "vsftpd");
		imported_expect(&i, n < 2 ? "auth" : "anonymous",
			n < 2 ? "allowed_users" : "enabled",
			n < 2 ? "-" : "no");
		CU_ASSERT_PTR_NULL(draft_get(&i.draft, "auth",
			"rejected_users"));
		CU_ASSERT(i.report.count < 60);
		import_free(&i);
	}
	scratch_close(&t);
}

/* The sentence about an option of another build. */
static void
test_other_builds(void)
{
	struct scratch t;
	struct import i;

	scratch_open(&t);
	imported(&i, "local_enable=YES\nav_enable=YES\n");
	CU_ASSERT_PTR_NOT_NULL(strstr(i.report.faults[0],
		"only in a fork of vsftpd: av_enable"));
	import_free(&i);
	scratch_close(&t);
}

/* What the comparison with vsftpd knows as a difference is no "same". */
static void
test_differences(void)
{
	static const char *const lines[] = { "data_connection_timeout=60",
		"ls_recurse_enable=YES", "upload_file=*.txt", "hide_file=*.bak",
		"deny_email_enable=YES", "syslog_enable=YES" };
	BUFFER(text, 1000);
	struct scratch t;

	scratch_open(&t);
	imported_write("emails", "bad@example.org\n");
	for (size_t n = 0; n < ARRAY_SIZE(lines); n++) {
		BUFFER(option, 100);
		struct import i;
		buffer_clear(&text);
		buffer_addf(&text, "anonymous_enable=YES\nlocal_enable=YES\n"
			"write_enable=YES\nbanned_email_file=emails\n%s\n",
			lines[n]);
		buffer_add(&option, lines[n], strcspn(lines[n], "="));
		imported(&i, buffer_text(&text));
		CU_ASSERT_EQUAL(imported_verdict(&i, buffer_text(&option)),
			IMPORT_CHANGED);
		import_free(&i);
	}
	scratch_close(&t);
}

CU_TestInfo unit_tests[] = {
	{ "differences are reported as changes", test_differences },
	{ "files of user_config_dir that are none", test_bad_user_files },
	{ "a list of jailed users that cannot be read", test_unreadable_list },
	{ "names of a PAM service", test_pam_service },
	{ "lists of names that are too long", test_long_lists },
	{ "lists of names that cannot be read", test_unreadable_names },
	{ "options of other builds", test_other_builds },
	{ "networks of hosts.allow", test_networks },
	{ "rules of hosts.allow and hosts.deny", test_wrappers },
	{ "options and exceptions in them", test_wrapper_rules },
	CU_TEST_INFO_NULL,
};
