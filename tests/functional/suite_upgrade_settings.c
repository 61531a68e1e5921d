/*
 * suite_upgrade_settings.c - the configuration file changes while the program
 * is replaced: after its trial has accepted the file, and before it reads it.
 */
#include "common/base.h"
#include "tests/functional/functional.h"

#include "tests/functional/files.h"

#include <signal.h>
#include <sys/ptrace.h>
#include <sys/wait.h>

const char *const functional_name = "upgrade_settings";

static const char valid[] = "[limits]\nbans_file =\n";

/* Upgrade it, and stop it before the first instruction of the next program;
 * signals that come before are passed on. */
static bool
stop_in_upgrade(pid_t pid)
{
	int status;

	if (!CHECK(ptrace(PTRACE_SEIZE, pid, NULL, PTRACE_O_TRACEEXEC) == 0))
		return false;
	CHECK(kill(pid, SIGUSR2) == 0);
	while (waitpid(pid, &status, 0) == pid && WIFSTOPPED(status)) {
		if (status >> 8 == (SIGTRAP | PTRACE_EVENT_EXEC << 8))
			return true;
		ptrace(PTRACE_CONT, pid, NULL, WSTOPSIG(status));
	}
	return CHECK_SAYS(false, "it ended with status %#x", status);
}

/* A file that is written in place is incomplete for a moment. */
static void
test_incomplete(void)
{
	struct server s;
	struct ftp c;

	files_write_text(SERVER_CONFIG, valid);
	if (!SERVER(&s) || !ftp_enter(&c, "anna"))
		return;
	size_t mark = logged_mark();
	if (!stop_in_upgrade(s.pid))
		return;
	files_write_text(SERVER_CONFIG, "[lim");
	CHECK(ptrace(PTRACE_DETACH, s.pid, NULL, 0) == 0);
	CHECK(files_wait_for_text(SERVER_ERRORS, SERVER_CONFIG ":1: "));
	files_write_text(SERVER_CONFIG, valid);
	CHECK_LOGGED(mark, "info restarted in place, version *");
	EXPECT(&c, 200, "NOOP");
	CHECK_NUMBER(ftp_try_login("bert", "bert-pass"), 230);
	ftp_close(&c);
	server_stop(&s);
}

/* It does not wait for ever; then the sessions end, too. */
static void
test_invalid(void)
{
	struct server s;
	struct ftp c;
	int status = 0;

	files_write_text(SERVER_CONFIG, valid);
	if (!SERVER(&s) || !ftp_enter(&c, "anna") || !stop_in_upgrade(s.pid))
		return;
	files_write_text(SERVER_CONFIG, "[nonsense]\n");
	CHECK(ptrace(PTRACE_DETACH, s.pid, NULL, 0) == 0);
	CHECK(server_wait(s.pid, 20000, &status));
	CHECK(WIFEXITED(status) && WEXITSTATUS(status) != 0);
	CHECK(ftp_is_closed(&c) || c.code == 421);
	ftp_close(&c);
}

CU_TestInfo functional_tests[] = {
	{ "a file that is incomplete for a moment", test_incomplete },
	{ "a file that stays invalid", test_invalid },
	CU_TEST_INFO_NULL,
};
