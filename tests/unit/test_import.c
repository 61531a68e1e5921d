/*
 * test_import.c - how a configuration of vsftpd is converted, and that every
 * line of it is reported.
 */
#include "common/base.h"

#include "common/buffer.h"
#include "tests/unit/imported.h"
#include "tests/unit/scratch.h"
#include "tests/unit/unit.h"

#include <grp.h>
#include <pwd.h>

const char *const unit_name = "import";

/* Each option once with each kind of value: nothing is left out in silence,
 * nothing comes out that sureftpd does not accept. */
static void
test_every_option(void)
{
	static const char *const bools[] = { "YES", "NO" };
	static const char *const numbers[] = { "0", "1", "022", "77", "20000",
		"4294967295" };
	static const char *const texts[] = { "", "x", "/etc/passwd", "*.bak",
		"{a,b}", "%h $USER", "192.0.2.7", "2001:db8::1" };
	const char *const *values[] = {
		[VSFTPD_BOOL] = bools, [VSFTPD_NUMBER] = numbers,
		[VSFTPD_OCTAL] = numbers, [VSFTPD_TEXT] = texts,
	};
	const size_t counts[] = {
		[VSFTPD_BOOL] = ARRAY_SIZE(bools),
		[VSFTPD_NUMBER] = ARRAY_SIZE(numbers),
		[VSFTPD_OCTAL] = ARRAY_SIZE(numbers),
		[VSFTPD_TEXT] = ARRAY_SIZE(texts),
	};
	struct scratch t;

	scratch_open(&t);
	for (size_t n = 0; n < VSFTPD_OPTIONS; n++) {
		const struct vsftpd_row *row = &vsftpd_table[n];
		for (size_t v = 0; v < counts[row->kind]; v++) {
			BUFFER(text, 200);
			struct import i;
			buffer_addf(&text, "%s=%s\n", row->name,
				values[row->kind][v]);
			imported(&i, buffer_text(&text));
			CU_ASSERT_EQUAL(i.report.read, 1);
			CU_ASSERT_NOT_EQUAL(imported_verdict(&i, row->name),
				IMPORT_VERDICTS);
			import_free(&i);
		}
	}
	scratch_close(&t);
}

static void
test_rights(void)
{
	static const struct {
		const char *text;
		const char *local, *anonymous;
	} cases[] = {
		{ "local_enable=YES\n", "elr", "elr" },
		{ "local_enable=YES\nwrite_enable=YES\n", "elradfmwMT",
			"elr" },
		{ "write_enable=YES\nanon_upload_enable=YES\n", "elradfmwMT",
			"elrw" },
		{ "write_enable=YES\nanon_other_write_enable=YES\n"
			"anon_mkdir_write_enable=YES\n", "elradfmwMT",
			"elradfmT" },
		{ "write_enable=YES\nchmod_enable=NO\nmdtm_write=NO\n",
			"elradfmw", "elr" },
		{ "download_enable=NO\n", "el", "el" },
		{ "dirlist_enable=NO\n", "er", "er" },
	};
	struct scratch t;
	struct import i;

	scratch_open(&t);
	for (size_t n = 0; n < ARRAY_SIZE(cases); n++) {
		imported(&i, cases[n].text);
		imported_expect(&i, "session", "permissions", cases[n].local);
		imported_expect(&i, "anonymous", "permissions",
			cases[n].anonymous);
		import_free(&i);
	}
	scratch_close(&t);
}

/* Anonymous logins are on unless they are turned off. */
static void
test_anonymous_default(void)
{
	struct scratch t;
	struct import i;

	scratch_open(&t);
	imported(&i, "local_enable=YES\n");
	imported_expect(&i, "anonymous", "enabled", "yes");
	CU_ASSERT_EQUAL(imported_verdict(&i, "anonymous_enable"), IMPORT_SAME);
	import_free(&i);
	imported(&i, "local_enable=YES\nanonymous_enable=NO\n");
	CU_ASSERT_PTR_NULL(draft_get(&i.draft, "anonymous", "user"));
	import_free(&i);
	scratch_close(&t);
}

/* chroot_list_enable turns the meaning of chroot_local_user around for the
 * users on the list. */
static void
test_jails(void)
{
	struct scratch t;
	struct import i;

	scratch_open(&t);
	imported_write("list", "anna\n#berta\ncarla \n");
	imported(&i, "local_enable=YES\nchroot_local_user=YES\n"
		"chroot_list_enable=YES\nchroot_list_file=list\n");
	imported_expect(&i, "session", "jail", "home");
	imported_expect(&i, "user \"anna\"", "jail", "no");
	CU_ASSERT_PTR_NULL(draft_get(&i.draft, "user \"#berta\"", "jail"));
	CU_ASSERT_PTR_NULL(draft_get(&i.draft, "user \"carla\"", "jail"));
	import_free(&i);
	imported(&i, "local_enable=YES\nchroot_list_enable=YES\n"
		"chroot_list_file=list\nlocal_root=/srv/$USER\n"
		"user_sub_token=$USER\n");
	imported_expect(&i, "session", "jail", "no");
	imported_expect(&i, "session", "start_dir", "/srv/%n");
	imported_expect(&i, "user \"anna\"", "jail", "/srv/%n");
	import_free(&i);
	scratch_close(&t);
}

