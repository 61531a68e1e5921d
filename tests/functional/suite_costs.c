/*
 * suite_costs.c - what things cost, in system calls: a number that does not
 * depend on how busy the machine is.
 */
#include "common/base.h"
#include "tests/functional/functional.h"

#include "tests/functional/accounts.h"
#include "tests/functional/procs.h"
#include "tests/functional/trace.h"

const char *const functional_name = "costs";

/* PAM's own calls are not ours to bound: pam_permit makes few. */
#define LOGIN_MAX 900

/* From the fork of the worker to the exit of its last process. */
static void
test_login(void)
{
	struct server s;
	struct trace t;
	struct ftp c;

	if (!SERVER(&s, "server.min_spare_workers=0", "log.level=info",
		    "auth.pam_service=" ACCOUNTS_PERMIT))
		return;
	if (!trace_begin(&t, s.pid)) {
		printf("processes cannot be traced here: not counted\n");
		(void)trace_end(&t);
		server_stop(&s);
		return;
	}
	CHECK(ftp_enter(&c, "anna"));
	EXPECT(&c, 221, "QUIT");
	ftp_close(&c);
	CHECK(procs_wait_for_count(PROCS_MONITOR, 0, 5000));
	long calls = trace_end(&t);
	CHECK_SAYS(calls > 100 && calls < LOGIN_MAX,
		"a login took %ld system calls", calls);
	printf("a login and QUIT: %ld system calls\n", calls);
	server_stop(&s);
}

CU_TestInfo functional_tests[] = {
	{ "a login", test_login },
	CU_TEST_INFO_NULL,
};
