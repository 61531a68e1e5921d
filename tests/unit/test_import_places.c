/*
 * test_import_places.c - where sessions begin after an import of vsftpd's
 * configuration.
 */
#include "common/base.h"

#include "tests/unit/imported.h"
#include "tests/unit/scratch.h"
#include "tests/unit/unit.h"

const char *const unit_name = "import_places";

/* vsftpd ignores a local_root that does not exist, unless it is the jail. */
static void
test_missing_root(void)
{
	struct scratch t;
	struct import i;

	scratch_open(&t);
	imported(&i, "local_enable=YES\nlocal_root=/no/such/place\n");
	imported_expect(&i, "session", "start_dir", "");
	import_free(&i);
	imported(&i, "local_enable=YES\nlocal_root=/no/such/place\n"
		"chroot_local_user=YES\n");
	imported_expect(&i, "session", "jail", "/no/such/place");
	import_free(&i);
	/* A percent sign is no token. */
	imported(&i, "local_enable=YES\nlocal_root=/no/such/%u\n"
		"user_sub_token=$USER\n");
	imported_expect(&i, "session", "start_dir", "");
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

CU_TestInfo unit_tests[] = {
	{ "a local_root that does not exist", test_missing_root },
	{ "local_root is for local users", test_root_of_local_users },
	CU_TEST_INFO_NULL,
};
