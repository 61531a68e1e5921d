/*
 * suite_captured.c - a compromised greeter, session or runner: the test makes
 * the process try to forge log lines of others, to block their logs, to exhaust
 * root's resources, and to become root.
 */
#include "common/base.h"
#include "tests/functional/functional.h"

#include "common/log/log.h"
#include "common/process/channel.h"
#include "tests/functional/files.h"
#include "tests/functional/forge.h"
#include "tests/functional/procs.h"

#include <sys/socket.h>
#include <sys/syscall.h>

const char *const functional_name = "captured";

#define VSFTPD "/var/log/vsftpd.log"

static const char *
vsftpd_log(void)
{
	static char text[1 << 20];

	if (files_read(VSFTPD, text, sizeof(text)) < 0)
		return "(none)";
	return text;
}

/* Nothing it sends produces a line with another address, session or account, or
 * one that ban tools look for. */
static void
check_forgeries(const char *process, const char *own, const char *role)
{
	struct captive c;

	size_t mark = logged_mark();
	if (!CHECK(inject_capture(&c, procs_serving(process))))
		return;
	for (int type = 0; type < EVENT_TYPES; type++) {
		struct event e = forge_event((enum event_type)type);
		CHECK(forge_send(&c, &e) > 0);
	}
	/* Byte for byte what a failed login looks like. */
	struct event e = forge_event(EVENT_message);
	e.text = "login failed: unknown user";
	CHECK(forge_send(&c, &e) > 0);
	e.text = "the last one";
	CHECK(forge_send(&c, &e) > 0);
	CHECK(inject_release(&c));
	CHECK_LOGGED(mark, "warning %s %s: login failed: unknown user", own,
		role);
	CHECK_LOGGED(mark, "warning %s %s: the last one", own, role);
	CHECK_LOGGED(mark, "error %s protocol violation reported by the "
		"recorder: event login_failed from the %s: not from this "
		"sender", own, role);
	CHECK_LACKS(server_log(), FORGE_VICTIM);
	CHECK_LACKS(server_log(), "session=99");
	CHECK_LACKS(server_log(), "user=bert");
	CHECK_LACKS(server_log(), "127.0.0.1 login failed: ");
	CHECK_LACKS(server_log(), "anna login failed: ");
	CHECK_LACKS(vsftpd_log(), FORGE_VICTIM);
	CHECK_LACKS(vsftpd_log(), "[bert]");
	CHECK_LACKS(vsftpd_log(), "FAIL LOGIN");
}

static void
test_greeter_forges(void)
{
	struct server s;
	struct ftp c;

	if (!SERVER(&s, "log.vsftpd_file=" VSFTPD))
		return;
	CHECK_NUMBER(ftp_connect(&c), 220);
	check_forgeries(PROCS_GREETER, "session=1 peer=127.0.0.1", "greeter");
	CHECK_LACKS(vsftpd_log(), "forged");
	/* The process continues normally. */
	CHECK_NUMBER(ftp_login(&c, "anna", "anna-pass"), 230);
	ftp_close(&c);
	server_stop(&s);
}

static void
test_session_forges(void)
{
	struct server s;
	struct ftp c;

	if (!SERVER(&s, "log.vsftpd_file=" VSFTPD) || !ftp_enter(&c, "anna"))
		return;
	check_forgeries(PROCS_SESSION,
		"session=1 peer=127.0.0.1 user=anna", "session");
	/* It can send any events about itself. */
	CHECK_HAS(vsftpd_log(), "[anna] OK UPLOAD: Client \"127.0.0.1\", "
		"\"/home/bert/forged\"");
	EXPECT(&c, 200, "NOOP");
	ftp_close(&c);
	server_stop(&s);
}

/* A descriptor of its own log's socket, made as dup() would: sent to itself.
 * Greeters alone can make the sockets for it. */
static long
duplicate(struct captive *c, int pair)
{
	union {
		struct cmsghdr align;
		char bytes[CMSG_SPACE(sizeof(int))];
	} control = { .bytes = { 0 } };
	const int log = LOG_DESCRIPTOR;
	struct cmsghdr *cmsg = &control.align;
	int fds[2], copy = -1;

	if (!CHECK(inject_get(c, (size_t)pair, fds, sizeof(fds))))
		return -1;
	cmsg->cmsg_level = SOL_SOCKET;
	cmsg->cmsg_type = SCM_RIGHTS;
	cmsg->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(cmsg), &log, sizeof(log));
	struct iovec iov = {
		(void *)(uintptr_t)inject_put(c, 512, "x", 1), 1 };
	struct msghdr msg = {
		.msg_iov = (void *)(uintptr_t)inject_put(c, 520, &iov,
			sizeof(iov)),
		.msg_iovlen = 1,
		.msg_control = (void *)(uintptr_t)inject_put(c, 640, &control,
			sizeof(control)),
		.msg_controllen = sizeof(control),
	};
	uint64_t at = inject_put(c, 768, &msg, sizeof(msg));
	const uint64_t out[6] = { (uint64_t)fds[0], at, 0 };
	const uint64_t in[6] = { (uint64_t)fds[1], at, 0 };
	CHECK_NUMBER(inject_syscall(c, SYS_sendmsg, out), 1);
	CHECK_NUMBER(inject_syscall(c, SYS_recvmsg, in), 1);
	CHECK(inject_get(c, 640 + CMSG_LEN(0), &copy, sizeof(copy)));
	return copy;
}

