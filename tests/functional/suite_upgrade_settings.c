/*
 * suite_upgrade_settings.c - the configuration file changes while the program
 * is replaced: after its trial has accepted the file, and before it reads it;
 * and a reload during the trial, and a keeper that dies in the next program.
 */
#include "common/base.h"
#include "tests/functional/functional.h"

#include "common/text.h"
#include "tests/functional/ctl.h"
#include "tests/functional/files.h"
#include "tests/functional/ftps.h"
#include "tests/functional/ftps_certs.h"
#include "tests/functional/launch.h"
#include "tests/functional/procs.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <sysexits.h>

const char *const functional_name = "upgrade_settings";

#define INVALID "[nonsense]\n"
#define ERROR	"error " SERVER_CONFIG ":1: *"
#define AGAIN	"warning the configuration is tried again for 10 seconds"

static const char valid[] = "[limits]\nbans_file =\n";

struct traced {
	pid_t pid;
	int status;
};

static bool
has_changed(void *context)
{
	struct traced *t = context;

	return waitpid(t->pid, &t->status, WNOHANG) == t->pid;
}

/* Wait until the traced process stops; its wait status, or -1. */
static int
next_stop(pid_t pid)
{
	struct traced t = { .pid = pid };

	if (!CHECK_SAYS(wait_until(has_changed, &t, 20000),
		"it does not stop for 20 s") ||
	    !CHECK_SAYS(WIFSTOPPED(t.status), "it ended with status %#x",
		t.status))
		return -1;
	return t.status;
}

/* Wait for its upgrade, and stop it before the first instruction of the next
 * program; signals that come before are passed on. */
static bool
stopped_in_upgrade(pid_t pid)
{
	int status;

	while ((status = next_stop(pid)) >= 0) {
		if (status >> 8 == (SIGTRAP | PTRACE_EVENT_EXEC << 8))
			return true;
		ptrace(PTRACE_CONT, pid, NULL, WSTOPSIG(status));
	}
	return false;
}

static bool
stop_in_upgrade(pid_t pid)
{
	return CHECK(ptrace(PTRACE_SEIZE, pid, NULL, PTRACE_O_TRACEEXEC) == 0 &&
		kill(pid, SIGUSR2) == 0) && stopped_in_upgrade(pid);
}

static void
go_on(pid_t pid)
{
	CHECK(ptrace(PTRACE_DETACH, pid, NULL, 0) == 0);
}

/* Upgrade it with settings that are invalid when the next program reads
 * them. */
static bool
upgrade_with_invalid(pid_t pid)
{
	if (!stop_in_upgrade(pid))
		return false;
	files_write_text(SERVER_CONFIG, INVALID);
	go_on(pid);
	return true;
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
	go_on(s.pid);
	CHECK_LOGGED(mark, ERROR);
	CHECK_LOGGED(mark, AGAIN);
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
	if (!SERVER(&s) || !ftp_enter(&c, "anna") ||
	    !upgrade_with_invalid(s.pid))
		return;
	CHECK(server_wait(s.pid, 20000, &status));
	CHECK(WIFEXITED(status) && WEXITSTATUS(status) == EX_CONFIG);
	CHECK(ftp_is_closed(&c) || c.code == 421);
	/* At its beginning and its end. */
	CHECK_NUMBER(logged_times(0, ERROR), 2);
	CHECK_NUMBER(logged_times(0, AGAIN), 1);
	ftp_close(&c);
}

/* Who stops it does not have to wait. */
static void
test_stop(void)
{
	struct server s;
	int status = 0;

	files_write_text(SERVER_CONFIG, valid);
	if (!SERVER(&s) || !upgrade_with_invalid(s.pid))
		return;
	CHECK_LOGGED(0, AGAIN);
	CHECK(kill(s.pid, SIGTERM) == 0);
	CHECK(server_wait(s.pid, 5000, &status));
	CHECK_NUMBER(status, 0);
	CHECK_LOGGED(0, "info shut down *");
}

/* The service manager is content meanwhile. */
static void
test_watchdog(void)
{
	const struct launch start = { .watchdog = "400000" };
	int manager = launch_manager();

	files_write_text(SERVER_CONFIG, valid);
	pid_t pid = launch(&start);
	if (!CHECK(pid > 0) || !launch_awaits(manager, "READY=1", NULL) ||
	    !stop_in_upgrade(pid))
		return;
	CHECK(launch_awaits(manager, "RELOADING=1", NULL));
	files_write_text(SERVER_CONFIG, INVALID);
	go_on(pid);
	for (int i = 0; i < 5; i++)
		CHECK(launch_awaits(manager, "WATCHDOG=1", NULL));
	files_write_text(SERVER_CONFIG, valid);
	CHECK(launch_awaits(manager, "READY=1", NULL));
	launch_end(pid);
	close(manager);
}

/* Has this text come to the socket? */
static bool
arrived(int fd, const char *text)
{
	const struct timeval patience = { .tv_sec = 5 };
	char line[4096];
	ssize_t n;

	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	while ((n = recv(fd, line, sizeof(line) - 1, 0)) > 0) {
		line[n] = '\0';
		if (strstr(line, text) != NULL)
			return true;
	}
	return false;
}

