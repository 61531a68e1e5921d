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

static void
test_asks_again(void)
{
	static const struct {
		const char *text;
		bool again;
	} cases[] = {
		{ "", false },
		{ UNIX, false },
		{ USERDB "\n", false },
		{ USERDB "\n" UNIX, false },
		{ UNIX USERDB "\n", true },
		{ UNIX USERDB, true },
		{ USERDB "\n" USERDB "2\n", true },
		{ UNIX USERDB " try_first_pass\n", false },
		{ UNIX USERDB " use_first_pass\n", false },
		{ UNIX "#" USERDB "\n", false },
		{ "#" UNIX USERDB "\n", false },
		{ "@include common-auth\n" USERDB "\n", true },
		{ "@include common-account\n" USERDB "\n", false },
		{ "auth\tinclude\tpassword-auth\n  -auth required "
			"/lib/security/pam_userdb.so\n", true },
		{ "account required pam_unix.so\n" USERDB "\n", false },
		{ UNIX "account required pam_userdb.so\n", false },
		{ "auth required pam_listfile.so\n" USERDB "\n", false },
		{ UNIX "auth", false },
	};
	struct scratch t;

	scratch_open(&t);
	CU_ASSERT_FALSE(pam_service_asks_again("none"));
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		imported_write("service", cases[i].text);
		CU_ASSERT_EQUAL(pam_service_asks_again("service"),
			cases[i].again);
	}
	scratch_close(&t);
}

CU_TestInfo unit_tests[] = {
	{ "pam_userdb after other modules", test_asks_again },
	CU_TEST_INFO_NULL,
};
