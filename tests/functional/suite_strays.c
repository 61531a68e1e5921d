/*
 * suite_strays.c - what event commands leave running, and which wait.
 */
#include "common/base.h"
#include "tests/functional/functional.h"

#include "tests/functional/files.h"
#include "tests/functional/procs.h"

#include <signal.h>
#include <sys/stat.h>

const char *const functional_name = "strays";

#define OUT    "/var/log/hooks/out"
#define END    "/var/log/hooks/end"
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

/* An account's command runs as that account, in however many groups it is. */
static void
test_many_groups(void)
{
	static char groups[64 * 1024];
	struct server s;
	struct ftp c;
	size_t len = 0;

	for (int i = 0; i < 1100; i++)
		len += (size_t)snprintf(groups + len, sizeof(groups) - len,
			"many%d:x:%d:anna\n", i, 10000 + i);
	files_append_text("/etc/group", groups);
	CHECK(files_writef(SCRIPT, "#!/bin/sh\nid -un >/home/anna/who\n"));
	CHECK(chmod(SCRIPT, 0755) == 0);
	if (!SERVER(&s, "events.on_mkdir=" SCRIPT, "events.run_as=session") ||
	    !ftp_enter(&c, "anna"))
		return;
	EXPECT(&c, 257, "MKD d");
	CHECK(files_wait_for_text("/home/anna/who", "anna\n"));
	ftp_close(&c);
	server_stop(&s);
}

/* A session never waits for commands, and dropped events are reported. */
static void
test_queue(void)
{
	struct proc list[20];
	struct server s;
	struct ftp c;

	CHECK(files_writef(SCRIPT, "#!/bin/sh\nsleep 0.2\n"));
	CHECK(chmod(SCRIPT, 0755) == 0);
	if (!SERVER(&s, "events.on_chmod=" SCRIPT, "events.max_commands=2",
		"events.max_queued_events=5") || !ftp_enter(&c, "anna"))
		return;
	CHECK_NUMBER(ftp_put(&c, "x", 1, "STOR f"), 226);
	for (int i = 0; i < 50; i++)
		EXPECT(&c, 200, "SITE CHMOD 600 f");
	CHECK(procs_list("sleep", list, ARRAY_SIZE(list)) <= 2);
	EXPECT(&c, 221, "QUIT");
	ftp_close(&c);
	/* Queued events are processed before the runner exits. */
	server_stop(&s);
	CHECK_LOGGED(0, "warning runner: max_queued_events reached, dropped * "
		"events");
}

/* One session with many events: those of others are neither dropped nor do they
 * come last.  Of the two commands that run first, one ends when the test lets
 * it; the others of that session wait for that of the other. */
static void
test_turns(void)
{
	struct ftp c, other;
	struct server s;

	CHECK(files_mkdir_as("_sureftpdrun", "/var/log/hooks", 0755));
	CHECK(files_writef(SCRIPT, "#!/bin/sh\n"
		"echo \"$SUREFTPD_USER\" >>" OUT "\n"
		"until rm " END " 2>/dev/null || grep -q bert " OUT "; do\n"
		"sleep 0.1; done\n"));
	CHECK(chmod(SCRIPT, 0755) == 0);
	if (!SERVER(&s, "events.on_chmod=" SCRIPT, "events.max_commands=2",
		"events.max_queued_events=8") || !ftp_enter(&c, "anna") ||
	    !ftp_enter(&other, "bert"))
		return;
	CHECK_NUMBER(ftp_put(&other, "x", 1, "STOR f"), 226);
	CHECK_NUMBER(ftp_put(&c, "x", 1, "STOR f"), 226);
	for (int i = 0; i < 50; i++)
		EXPECT(&c, 200, "SITE CHMOD 600 f");
	CHECK_FILE(OUT, "anna\nanna\n");
	EXPECT(&other, 200, "SITE CHMOD 600 f");
	/* The recorder passes events on in their order. */
	EXPECT(&other, 257, "MKD d");
	CHECK_LOGGED(0, "* created directory */bert/d*");
	CHECK(files_write_text(END, ""));
	CHECK_FILE(OUT, "bert\n");
	CHECK_LACKS(files_text(OUT), "anna\nanna\nanna\nbert");
	ftp_close(&c);
	ftp_close(&other);
	server_stop(&s);
}

CU_TestInfo functional_tests[] = {
	{ "no process of a command is left", test_strays },
	{ "sessions never wait; dropped events are reported", test_queue },
	{ "a session with many events does not hold up others", test_turns },
	{ "accounts in many groups", test_many_groups },
	CU_TEST_INFO_NULL,
};
