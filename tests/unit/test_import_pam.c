/*
 * test_import_pam.c - PAM services that ask for the password more than once.
 */
#include "common/base.h"

#include "daemon/import/pam_service.h"
#include "tests/unit/imported.h"
#include "tests/unit/scratch.h"
#include "tests/unit/unit.h"

const char *const unit_name = "import_pam";

#define UNIX "auth sufficient pam_unix.so\n"
#define USERDB "auth required pam_userdb.so db=/etc/vsftpd/users"

static const struct {
	const char *text;
	const char *again;	/* the module, or NULL */
} cases[] = {
	{ "", NULL },
	{ UNIX, NULL },
	{ USERDB "\n", NULL },
	{ USERDB "\n" UNIX, NULL },
	{ UNIX USERDB "\n", "pam_userdb.so" },
	{ UNIX USERDB, "pam_userdb.so" },
	{ USERDB "\n" USERDB "2\n", "pam_userdb.so" },
	{ UNIX USERDB " try_first_pass\n", NULL },
	{ UNIX USERDB " use_first_pass\n", NULL },
	{ UNIX "#" USERDB "\n", NULL },
	{ "#" UNIX USERDB "\n", NULL },
	{ "@include common-auth\n" USERDB "\n", "pam_userdb.so" },
	{ "@include common-account\n" USERDB "\n", NULL },
	{ "auth\tinclude\tpassword-auth\n  -auth required "
		"/lib/security/pam_userdb.so\n", "pam_userdb.so" },
	{ "account required pam_unix.so\n" USERDB "\n", NULL },
	{ UNIX "account required pam_userdb.so\n", NULL },
	{ "auth required pam_listfile.so\n" USERDB "\n", NULL },
	{ UNIX "auth", NULL },
	/* Comments, joined lines, words. */
	{ UNIX USERDB " # try_first_pass\n", "pam_userdb.so" },
	{ "auth required pam_deny.so # not pam_unix.so\n" USERDB,
		NULL },
	{ UNIX "auth required \\\n pam_userdb.so\n",
		"pam_userdb.so" },
	{ UNIX USERDB " \\\n# more\n\n try_first_pass\n", NULL },
	{ UNIX USERDB " # \\\nauth try_first_pass\n",
		"pam_userdb.so" },
	{ UNIX "# \\\n" USERDB "\n", "pam_userdb.so" },
	{ "auth required pam_listfile.so file=/etc/pam_unix.so\n"
		USERDB, NULL },
	{ UNIX USERDB " db=/etc/no_first_pass/users",
		"pam_userdb.so" },
	{ "auth required /lib/pam_unix.so.d/pam_deny.so\n" USERDB,
		NULL },
	{ "auth [success=1 default=ignore] pam_unix.so\n"
		"AUTH\t[success=1  default=bad]\tpam_userdb.so\n",
		"pam_userdb.so" },
	{ UNIX "auth [default=1", NULL },
	{ "@include\n" USERDB, NULL },
	/* Other modules. */
	{ UNIX "auth required pam_winbind.so\n", "pam_winbind.so" },
	{ UNIX "auth required pam_ldap.so\n", "pam_ldap.so" },
	{ UNIX "auth required pam_krb5.so use_first_pass\n", NULL },
	{ UNIX "auth required pam_sss.so forward_pass\n", NULL },
	{ USERDB "\nauth required pam_krb5.so\n", "pam_krb5.so" },
};

static void
test_asks_again(void)
{
	char longest[3000];
	struct scratch t;

	snprintf(longest, sizeof(longest), "auth required pam_deny.so %02000d\n"
		UNIX USERDB, 0);
	scratch_open(&t);
	CU_ASSERT_PTR_NULL(pam_service_asks_again("none"));
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		imported_write("service", cases[i].text);
		const char *again = pam_service_asks_again("service");
		CU_ASSERT_TRUE(again == cases[i].again || (again != NULL &&
			cases[i].again != NULL &&
			strcmp(again, cases[i].again) == 0));
	}
	imported_write("service", longest);
	CU_ASSERT_PTR_NOT_NULL(pam_service_asks_again("service"));
	scratch_close(&t);
}

CU_TestInfo unit_tests[] = {
	{ "modules that ask after other modules", test_asks_again },
	CU_TEST_INFO_NULL,
};