static void
test_user_files(void)
{
	struct scratch t;
	struct import i;

	scratch_open(&t);
	scratch_directory("users");
	imported_write("users/anna", "write_enable=NO\nlocal_root=web\n"
		"listen_port=22\nno_such=1\nidle_session_timeout=60\n");
	imported_write("users/.hidden", "write_enable=NO\n");
	imported(&i, "local_enable=YES\nwrite_enable=YES\n"
		"user_config_dir=users\n");
	imported_expect(&i, "user \"anna\"", "permissions", "elr");
	imported_expect(&i, "user \"anna\"", "start_dir", "%h/web");
	imported_expect(&i, "user \"anna\"", "idle_timeout", "60");
	CU_ASSERT_EQUAL(imported_verdict(&i, "listen_port"), IMPORT_NOT_NEEDED);
	CU_ASSERT_EQUAL(imported_verdict(&i, "no_such"), IMPORT_REFUSED);
	CU_ASSERT_EQUAL(i.report.read, 8);
	CU_ASSERT_EQUAL(report_status(&i.report), 2);
	import_free(&i);
	scratch_close(&t);
}

/* What vsftpd decides before it reads a user's file counts for that user as it
 * counts for all: a file does not open a jail. */
static void
test_too_late_for_users(void)
{
	struct scratch t;
	struct import i;

	scratch_open(&t);
	scratch_directory("users");
	imported_write("users/anna", "chroot_local_user=NO\nlocal_root=/srv/a\n"
		"anonymous_enable=NO\n");
	imported(&i, "local_enable=YES\nchroot_local_user=YES\n"
		"user_config_dir=users\n");
	imported_expect(&i, "user \"anna\"", "jail", "/srv/a");
	CU_ASSERT_EQUAL(imported_verdict(&i, "anonymous_enable"), IMPORT_SAME);
	import_free(&i);
	scratch_close(&t);
}

/* Guests are read-only unless a section for them says otherwise. */
static void
test_guests(void)
{
	static const char guests[] = "local_enable=YES\nguest_enable=YES\n"
		"guest_username=nobody\nwrite_enable=YES\n";
	const struct group *group = getgrgid(getpwnam("nobody")->pw_gid);
	BUFFER(section, 300);
	BUFFER(text, 400);
	struct scratch t;
	struct import i;

	CU_ASSERT_PTR_NOT_NULL_FATAL(group);
	buffer_addf(&section, "group \"%s\"", group->gr_name);
	scratch_open(&t);
	imported(&i, guests);
	imported_expect(&i, buffer_text(&section), "permissions", "elr");
	imported_expect(&i, "session", "jail", "home");
	import_free(&i);
	buffer_addf(&text, "%svirtual_use_local_privs=YES\n", guests);
	imported(&i, buffer_text(&text));
	imported_expect(&i, buffer_text(&section), "permissions", "elradfmwMT");
	imported_expect(&i, "session", "jail", "no");
	import_free(&i);
	scratch_close(&t);
}

static void
test_limits(void)
{
	struct scratch t;
	struct import i;

	scratch_open(&t);
	imported(&i, "listen=YES\nlocal_enable=YES\nmax_clients=0\n");
	imported_expect(&i, "limits", "max_clients", "50000");
	CU_ASSERT_EQUAL(imported_verdict(&i, "login_timeout"), IMPORT_CHANGED);
	CU_ASSERT_EQUAL(imported_verdict(&i, "max_clients"), IMPORT_CHANGED);
	import_free(&i);
	imported(&i, "listen=YES\nlocal_enable=YES\nmax_clients=80\n"
		"ftpd_banner=100% %u\n");
	imported_expect(&i, "server", "banner", "100%% %%u");
	imported_expect(&i, "limits", "ban_after", "0");
	imported_expect(&i, "limits", "max_clients", "80");
	imported_expect(&i, "server", "max_workers", "106");
	import_free(&i);
	scratch_close(&t);
}

