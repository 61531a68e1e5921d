/*
 * suite_sandbox.c - a compromised process (rule R3): the test makes it try
 * system calls that its filter does not allow.
 */
#include "common/base.h"
#include "tests/functional/functional.h"

#include "tests/functional/files.h"
#include "tests/functional/inject.h"
#include "tests/functional/procs.h"

#include <sys/syscall.h>

const char *const functional_name = "sandbox";

static const struct {
	long number;
	const char *name;
} forbidden[] = {
	{ SYS_execve, "execve" },
	{ SYS_clone, "clone" },
	{ SYS_ptrace, "ptrace" },
	{ SYS_mount, "mount" },
	{ SYS_setuid, "setuid" },
	{ SYS_bpf, "bpf" },
};

/* The process makes the call, ends, and the log names it; who: what the line
 * says of the session. */
static void
check_refused_call(const char *process, long number, const char *name,
	const char *who)
{
	size_t mark = logged_mark();
	pid_t pid = procs_serving(process);

	if (!CHECK_SAYS(pid > 1, "no %s serves", process) ||
	    !CHECK(inject_call(pid, number)))
		return;
	CHECK_SAYS(server_wait(pid, 3000, NULL), "%s lived on after %s",
		process, name);
	CHECK_LOGGED(mark, "error %s blocked system call %s (%ld) of the %s",
		who, name, number,
		strcmp(process, PROCS_SESSION) == 0 ? "session" : "greeter");
	CHECK_LOGGED(mark, "info %s session ended: forbidden system call after "
		"* s", who);
}

/* The test's clients are numbered from `first`. */
static const char *
session_number(size_t first, size_t i, const char *user)
{
	static char who[64];

	snprintf(who, sizeof(who), "session=%zu peer=127.0.0.1%s", first + i,
		user);
	return who;
}

static void
test_greeter(void)
{
	struct server s;
	struct ftp c, other;

	if (!SERVER(&s) || !ftp_enter(&other, "bert"))
		return;
	for (size_t i = 0; i < ARRAY_SIZE(forbidden); i++) {
		CHECK_NUMBER(ftp_connect(&c), 220);
		check_refused_call(PROCS_GREETER, forbidden[i].number,
			forbidden[i].name, session_number(2, i, ""));
		CHECK(ftp_is_closed(&c));
		ftp_close(&c);
	}
	EXPECT(&other, 200, "NOOP");
	ftp_close(&other);
	server_stop(&s);
}

/* No process before login needs to open files. */
static void
test_greeter_has_no_files(void)
{
	static const struct {
		long number;
		const char *name;
	} calls[] = {
#ifndef __SANITIZE_ADDRESS__	/* which reads /proc */
		{ SYS_openat, "openat" },
#endif
		{ SYS_mkdirat, "mkdirat" },
		{ SYS_unlinkat, "unlinkat" },
		{ SYS_chroot, "chroot" },
	};
	struct server s;
	struct ftp c;

	if (!SERVER(&s))
		return;
	for (size_t i = 0; i < ARRAY_SIZE(calls); i++) {
		CHECK_NUMBER(ftp_connect(&c), 220);
		check_refused_call(PROCS_GREETER, calls[i].number,
			calls[i].name, session_number(1, i, ""));
		ftp_close(&c);
	}
	server_stop(&s);
}

static void
test_session(void)
{
	struct server s;
	struct ftp c;

	if (!SERVER(&s))
		return;
	for (size_t i = 0; i < ARRAY_SIZE(forbidden); i++) {
		if (!ftp_enter(&c, "anna"))
			return;
		check_refused_call(PROCS_SESSION, forbidden[i].number,
			forbidden[i].name, session_number(1, i, " user=anna"));
		CHECK(ftp_is_closed(&c));
		ftp_close(&c);
		CHECK(procs_wait_for_count(PROCS_SESSION, 0, 3000));
	}
	server_stop(&s);
}

/* It is replaced, and logs go on. */
static void
test_recorder(void)
{
	struct server s;
	struct ftp c;
	struct proc p = { 0 };

	if (!SERVER(&s) ||
	    !CHECK(procs_settle()) ||
	    !CHECK(procs_list(PROCS_RECORDER, &p, 1) == 1))
		return;
	size_t mark = logged_mark();
	CHECK(inject_call(p.pid, SYS_execve));
	CHECK(server_wait(p.pid, 3000, NULL));
	CHECK(procs_wait_for_count(PROCS_RECORDER, 1, 5000));
	CHECK_LOGGED(mark, "error blocked system call execve (%d) of the "
		"recorder", (int)SYS_execve);
	CHECK_LOGGED(mark, "error recorder exited with status *, restarting "
		"it");
	ftp_enter(&c, "anna");
	CHECK_LOGGED(mark, "info session=1 peer=127.0.0.1 user=anna login, "
		"home directory \"/home/anna\"");
	ftp_close(&c);
	server_stop(&s);
}

CU_TestInfo functional_tests[] = {
	{ "a greeter that violates its filter is killed alone", test_greeter },
	{ "a greeter cannot open files", test_greeter_has_no_files },
	{ "a session that violates its filter is killed alone", test_session },
	{ "a recorder that violates its filter is replaced", test_recorder },
	CU_TEST_INFO_NULL,
};
