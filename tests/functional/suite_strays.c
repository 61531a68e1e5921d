/*
 * suite_strays.c - what event commands leave running.
 */
#include "common/base.h"
#include "tests/functional/functional.h"

#include "tests/functional/files.h"
#include "tests/functional/procs.h"

#include <signal.h>
#include <sys/stat.h>

const char *const functional_name = "strays";

#define SCRIPT "/etc/sureftpd/hook"
#define RUNNER "sureftpd-run"

/* What has left the group of its command ends, too: with it, or with the
 * runner. */
static void
test_strays(void)
{
	struct proc runner;
	struct server s;
	struct ftp c;

	CHECK(files_writef(SCRIPT, "#!/bin/sh\ncase $1 in\n"
		"*/left) setsid sleep 61 >/dev/null 2>&1 & sleep 2 ;;\n"
		"*/deep) setsid sh -c 'setsid sleep 62 & sleep 63' "
		">/dev/null 2>&1 & sleep 2 ;;\n"
		"*/killed) exec sleep 64 ;;\n"
		"esac\n"));
	CHECK(chmod(SCRIPT, 0755) == 0);
	if (!SERVER(&s, "events.on_mkdir=" SCRIPT) || !ftp_enter(&c, "anna"))
		return;
	EXPECT(&c, 257, "MKD left");
	EXPECT(&c, 257, "MKD deep");
	CHECK(procs_wait_for_count("sleep", 5, 5000));
	CHECK(procs_wait_for_count("sleep", 0, 5000));
	EXPECT(&c, 257, "MKD killed");
	CHECK(procs_wait_for_count("sleep", 1, 5000));
	CHECK(procs_list(RUNNER, &runner, 1) == 1 &&
		kill(runner.pid, SIGKILL) == 0);
	CHECK(procs_wait_for_count("sleep", 0, 5000));
	ftp_close(&c);
	server_stop(&s);
}

CU_TestInfo functional_tests[] = {
	{ "no process of a command is left", test_strays },
	CU_TEST_INFO_NULL,
};