static void
test_lists_of_users(void)
{
	struct scratch t;
	struct import i;

	scratch_open(&t);
	imported_write("list", "anna\nberta\n");
	imported(&i, "local_enable=YES\nuserlist_enable=YES\n"
		"userlist_file=list\n");
	imported_expect(&i, "auth", "rejected_users", "anna\nberta\nroot");
	import_free(&i);
	imported(&i, "local_enable=YES\nuserlist_enable=YES\n"
		"userlist_deny=NO\nuserlist_file=list\n");
	imported_expect(&i, "auth", "allowed_users", "anna\nberta");
	import_free(&i);
	/* An empty list of those who may log in lets none in. */
	imported_write("list", "");
	imported(&i, "local_enable=YES\nuserlist_enable=YES\n"
		"userlist_deny=NO\nuserlist_file=list\n");
	imported_expect(&i, "auth", "allowed_users", "-");
	import_free(&i);
	scratch_close(&t);
}

static void
test_patterns(void)
{
	static const struct {
		const char *text;
		const char *patterns;	/* NULL: refused */
	} cases[] = {
		{ "deny_file=secret\n", "secret *secret*" },
		{ "deny_file={*.mp3,*.mov,.private}\n",
			"*.mp3 *.mov .private" },
		{ "deny_file=a{b,c}d\n", "abd acd" },
		{ "deny_file=a b*\n", "a[ ]b*" },
		{ "deny_file={*.mp3, *.mov}\n", "*.mp3 [ ]*.mov" },
		{ "deny_file=a,b\n", "a[,]b *a[,]b*" },
		{ "deny_file=/etc/*\n", NULL },
		{ "deny_file={*.mp3,/etc/*,b}\n", "*.mp3 b" },
		{ "deny_file={a,b}{c,d}\n", "ac ad bc bd" },
		{ "deny_file=a{b,}c\n", "abc" },
		{ "deny_file=a{,b}c\n", "ac abc" },
		{ "deny_file={*.bak\n", "{*.bak" },
		{ "deny_file=[x]\n", "[[]x] *[[]x]*" },
	};
	struct scratch t;
	struct import i;

	scratch_open(&t);
	for (size_t n = 0; n < ARRAY_SIZE(cases); n++) {
		imported(&i, cases[n].text);
		if (cases[n].patterns != NULL)
			imported_expect(&i, "session", "deny_names",
				cases[n].patterns);
		else
			CU_ASSERT_EQUAL(imported_verdict(&i, "deny_file"),
				IMPORT_REFUSED);
		import_free(&i);
	}
	scratch_close(&t);
}

/* TLS that was required stays required, even where the certificate is not
 * there. */
static void
test_tls_stays_required(void)
{
	struct scratch t;
	struct import i;

	scratch_open(&t);
	imported(&i, "local_enable=YES\nssl_enable=YES\n"
		"rsa_cert_file=/no/such.pem\n");
	imported_expect(&i, "tls", "certificate", "/no/such.pem");
	imported_expect(&i, "tls", "require_tls", "both");
	CU_ASSERT_EQUAL(imported_verdict(&i, "certificate"), IMPORT_REFUSED);
	import_free(&i);
	/* What is no path that can be set. */
	imported(&i, "local_enable=YES\nssl_enable=YES\n"
		"rsa_cert_file=/no/such.pem # ours\n");
	imported_expect(&i, "tls", "certificate", "/etc/sureftpd/tls.pem");
	imported_expect(&i, "tls", "require_tls", "both");
	CU_ASSERT_EQUAL(imported_verdict(&i, "rsa_cert_file"), IMPORT_REFUSED);
	import_free(&i);
	scratch_close(&t);
}

static void
test_start_checks(void)
{
	static const char *const texts[] = {
		"local_enable=NO\nanonymous_enable=NO\n",
		"listen=YES\nlisten_ipv6=YES\n",
		"local_enable=YES\nssl_enable=YES\nssl_ciphers=NO-SUCH\n",
		"local_enable=YES\nftp_username=no-such-account-here\n",
		"banner_file=/no/such/file\n",
		"listen=YES\nlisten_address=ftp.example.org\n",
		"xferlog_enable=YES\nvsftpd_log_file=/no/such/dir/log\n",
		"pasv_addr_resolve=YES\npasv_address=no.such.invalid\n",
	};
	struct scratch t;
	struct import i;

	scratch_open(&t);
	for (size_t n = 0; n < ARRAY_SIZE(texts); n++) {
		imported(&i, texts[n]);
		CU_ASSERT_EQUAL(report_status(&i.report), 2);
		import_free(&i);
	}
	scratch_close(&t);
}

CU_TestInfo unit_tests[] = {
	{ "every option is reported", test_every_option },
	{ "permissions", test_rights },
	{ "anonymous logins are on by default", test_anonymous_default },
	{ "jails", test_jails },
	{ "files of user_config_dir", test_user_files },
	{ "what comes too late in them", test_too_late_for_users },
	{ "guests", test_guests },
	{ "limits", test_limits },
	{ "lists of users", test_lists_of_users },
	{ "patterns of names", test_patterns },
	{ "TLS stays required", test_tls_stays_required },
	{ "errors that stop vsftpd are found", test_start_checks },
	CU_TEST_INFO_NULL,
};
