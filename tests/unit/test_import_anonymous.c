/*
 * test_import_anonymous.c - anonymous logins of a configuration of vsftpd.
 */
#include "common/base.h"
#include "tests/unit/imported.h"
#include "tests/unit/scratch.h"
#include "tests/unit/unit.h"

const char *const unit_name = "import_anonymous";

/* Entries that cannot be taken over do not make the list an empty one, with
 * which every password is accepted. */
static void
test_passwords(void)
{
	static const char text[] = "anonymous_enable=YES\n"
		"secure_email_list_enable=YES\nemail_password_file=list\n";
	struct scratch t;
	struct import i;

	scratch_open(&t);
	imported_write("list", "two words\n#x\n");
	imported(&i, text);
	imported_expect(&i, "anonymous", "enabled", "no");
	CU_ASSERT_EQUAL(imported_verdict(&i, "secure_email_list_enable"),
		IMPORT_REFUSED);
	import_free(&i);
	imported_write("list", "");
	imported(&i, text);
	imported_expect(&i, "anonymous", "password", "none");
	import_free(&i);
	imported_write("list", "secret\ntwo words\n");
	imported(&i, text);
	imported_expect(&i, "anonymous", "password", "list");
	imported_expect(&i, "anonymous", "accepted_passwords", "secret");
	CU_ASSERT_EQUAL(imported_verdict(&i, "secure_email_list_enable"),
		IMPORT_CHANGED);
	import_free(&i);
	scratch_close(&t);
}

#define LISTS	 "anonymous_enable=YES\nno_anon_password=YES\n" \
	"email_password_file=list\nbanned_email_file=list\n"
#define ACCEPTED LISTS "secure_email_list_enable=YES\n"
#define DENIED	 LISTS "deny_email_enable=YES\n"

/* With no_anon_password vsftpd looks for "<no password>" in the lists. */
static void
test_no_password(void)
{
	struct scratch t;
	struct import i;

	scratch_open(&t);
	imported_write("list", "secret\n");
	imported(&i, ACCEPTED);
	imported_expect(&i, "anonymous", "password", "list");
	imported_expect(&i, "anonymous", "accepted_passwords", "secret");
	CU_ASSERT_EQUAL(imported_verdict(&i, "secure_email_list_enable"),
		IMPORT_CHANGED);
	import_free(&i);
	imported(&i, DENIED);
	imported_expect(&i, "anonymous", "password", "none");
	CU_ASSERT_PTR_NULL(draft_get(&i.draft, "anonymous",
		"denied_passwords"));
	CU_ASSERT_EQUAL(imported_verdict(&i, "deny_email_enable"),
		IMPORT_NOT_NEEDED);
	import_free(&i);
	scratch_close(&t);
}

/* vsftpd compares this line like any other. */
static void
test_no_password_listed(void)
{
	struct scratch t;
	struct import i;

	scratch_open(&t);
	imported_write("list", "secret\n<no password>\n");
	imported(&i, ACCEPTED);
	imported_expect(&i, "anonymous", "enabled", "yes");
	imported_expect(&i, "anonymous", "password", "none");
	CU_ASSERT_PTR_NULL(draft_get(&i.draft, "anonymous",
		"accepted_passwords"));
	CU_ASSERT_EQUAL(imported_verdict(&i, "secure_email_list_enable"),
		IMPORT_CHANGED);
	import_free(&i);
	imported(&i, DENIED);
	imported_expect(&i, "anonymous", "enabled", "no");
	CU_ASSERT_EQUAL(imported_verdict(&i, "deny_email_enable"),
		IMPORT_CHANGED);
	import_free(&i);
	scratch_close(&t);
}

/* Options about passwords of anonymous users, who cannot log in. */
static void
test_off(void)
{
	struct scratch t;
	struct import i;

	scratch_open(&t);
	imported(&i, "anonymous_enable=NO\nlocal_enable=YES\n"
		"no_anon_password=YES\ndeny_email_enable=YES\n"
		"banned_email_file=none\n");
	CU_ASSERT_EQUAL(imported_verdict(&i, "no_anon_password"),
		IMPORT_NOT_NEEDED);
	CU_ASSERT_EQUAL(imported_verdict(&i, "deny_email_enable"),
		IMPORT_NOT_NEEDED);
	import_free(&i);
	scratch_close(&t);
}

/* Whoever can write without M could loosen the umask in vsftpd. */
static void
test_umask(void)
{
	static const char anonymous[] = "anonymous_enable=YES\n"
		"write_enable=YES\nanon_upload_enable=YES\n";
	static const char local[] = "anonymous_enable=NO\nlocal_enable=YES\n"
		"write_enable=YES\nanon_upload_enable=YES\n";
	static const char nobody[] = "anonymous_enable=YES\n"
		"anon_mkdir_write_enable=YES\n";
	static const char directories[] = "anonymous_enable=YES\n"
		"write_enable=YES\nanon_mkdir_write_enable=YES\n";
	struct scratch t;
	struct import i;

	scratch_open(&t);
	imported(&i, anonymous);
	CU_ASSERT_EQUAL(imported_verdict(&i, "anon_upload_enable"),
		IMPORT_CHANGED);
	import_free(&i);
	imported(&i, directories);
	CU_ASSERT_EQUAL(imported_verdict(&i, "anon_mkdir_write_enable"),
		IMPORT_CHANGED);
	import_free(&i);
	imported(&i, local);
	CU_ASSERT_NOT_EQUAL(imported_verdict(&i, "anon_upload_enable"),
		IMPORT_CHANGED);
	import_free(&i);
	imported(&i, nobody);
	CU_ASSERT_NOT_EQUAL(imported_verdict(&i, "anon_mkdir_write_enable"),
		IMPORT_CHANGED);
	import_free(&i);
	scratch_close(&t);
}

CU_TestInfo unit_tests[] = {
	{ "passwords of anonymous users", test_passwords },
	{ "no_anon_password and lists of passwords", test_no_password },
	{ "no_anon_password and its word in a list",
		test_no_password_listed },
	{ "passwords without anonymous logins", test_off },
	{ "anonymous users who can write, and SITE UMASK", test_umask },
	CU_TEST_INFO_NULL,
};
