/*
 * test_import.c - how a configuration of vsftpd is converted, and that every
 * line of it is reported.
 */
#include "common/base.h"

#include "common/buffer.h"
#include "daemon/import/import.h"
#include "tests/unit/scratch.h"
#include "tests/unit/unit.h"

const char *const unit_name = "import";

static void
write_text(const char *path, const char *text)
{
	FILE *file = fopen(path, "we");

	CU_ASSERT_PTR_NOT_NULL_FATAL(file);
	CU_ASSERT(fputs(text, file) >= 0);
	CU_ASSERT_EQUAL(fclose(file), 0);
}

/* Convert this text, as Debian's build reads it, and check what always holds:
 * each line has one entry, and sureftpd accepts all that was written. */
static void
convert(struct import *i, const char *text)
{
	*i = (struct import){ 0 };
	write_text("conf", text);
	CU_ASSERT_EQUAL_FATAL(vsftpd_config_init(&i->vsftpd,
		VSFTPD_BUILD_DEBIAN), 0);
	CU_ASSERT_EQUAL(vsftpd_config_file(&i->vsftpd, "conf"), 0);
	CU_ASSERT_EQUAL(import_convert(i), 0);

	size_t lines = 0, before = i->report.count;
	for (size_t n = 0; n < i->report.count; n++)
		lines += i->report.entries[n].line > 0;
	CU_ASSERT_EQUAL(lines, i->report.read);
	CU_ASSERT_EQUAL(import_verify(i), 0);
	for (size_t n = before; n < i->report.count; n++) {
		const struct report_entry *e = &i->report.entries[n];
		/* A file that is not there is no mistake of the draft. */
		if (strcmp(e->option, "certificate") != 0)
			fprintf(stderr, "%s: %s\n", text, e->sentence);
		CU_ASSERT_STRING_EQUAL(e->option, "certificate");
	}
}

static void
expect(const struct import *i, const char *section, const char *key,
	const char *value)
{
	const char *found = draft_get(&i->draft, section, key);

	if (found == NULL || strcmp(found, value) != 0)
		fprintf(stderr, "[%s] %s = %s, not %s\n", section, key,
			found != NULL ? found : "(nothing)", value);
	CU_ASSERT(found != NULL && strcmp(found, value) == 0);
}

/* The verdict for an option. */
static enum import_verdict
verdict_of(const struct import *i, const char *option)
{
	for (size_t n = 0; n < i->report.count; n++)
		if (strcmp(i->report.entries[n].option, option) == 0)
			return i->report.entries[n].verdict;
	return IMPORT_VERDICTS;
}

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
			convert(&i, buffer_text(&text));
			CU_ASSERT_EQUAL(i.report.read, 1);
			CU_ASSERT_NOT_EQUAL(verdict_of(&i, row->name),
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
		convert(&i, cases[n].text);
		expect(&i, "session", "permissions", cases[n].local);
		expect(&i, "anonymous", "permissions", cases[n].anonymous);
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
	convert(&i, "local_enable=YES\n");
	expect(&i, "anonymous", "enabled", "yes");
	CU_ASSERT_EQUAL(verdict_of(&i, "anonymous_enable"), IMPORT_SAME);
	import_free(&i);
	convert(&i, "local_enable=YES\nanonymous_enable=NO\n");
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
	write_text("list", "anna\n#berta\ncarla \n");
	convert(&i, "local_enable=YES\nchroot_local_user=YES\n"
		"chroot_list_enable=YES\nchroot_list_file=list\n");
	expect(&i, "session", "jail", "home");
	expect(&i, "user \"anna\"", "jail", "no");
	CU_ASSERT_PTR_NULL(draft_get(&i.draft, "user \"#berta\"", "jail"));
	CU_ASSERT_PTR_NULL(draft_get(&i.draft, "user \"carla\"", "jail"));
	import_free(&i);
	convert(&i, "local_enable=YES\nchroot_list_enable=YES\n"
		"chroot_list_file=list\nlocal_root=/srv/$USER\n"
		"user_sub_token=$USER\n");
	expect(&i, "session", "jail", "no");
	expect(&i, "session", "start_dir", "/srv/%u");
	expect(&i, "user \"anna\"", "jail", "/srv/%u");
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
	write_text("users/anna", "write_enable=NO\nlocal_root=web\n"
		"listen_port=22\nno_such=1\nidle_session_timeout=60\n");
	write_text("users/.hidden", "write_enable=NO\n");
	convert(&i, "local_enable=YES\nwrite_enable=YES\n"
		"user_config_dir=users\n");
	expect(&i, "user \"anna\"", "permissions", "elr");
	expect(&i, "user \"anna\"", "start_dir", "%h/web");
	expect(&i, "user \"anna\"", "idle_timeout", "60");
	CU_ASSERT_EQUAL(verdict_of(&i, "listen_port"), IMPORT_NOT_NEEDED);
	CU_ASSERT_EQUAL(verdict_of(&i, "no_such"), IMPORT_REFUSED);
	CU_ASSERT_EQUAL(i.report.read, 8);
	CU_ASSERT_EQUAL(report_status(&i.report), 2);
	import_free(&i);
	scratch_close(&t);
}

