/*
 * suite_login.c - who gets in, who does not, and what each is told.
 */
#include "common/base.h"
#include "tests/functional/functional.h"

#include "common/clock.h"
#include "tests/functional/accounts.h"
#include "tests/functional/files.h"

const char *const functional_name = "login";

/* S76, S68: the host's own account, in its own home. */
static void
test_own_account(void)
{
	struct server s;
	struct ftp c;

	if (!SERVER(&s) || !ftp_enter(&c, "anna"))
		return;
	EXPECT(&c, 257, "PWD");
	CHECK_HAS(c.text, "\"/home/anna\"");
	EXPECT(&c, 250, "CWD /etc");
	EXPECT(&c, 221, "QUIT");
	CHECK(ftp_is_closed(&c));
	ftp_close(&c);
	CHECK_LOG("anna");
	server_stop(&s);
}

CU_TestInfo functional_tests[] = {
	{ "an account of the host logs in and starts at home",
		test_own_account },
	CU_TEST_INFO_NULL,
};
