/*
 * suite_event_filters.c - `sureftpctl events` with a level or a session.
 */
#include "common/base.h"
#include "tests/functional/functional.h"

#include "tests/functional/ctl.h"
#include "tests/functional/files.h"
#include "tests/functional/logged.h"
#include "tests/functional/world.h"

#include <fcntl.h>
#include <signal.h>
#include <sysexits.h>

const char *const functional_name = "event_filters";

#define SHOWN "/var/log/shown"

/* Run `sureftpctl events --follow FILTER` with its output in SHOWN. */
static pid_t
follow(const char *filter)
{
	files_write_text(SHOWN, "");
	pid_t pid = fork();

	if (pid != 0)
		return pid;
	int fd = open(SHOWN, O_WRONLY);
	dup2(fd, STDOUT_FILENO);
	execl(WORLD_CTL, "sureftpctl", "events", "--follow", filter, NULL);
	_exit(127);
}

static void
end_follow(pid_t pid)
{
	CHECK(kill(pid, SIGTERM) == 0);
	CHECK(server_wait(pid, 5000, NULL));
}

static bool
shows_directory(void *context)
{
	struct ftp *c = context;

	EXPECT(c, 257, "MKD probe");
	EXPECT(c, 250, "RMD probe");
	return files_size(SHOWN) > 0;
}

/* Create directories until one is shown: the follower is connected. */
static void
await_follower(struct ftp *c)
{
	CHECK(wait_until(shows_directory, c, 10000));
}

static void
test_session(void)
{
	struct ftp first, second;
	struct server s;

	if (!SERVER(&s) || !ftp_enter(&first, "anna") ||
	    !ftp_enter(&second, "anna"))
		return;
	pid_t pid = follow("session=2");
	await_follower(&second);
	EXPECT(&first, 257, "MKD one");
	CHECK_LOGGED(0, "*created directory \"/home/anna/one\"");
	EXPECT(&second, 257, "MKD two");
	CHECK_FILE(SHOWN, "created directory \"/home/anna/two\"");
	CHECK_LACKS(files_text(SHOWN), "/home/anna/one");
	end_follow(pid);
	ftp_close(&first);
	ftp_close(&second);
	server_stop(&s);
}

static void
test_level(void)
{
	struct server s;
	struct ftp c;

	if (!SERVER(&s, "log.level=debug") || !ftp_enter(&c, "anna"))
		return;
	pid_t pid = follow("level=debug");
	await_follower(&c);
	EXPECT(&c, 200, "NOOP");
	CHECK_FILE(SHOWN, " debug ");
	end_follow(pid);
	ftp_close(&c);
	server_stop(&s);
}

static void
test_unknown(void)
{
	static const char *const filters[] = { "level=loud", "level=",
		"session=", "session=x", "colour=red" };
	struct ctl_result r;

	for (size_t i = 0; i < ARRAY_SIZE(filters); i++) {
		CHECK_NUMBER(CTL(&r, "events", "--follow", filters[i]),
			EX_USAGE);
		CHECK_HAS(r.err, "cannot use ");
		CHECK_HAS(r.err, filters[i]);
	}
	CHECK_NUMBER(CTL(&r, "events", "--follow", "flying"), EX_USAGE);
	CHECK_HAS(r.err, "there is no event flying");
}

CU_TestInfo functional_tests[] = {
	{ "one session", test_session },
	{ "a level", test_level },
	{ "what is no filter", test_unknown },
	CU_TEST_INFO_NULL,
};