static void
shut_down(struct captive *c, long fd)
{
	const uint64_t args[6] = { (uint64_t)fd, SHUT_RDWR };

	CHECK_NUMBER(inject_syscall(c, SYS_shutdown, args), 0);
}

/* Bert's session, which existed before, and a new one. */
static void
check_others_are_logged(struct ftp *other, int session, const char *name)
{
	size_t mark = logged_mark();
	struct ftp new;

	EXPECT(other, 257, "MKD %s", name);
	CHECK_LOGGED(mark, "info session=%d peer=127.0.0.1 user=bert created "
		"directory \"/home/bert/%s\"", session, name);
	if (!ftp_enter(&new, "anna"))
		return;
	EXPECT(&new, 257, "MKD %s", name);
	CHECK_LOGGED(mark, "info session=%ju peer=127.0.0.1 user=anna created "
		"directory \"/home/anna/%s\"",
		(uintmax_t)logged_session(mark), name);
	EXPECT(&new, 221, "QUIT");
	ftp_close(&new);
}

static void
test_greeter_shuts_down(void)
{
	struct captive captive;
	struct server s;
	struct ftp c, other;

	if (!SERVER(&s) || !ftp_enter(&other, "bert"))
		return;
	CHECK_NUMBER(ftp_connect(&c), 220);
	if (!CHECK(inject_capture(&captive, procs_serving(PROCS_GREETER))))
		return;
	const int room[2] = { -1, -1 };
	const uint64_t pair[6] = { AF_UNIX, SOCK_STREAM, 0,
		inject_put(&captive, 256, room, sizeof(room)) };
	CHECK_NUMBER(inject_syscall(&captive, SYS_socketpair, pair), 0);
	long copy = duplicate(&captive, 256);
	CHECK(copy > LOG_DESCRIPTOR);
	shut_down(&captive, copy);
	check_others_are_logged(&other, 1, "one");
	CHECK(inject_release(&captive));
	ftp_close(&c);
	check_others_are_logged(&other, 1, "two");
	ftp_close(&other);
	server_stop(&s);
}

static void
test_session_shuts_down(void)
{
	const uint64_t close_log[6] = { LOG_DESCRIPTOR };
	struct captive captive;
	struct server s;
	struct ftp c, other;
	pid_t pid;

	if (!SERVER(&s) || !ftp_enter(&c, "anna"))
		return;
	pid = procs_serving(PROCS_SESSION);
	if (!ftp_enter(&other, "bert") || !CHECK(inject_capture(&captive, pid)))
		return;
	shut_down(&captive, LOG_DESCRIPTOR);
	check_others_are_logged(&other, 2, "one");
	CHECK_NUMBER(inject_syscall(&captive, SYS_close, close_log), 0);
	check_others_are_logged(&other, 2, "two");
	CHECK(inject_release(&captive));
	EXPECT(&c, 257, "PWD");
	ftp_close(&c);
	check_others_are_logged(&other, 2, "three");
	ftp_close(&other);
	server_stop(&s);
}

/* The log socket of a process, which no other process has. */
static void
check_own_log(pid_t pid)
{
	static struct proc list[PROCS_MAX];
	size_t n = procs_list(NULL, list, PROCS_MAX);
	char own[64], other[64];

	procs_descriptor(pid, LOG_DESCRIPTOR, own, sizeof(own));
	CHECK_SAYS(strncmp(own, "socket:[", 8) == 0, "descriptor 3 is %s",
		own);
	for (size_t i = 0; i < n && i < PROCS_MAX; i++) {
		if (list[i].pid == pid)
			continue;
		for (int fd = 0; fd < 64; fd++)
			CHECK_SAYS(strcmp(procs_descriptor(list[i].pid, fd,
				other, sizeof(other)), own) != 0,
				"%s has the log of %d", list[i].name, pid);
	}
#ifndef __SANITIZE_ADDRESS__	/* which reports there */
	CHECK_TEXT(procs_descriptor(pid, STDERR_FILENO, other, sizeof(other)),
		"/dev/null");
#endif
}