/* Where standard error is closed, the log has it all the same. */
static void
test_background(void)
{
	const struct launch start = { .stderr_to = "/dev/null", .options = {
		"--background", "--pid-file=/run/ftp.pid",
		"log.destination=syslog" } };
	const struct sockaddr_un at = { .sun_family = AF_UNIX,
		.sun_path = "/dev/log" };
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	char text[32] = "";
	int64_t master = 0;

	unlink(at.sun_path);
	CHECK(bind(fd, (const struct sockaddr *)&at, sizeof(at)) == 0 &&
		chmod(at.sun_path, 0666) == 0);
	files_write_text(SERVER_CONFIG, valid);
	CHECK_NUMBER(launch_status(&start), 0);
	CHECK(files_read("/run/ftp.pid", text, sizeof(text)) > 0);
	if (!CHECK(text_number(text, strcspn(text, "\n"), &master) == 0) ||
	    !upgrade_with_invalid((pid_t)master))
		return;
	CHECK(arrived(fd, SERVER_CONFIG ":1: "));
	CHECK(arrived(fd, "tried again"));
	CHECK(kill((pid_t)master, SIGTERM) == 0);
	CHECK(arrived(fd, "shut down"));
	CHECK(procs_wait_for_count(NULL, 0, 5000));
	CHECK(!files_exist("/run/ftp.pid"));
	unlink(at.sun_path);
	close(fd);
}

static void NORETURN
order_upgrade(void)
{
	static struct ctl_result r;

	CTL(&r, "upgrade");
	fputs(r.err, stderr);
	_exit(r.status);
}

/* sureftpctl waits as long as the next program may take. */
static void
test_patience(void)
{
	struct server s;
	int status = -1;

	files_write_text(SERVER_CONFIG, valid);
	if (!SERVER(&s) || !CHECK(ptrace(PTRACE_SEIZE, s.pid, NULL,
	    PTRACE_O_TRACEEXEC) == 0))
		return;
	pid_t ctl = fork();
	if (ctl == 0)
		order_upgrade();
	if (!stopped_in_upgrade(s.pid))
		return;
	wait_for_time(11000);
	go_on(s.pid);
	CHECK(server_wait(ctl, 10000, &status));
	CHECK_NUMBER(status, 0);
	server_stop(&s);
}

/* Programs that are started wait for this file, which belongs to the test's
 * world; close() lets them go on. */
static int
hold_new_programs(void)
{
	int fd = open("/etc/ld.so.cache", O_RDONLY | O_CLOEXEC);

	signal(SIGIO, SIG_IGN);
	CHECK(fcntl(fd, F_SETLEASE, F_WRLCK) == 0);
	return fd;
}

/* A restart after a crash that gives way to a reload comes after it. */
static void
test_crash_and_reload(void)
{
	struct server s;
	struct ftp c;

	if (!SERVER(&s) || !ftp_enter(&c, "anna"))
		return;
	int held = hold_new_programs();
	/* Not SIGSEGV, which the sanitizers catch. */
	CHECK(kill(procs_serving(PROCS_SESSION), SIGABRT) == 0);
	CHECK_LOGGED(0, "info restarting in place after a crash");
	CHECK(kill(s.pid, SIGHUP) == 0);
	CHECK_LOGGED(0, "warning upgrade cancelled");
	close(held);
	CHECK_LOGGED(0, "info configuration reloaded");
	CHECK_LOGGED(0, "info restarted in place, version *");
	ftp_close(&c);
	server_stop(&s);
}

/* Let the next program run until it forks, and kill the child before its first
 * instruction. */
static bool
kill_first_child(pid_t pid)
{
	unsigned long child = 0;
	int status = 0;

	CHECK(ptrace(PTRACE_SETOPTIONS, pid, NULL, PTRACE_O_TRACEFORK |
		PTRACE_O_TRACECLONE) == 0);
	do {
		ptrace(PTRACE_CONT, pid, NULL, status >> 8 == SIGCHLD ?
			SIGCHLD : 0);
		status = next_stop(pid);
		if (status < 0)
			return false;
	} while (status >> 16 == 0);
	return CHECK(ptrace(PTRACE_GETEVENTMSG, pid, NULL, &child) == 0 &&
		kill((pid_t)child, SIGKILL) == 0 &&
		server_wait((pid_t)child, 5000, NULL));
}

/* The keeper of the next program is killed, by the kernel short of memory for
 * instance, before it has read its keys. */
static void
test_keeper(void)
{
	struct server s;
	struct ftps t;

	ftps_init(&t);
	if (!FTPS_SERVER(&s) || !ftps_enter(&t, "anna") ||
	    !stop_in_upgrade(s.pid) || !kill_first_child(s.pid))
		return;
	go_on(s.pid);
	CHECK_LOGGED(0, "error keeper exited before it had read the private "
		"keys");
	CHECK_LOGGED(0, "info restarted in place, version *");
	EXPECT(&t.c, 200, "NOOP");
	ftp_close(&t.c);
	ftps_init(&t);
	CHECK(ftps_enter(&t, "bert"));
	ftp_close(&t.c);
	server_stop(&s);
}

CU_TestInfo functional_tests[] = {
	{ "a file that is incomplete for a moment", test_incomplete },
	{ "a file that stays invalid", test_invalid },
	{ "SIGTERM meanwhile", test_stop },
	{ "the watchdog meanwhile", test_watchdog },
	{ "the log meanwhile, in the background", test_background },
	{ "sureftpctl meanwhile", test_patience },
	{ "a restart after a crash and a reload", test_crash_and_reload },
	{ "the keeper is killed", test_keeper },
	CU_TEST_INFO_NULL,
};