static void
test_lists_of_users(void)
{
	struct scratch t;
	struct import i;

	scratch_open(&t);
	write_text("list", "anna\nberta\n");
	convert(&i, "local_enable=YES\nuserlist_enable=YES\n"
		"userlist_file=list\n");
	expect(&i, "auth", "rejected_users", "anna\nberta");
	import_free(&i);
	convert(&i, "local_enable=YES\nuserlist_enable=YES\n"
		"userlist_deny=NO\nuserlist_file=list\n");
	expect(&i, "auth", "allowed_users", "anna\nberta");
	import_free(&i);
	/* An empty list of those who may log in lets none in. */
	write_text("list", "");
	convert(&i, "local_enable=YES\nuserlist_enable=YES\n"
		"userlist_deny=NO\nuserlist_file=list\n");
	expect(&i, "auth", "allowed_users", "-");
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
		{ "deny_file=a b*\n", "a?b*" },
		{ "deny_file=/etc/*\n", NULL },
		{ "deny_file={a,b}{c,d}\n", NULL },
		{ "deny_file=[x]\n", "[[]x] *[[]x]*" },
	};
	struct scratch t;
	struct import i;

	scratch_open(&t);
	for (size_t n = 0; n < ARRAY_SIZE(cases); n++) {
		convert(&i, cases[n].text);
		if (cases[n].patterns != NULL)
			expect(&i, "session", "deny_names",
				cases[n].patterns);
		else
			CU_ASSERT_EQUAL(verdict_of(&i, "deny_file"),
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
	convert(&i, "local_enable=YES\nssl_enable=YES\n"
		"rsa_cert_file=/no/such.pem\n");
	expect(&i, "tls", "certificate", "/no/such.pem");
	expect(&i, "tls", "require_tls", "both");
	CU_ASSERT_EQUAL(verdict_of(&i, "certificate"), IMPORT_REFUSED);
	import_free(&i);
	scratch_close(&t);
}

static void
test_start_checks(void)
{
	static const char *const texts[] = {
		"local_enable=NO\nanonymous_enable=NO\n",
		"listen=YES\nlisten_ipv6=YES\n",
		"local_enable=YES\nftp_username=no-such-account-here\n",
		"banner_file=/no/such/file\n",
	};
	struct scratch t;
	struct import i;

	scratch_open(&t);
	for (size_t n = 0; n < ARRAY_SIZE(texts); n++) {
		convert(&i, texts[n]);
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
	{ "lists of users", test_lists_of_users },
	{ "patterns of names", test_patterns },
	{ "TLS stays required", test_tls_stays_required },
	{ "errors that stop vsftpd are found", test_start_checks },
	CU_TEST_INFO_NULL,
};
