/*
 * suite_captured_recorder.c - a compromised recorder: the test makes it send
 * the runner requests of its own.
 */
#include "common/base.h"
#include "tests/functional/functional.h"

#include "common/buffer.h"
#include "common/process/runner_request.h"
#include "tests/functional/files.h"
#include "tests/functional/inject.h"
#include "tests/functional/procs.h"
#include "tests/functional/world.h"

#include <pwd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <signal.h>
#include <sys/syscall.h>

const char *const functional_name = "captured_recorder";

#define SCRIPT "/etc/sureftpd/hook"
#define OUT    "/var/log/hooks/out"
#define RUNNER "sureftpd-run"
#define FORGED "SUREFTPD_EVENT=forged"

/* Where things are in the captured process's spare memory. */
enum { MESSAGE_AT = 0, IOVEC_AT = 64, DATA_AT = 128 };

static uint32_t
hook(const char *label)
{
	uint32_t i = 0;

	while (strcmp(runner_request_label(i), label) != 0 && i < 64)
		i++;
	return i;
}

/* A request with one variable. */
static void
make_request(struct buffer *b, const struct runner_request *like,
	const char *path, const char *variable)
{
	static const char json[] = "{}\n";
	struct runner_request head = *like;

	head.hook = hook("mkdir");
	buffer_add(b, &head, sizeof(head));
	buffer_add(b, path, strlen(path) + 1);
	head.env = (uint32_t)b->len;
	buffer_add(b, variable, strlen(variable) + 1);
	head.json = (uint32_t)b->len;
	buffer_add(b, json, sizeof(json) - 1);
	memcpy(b->data, &head, sizeof(head));
}

/* Send it from the recorder, on every socket that it has. */
static void
send_forged(const struct runner_request *head, const char *path,
	const char *variable)
{
	struct captive c;
	struct proc p;
	BUFFER(b, 512);

	make_request(&b, head, path, variable);
	if (!CHECK(procs_list(PROCS_RECORDER, &p, 1) == 1) ||
	    !CHECK(inject_capture(&c, p.pid)))
		return;
	struct iovec iov = {
		(void *)(uintptr_t)inject_put(&c, DATA_AT, b.data, b.len),
		b.len
	};
	struct msghdr msg = {
		.msg_iov = (void *)(uintptr_t)inject_put(&c, IOVEC_AT, &iov,
			sizeof(iov)),
		.msg_iovlen = 1,
	};
	uint64_t at = inject_put(&c, MESSAGE_AT, &msg, sizeof(msg));
	for (uint64_t fd = 3; fd < 64; fd++) {
		const uint64_t args[6] = { fd, at,
			MSG_DONTWAIT | MSG_NOSIGNAL };
		(void)inject_syscall(&c, SYS_sendmsg, args);
	}
	CHECK(inject_release(&c));
}

static void
script(const char *text)
{
	CHECK(mkdir("/var/log/hooks", 0777) == 0 &&
		chmod("/var/log/hooks", 0777) == 0);
	CHECK(files_writef(SCRIPT, "#!/bin/sh\n%s", text));
	CHECK(chmod(SCRIPT, 0755) == 0);
}

static uint32_t
uid_of(const char *account)
{
	const struct passwd *pw = getpwnam(account);

	return CHECK(pw != NULL) ? (uint32_t)pw->pw_uid : EVENT_NO_UID;
}

/* Bert has not logged in. */
static void
test_accounts(void)
{
	struct server s;
	struct ftp c;

	script("echo \"$(id -un) $1\" >>" OUT "-$(id -un)\n");
	if (!SERVER(&s, "events.run_as=session", "events.on_mkdir=" SCRIPT) ||
	    !ftp_enter(&c, "anna"))
		return;
	EXPECT(&c, 257, "MKD one");
	CHECK_FILE(OUT "-anna", "anna /home/anna/one\n");
	const struct runner_request never = { .session = 1,
		.uid = uid_of("bert") };
	send_forged(&never, "/forged", FORGED);
	const struct runner_request other = { .session = 2,
		.uid = uid_of("anna") };
	send_forged(&other, "/forged", FORGED);
	CHECK_LOGGED(0, "error runner: process * sent a request for uid %u, "
		"which has no session 1", never.uid);
	CHECK_LOGGED(0, "error runner: process * sent a request for uid %u, "
		"which has no session 2", other.uid);
	/* What is of no account runs as the runner's own. */
	const struct runner_request none = { .uid = EVENT_NO_UID };
	send_forged(&none, "/last", FORGED);
	CHECK_FILE(OUT "-_sureftpdrun", "_sureftpdrun /last\n");
	EXPECT(&c, 257, "MKD two");
	CHECK_FILE(OUT "-anna", "anna /home/anna/two\n");
	CHECK(!files_exist(OUT "-bert"));
	CHECK_LACKS(files_text(OUT "-anna"), "forged");
	ftp_close(&c);
	server_stop(&s);
}

