/*
 * suite_background.c - without a service manager: in the background, and as pid
 * 1 of a container.
 */
#include "common/base.h"
#include "tests/functional/functional.h"

#include "tests/functional/files.h"
#include "tests/functional/launch.h"
#include "tests/functional/network.h"
#include "tests/functional/procs.h"

#include <fcntl.h>
#include <linux/capability.h>
#include <sched.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>

const char *const functional_name = "background";

#define PID_FILE "/run/world/sureftpd.pid"
#define TERMINAL "/run/world/terminal"

static void
end_background(void)
{
	struct proc master = { 0 };

	CHECK(procs_settle() &&
		procs_wait_for_count(PROCS_MASTER, 1, 5000));
	if (CHECK_NUMBER(procs_list(PROCS_MASTER, &master, 1), 1))
		kill(master.pid, SIGTERM);
	CHECK(procs_wait_for_count(NULL, 0, 5000));
}

static void
test_background(void)
{
	const struct launch start = {
		.options = { "--background", "--pid-file=" PID_FILE } };
	char text[32] = "";
	struct ftp c;

	CHECK_NUMBER(launch_status(&start), 0);
	/* It is ready when --background returns. */
	if (ftp_enter(&c, "anna"))
		ftp_close(&c);
	CHECK(files_read(PID_FILE, text, sizeof(text)) > 0);
	struct proc master = { 0 };
	CHECK(procs_settle() &&
		procs_wait_for_count(PROCS_MASTER, 1, 5000));
	CHECK_NUMBER(procs_list(PROCS_MASTER, &master, 1), 1);
	char expected[32];
	snprintf(expected, sizeof(expected), "%d\n", master.pid);
	CHECK_TEXT(text, expected);
	CHECK_NUMBER(getsid(master.pid), master.pid);
	end_background();
	CHECK(!files_exist(PID_FILE));
	CHECK_LOGGED(0, "info shut down");
}

static void
test_background_refused(void)
{
	const struct launch terminal = { .options = { "--background" },
		.stderr_to = "/dev/null" };
	const struct launch logs = {
		.options = { "--background", "log.destination=syslog" },
		.stderr_to = "/dev/null" };
	const struct launch wrong = { .options = { "--background",
		"a.b=c" } };
	const struct launch places[] = {
		{ .options = { "--pid-file=/tmp/sureftpd.pid" } },
		{ .options = { "--background",
			"--pid-file=/missing/sureftpd.pid" } },
	};
	uint16_t port = 21;

	CHECK_NUMBER(launch_status(&terminal), 64);
	CHECK_NUMBER(launch_status(&wrong), 78);
	for (size_t i = 0; i < ARRAY_SIZE(places); i++) {
		CHECK_NUMBER(launch_status(&places[i]), 71);
		CHECK(!files_exist("/tmp/sureftpd.pid"));
	}
	CHECK_LOGGED(0, "error cannot write /tmp/sureftpd.pid: its "
		"directory must be owned by root and writable by root only");
	int taken = network_listen("0.0.0.0", &port);
	CHECK_NUMBER(launch_status(&logs), 71);
	close(taken);
	CHECK(procs_wait_for_count(NULL, 0, 3000));
	CHECK_NUMBER(launch_status(&logs), 0);
	end_background();
}

/* Once standard error is closed, the reason is in the log only: whoever has
 * started the server must hear of that. */
static void
test_background_fails_late(void)
{
	const struct launch late = {
		.options = { "--background", "log.destination=syslog",
			"--pid-file=/missing/sureftpd.pid" },
		.stderr_to = TERMINAL };
	char text[4096] = "";

	CHECK_NUMBER(mkfifo(TERMINAL, 0600), 0);
	int terminal = open(TERMINAL, O_RDWR | O_NONBLOCK | O_CLOEXEC);
	CHECK_NUMBER(launch_status(&late), 71);
	CHECK(read(terminal, text, sizeof(text) - 1) > 0);
	CHECK_HAS(text, "sureftpd: error: the server did not start; the reason "
		"is in its log");
	close(terminal);
	CHECK(procs_wait_for_count(NULL, 0, 3000));
}

/* Are there more children than the recorder and four workers, for example a
 * zombie? */
static bool
has_child(void *context)
{
	char path[64], children[4096] = "";

	snprintf(path, sizeof(path), "/proc/%d/task/%d/children",
		*(pid_t *)context, *(pid_t *)context);
	files_read(path, children, sizeof(children));
	size_t count = 0;
	for (const char *at = children; *at != '\0'; at++)
		count += *at == ' ';
	return count != 5;
}

static bool
has_five(void *context)
{
	return !has_child(context);
}

/* Leave an orphan in the namespace of the server. */
static void
leave_orphan(pid_t server)
{
	char path[64];
	int status;

	snprintf(path, sizeof(path), "/proc/%d/ns/pid", server);
	pid_t pid = fork();
	if (pid == 0) {
		int fd = open(path, O_RDONLY);

		if (setns(fd, CLONE_NEWPID) != 0)
			_exit(1);
		pid_t inside = fork();
		if (inside == 0) {
			if (fork() == 0) {
				usleep(300000);
				_exit(0);
			}
			_exit(0);
		}
		_exit(waitpid(inside, &status, 0) == inside ? 0 : 2);
	}
	CHECK(waitpid(pid, &status, 0) == pid && status == 0);
}

static void
test_first_process(void)
{
	const struct launch start = { .first_process = true };
	int manager = launch_manager();
	pid_t pid = launch(&start);
	struct ftp c;

	if (!CHECK(pid > 0) || !launch_awaits(manager, "READY=1", NULL))
		return;
	CHECK(wait_until(has_five, &pid, 5000));
	leave_orphan(pid);
	CHECK(wait_until(has_child, &pid, 5000));
	CHECK(wait_until(has_five, &pid, 5000));
	if (ftp_enter(&c, "anna")) {
		CHECK_NUMBER(ftp_put(&c, "x", 1, "STOR f"), 226);
		kill(pid, SIGHUP);
		CHECK(launch_awaits(manager, "RELOADING=1", NULL));
		CHECK(launch_awaits(manager, "READY=1", NULL));
		EXPECT(&c, 200, "NOOP");
		ftp_close(&c);
	}
	launch_end(pid);
	CHECK_LOGGED(0, "info shut down");
	close(manager);
}

/* In a container that drops all but a few, it would seem to run, but no client
 * would be served. */
static void
test_missing_capabilities(void)
{
	static const struct {
		int number;
		const char *name;
	} rows[] = {
		{ CAP_SETUID, "cap_setuid" }, { CAP_SETGID, "cap_setgid" },
		{ CAP_SETPCAP, "cap_setpcap" },
		{ CAP_SYS_CHROOT, "cap_sys_chroot" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const struct launch start = { .missing = rows[i].number };
		CHECK_NUMBER(launch_status(&start), 71);
		CHECK_LOGGED(0, "sureftpd: error: the capabilities %s are "
			"missing, without which no client can be served*",
			rows[i].name);
	}
}

CU_TestInfo functional_tests[] = {
	{ "--background returns when the server is ready", test_background },
	{ "--background reports errors at startup", test_background_refused },
	{ "--background says where the reason is", test_background_fails_late },
	{ "as pid 1 it reaps orphans and handles signals", test_first_process },
	{ "without a capability for logins it does not start",
		test_missing_capabilities },
	CU_TEST_INFO_NULL,
};