static void
test_own_logs(void)
{
	static const char *const names[] = { PROCS_GREETER, PROCS_SESSION };
	struct server s;
	struct proc list[16];
	struct ftp c[3];

	if (!SERVER(&s))
		return;
	CHECK_NUMBER(ftp_connect(&c[0]), 220);
	ftp_enter(&c[1], "anna");
	ftp_enter(&c[2], "bert");
	/* Greeters of logged-in sessions have exited: one greeter is active,
	 * two are idle. */
	CHECK(procs_wait_for_count(PROCS_GREETER, 3, 5000));
	CHECK(procs_settle());
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		size_t n = procs_list(names[i], list, 16);

		CHECK_SAYS(n >= 2 && n <= 16, "%zu of %s", n, names[i]);
		for (size_t k = 0; k < n && k < 16; k++)
			check_own_log(list[k].pid);
	}
	for (int i = 0; i < 3; i++)
		ftp_close(&c[i]);
	server_stop(&s);
}

/* The request for a socket from root. */
static size_t
active_bind(uint8_t *data)
{
	const uint32_t header[2] = { MESSAGE_active_bind,
		sizeof(struct message_active_bind) };
	struct message_active_bind bind = { 0 };

	if (address_parse(&bind.to, "127.0.0.1") < 0)
		perror("127.0.0.1");
	address_set_port(&bind.to, 5000);
	memcpy(data, header, sizeof(header));
	memcpy(data + sizeof(header), &bind, sizeof(bind));
	return sizeof(header) + sizeof(bind);
}

/* Unreceived sockets count against a limit of all root processes (RLIMIT_NOFILE
 * per user), so in the end no monitor could send one. */
static void
test_session_hoards_sockets(void)
{
	uint8_t data[8 + sizeof(struct message_active_bind)];
	struct captive captive;
	struct server s;
	struct ftp c;

	if (!SERVER(&s) || !ftp_enter(&c, "anna") ||
	    !CHECK(inject_capture(&captive, procs_serving(PROCS_SESSION))))
		return;
	size_t len = active_bind(data);
	uint64_t at = inject_put(&captive, 0, data, len);
	/* The number of the monitor's descriptor is not known here. */
	for (uint64_t fd = LOG_DESCRIPTOR + 1; fd < 32; fd++)
		for (int i = 0; i < 10; i++) {
			const uint64_t send[6] = { fd, at, len,
				MSG_DONTWAIT | MSG_NOSIGNAL };
			(void)inject_syscall(&captive, SYS_sendto, send);
		}
	CHECK_LOGGED(0, "error session=1 peer=127.0.0.1 user=anna protocol "
		"violation reported by the monitor: message active_bind from "
		"the session: earlier answers were not received");
	/* Its monitor has killed it; a traced process must be reaped by its
	 * tracer before its parent can reap it. */
	CHECK(!inject_end_loop(&captive));
	CHECK_LOGGED(0, "* session=1 peer=127.0.0.1 user=anna session ended: "
		"protocol violation after * s");
	ftp_close(&c);
	server_stop(&s);
}

/* With run_as = session it may become any user; a filter excludes root. */
static void
test_runner(void)
{
	static const uint64_t root[6];
	static const long calls[] = { SYS_setuid, SYS_setgid, SYS_setresuid,
		SYS_setresgid, SYS_setreuid, SYS_setregid, SYS_setfsuid };
	struct captive c;
	struct server s;
	struct proc p;

	if (!SERVER(&s, "events.run_as=session", "events.on_login=/bin/true") ||
	    !CHECK(procs_settle()) ||
	    !CHECK(procs_list("sureftpd-run", &p, 1) == 1))
		return;
	CHECK(p.uid[0] != 0 && p.uid[1] != 0 && p.uid[2] != 0);
	CHECK_NUMBER(__builtin_popcountll(p.effective), 4);
	if (!CHECK(inject_capture(&c, p.pid)))
		return;
	for (size_t i = 0; i < ARRAY_SIZE(calls); i++)
		CHECK_SAYS(inject_syscall(&c, calls[i], root) == -EPERM,
			"call %ld", calls[i]);
	CHECK(inject_release(&c));
	server_stop(&s);
}

CU_TestInfo functional_tests[] = {
	{ "a log socket identifies one process", test_own_logs },
	{ "a greeter cannot forge log lines of others", test_greeter_forges },
	{ "a session cannot forge log lines of others", test_session_forges },
	{ "a greeter cannot block the logs of others",
		test_greeter_shuts_down },
	{ "a session cannot block the logs of others",
		test_session_shuts_down },
	{ "a session cannot accumulate sockets from root",
		test_session_hoards_sockets },
	{ "a runner cannot become root", test_runner },
	CU_TEST_INFO_NULL,
};