/* Variables such as LD_PRELOAD would make a command another one. */
static void
test_environment(void)
{
	static const char *const variables[] = {
		"LD_PRELOAD=/tmp/x.so", "PATH=/tmp", "BASH_ENV=/tmp/x",
		"SUREFTPD", "SUREFTPD_lower=x", "SUREFTPD_=x", "",
	};
	const struct runner_request none = { .uid = EVENT_NO_UID };
	struct server s;

	script("env >>" OUT "\n");
	if (!SERVER(&s, "events.on_mkdir=" SCRIPT))
		return;
	CHECK(procs_wait_for_count(RUNNER, 1, 5000));
	for (size_t i = 0; i < ARRAY_SIZE(variables); i++) {
		size_t mark = logged_mark();
		send_forged(&none, "/forged", variables[i]);
		CHECK_LOGGED(mark, "error runner: process *, uid *, sent a "
			"malformed request");
	}
	send_forged(&none, "/last", "SUREFTPD_GOOD=1=1");
	CHECK_FILE(OUT, "SUREFTPD_GOOD=1=1\n");
	CHECK_LACKS(files_text(OUT), "LD_PRELOAD");
	CHECK_LACKS(files_text(OUT), "/tmp");
	server_stop(&s);
}

/* A path that a recorder or a session has made up is not used as an option. */
static void
test_options(void)
{
	const struct runner_request none = { .uid = EVENT_NO_UID };
	struct server s;

	script("echo \"<$1> $#\" >>" OUT "\n");
	if (!SERVER(&s, "events.on_mkdir=" SCRIPT))
		return;
	CHECK(procs_wait_for_count(RUNNER, 1, 5000));
	send_forged(&none, "-rf", FORGED);
	CHECK_FILE(OUT, "<./-rf> 1\n");
	send_forged(&none, "/-rf", FORGED);
	CHECK_FILE(OUT, "</-rf> 1\n");
	send_forged(&none, "", FORGED);
	CHECK_FILE(OUT, "<> 0\n");
	server_stop(&s);
}

/* The accounts that had a session are known to the next runner, also after a
 * reload and an upgrade. */
static void
test_next_runner(void)
{
	struct proc runner;
	struct server s;
	struct ftp c;

	script("echo \"$(id -un) $1\" >>" OUT "\n");
	if (!SERVER(&s, "events.run_as=session", "events.on_mkdir=" SCRIPT) ||
	    !ftp_enter(&c, "anna"))
		return;
	CHECK(procs_wait_for_count(RUNNER, 1, 5000));
	CHECK(procs_list(RUNNER, &runner, 1) == 1 &&
		kill(runner.pid, SIGKILL) == 0);
	CHECK_LOGGED(0, "error runner was killed by signal 9, restarting it");
	EXPECT(&c, 257, "MKD killed");
	CHECK_FILE(OUT, "anna /home/anna/killed\n");
	size_t mark = logged_mark();
	logged_reload(&s);
	EXPECT(&c, 257, "MKD reloaded");
	CHECK_FILE(OUT, "anna /home/anna/reloaded\n");
	mark = logged_mark();
	CHECK(kill(s.pid, SIGUSR2) == 0);
	CHECK_LOGGED(mark, "info restarted in place, version *");
	EXPECT(&c, 257, "MKD upgraded");
	CHECK_FILE(OUT, "anna /home/anna/upgraded\n");
	ftp_close(&c);
	server_stop(&s);
}

CU_TestInfo functional_tests[] = {
	{ "a recorder cannot have commands run as an account without a session",
		test_accounts },
	{ "a recorder cannot choose what a command's variables do",
		test_environment },
	{ "a made-up path is no option", test_options },
	{ "a new runner knows the accounts of the sessions",
		test_next_runner },
	CU_TEST_INFO_NULL,
};
