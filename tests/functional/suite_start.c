/*
 * suite_start.c - what the server needs to start: root, and descriptors.
 */
#include "common/base.h"
#include "tests/functional/functional.h"

#include "tests/functional/files.h"
#include "tests/functional/world.h"

#include <sys/resource.h>
#include <sys/wait.h>
#include <sysexits.h>

const char *const functional_name = "start";

static void
test_not_root(void)
{
	int status = -1;
	pid_t pid = fork();

	if (pid == 0) {
		if (freopen(SERVER_ERRORS, "a", stderr) == NULL ||
		    setgid(1000) < 0 || setuid(1000) < 0)
			_exit(126);
		execl(WORLD_SERVER, "sureftpd", "-C", "/dev/null", "-p",
			"2121", NULL);
		_exit(127);
	}
	CHECK(server_wait(pid, 5000, &status));
	CHECK(WIFEXITED(status));
	CHECK_NUMBER(WEXITSTATUS(status), EX_NOPERM);
	CHECK_FILE(SERVER_ERRORS, "must be started as root: ");
	CHECK_HAS(files_text(SERVER_ERRORS), "sureftpd --share");
}

/* The limit of open files is raised as far as it can be, and clients are
 * served with what there is.  The last test, because the suite cannot raise its
 * own limit again. */
static void
test_few_descriptors(void)
{
	const struct rlimit few = { 256, 400 };
	struct server s;
	struct ftp c;

	if (!CHECK(setrlimit(RLIMIT_NOFILE, &few) == 0) ||
	    !SERVER(&s, "server.max_workers=1000", "limits.max_clients=500"))
		return;
	CHECK_LOGGED(0, "warning max_workers requires * open files, but the "
		"limit is 400; raise it (LimitNOFILE= in systemd, ulimit -n)");
	if (ftp_enter(&c, "anna"))
		CHECK_NUMBER(ftp_put(&c, "x", 1, "STOR f"), 226);
	ftp_close(&c);
	server_stop(&s);
}

CU_TestInfo functional_tests[] = {
	{ "only root can start it", test_not_root },
	{ "max_workers and the limit of open files", test_few_descriptors },
	CU_TEST_INFO_NULL,
};
