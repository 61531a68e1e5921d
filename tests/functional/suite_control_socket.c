/*
 * suite_control_socket.c - the control socket: access control, and resistance
 * against misuse (rules R10, R26, R33).
 */
#include "common/base.h"
#include "tests/functional/functional.h"

#include "common/process/channel.h"
#include "common/clock.h"
#include "tests/functional/ctl.h"
#include "tests/functional/files.h"
#include "tests/functional/network.h"
#include "tests/functional/procs.h"

#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <sysexits.h>

const char *const functional_name = "control_socket";

#define ANNA 1001u
#define BERT 1002u

static struct ctl_result r;

static void
check_answers(const char *path, pid_t pid)
{
	char wanted[64];

	CHECK_SAYS(CTL(&r, "--socket", path, "status") == EX_OK, "%s: %d, %s",
		path, r.status, r.err);
	snprintf(wanted, sizeof(wanted), "pid %d\n", pid);
	CHECK_HAS(r.out, wanted);
}

/* FTP clients are served whatever happens on the control socket. */
static void
check_serves(void)
{
	struct ftp c;

	if (ftp_enter(&c, "anna"))
		CHECK_NUMBER(ftp_put(&c, "x", 1, "STOR f"), 226);
	ftp_close(&c);
}

static void
test_place(void)
{
	struct server s;
	struct stat st;

	if (!SERVER(&s))
		return;
	CHECK(lstat("/run/sureftpd", &st) == 0 && S_ISDIR(st.st_mode));
	CHECK_NUMBER(st.st_mode & 07777, 0755);
	CHECK_NUMBER(st.st_uid, 0);
	CHECK(lstat(CTL_SOCKET, &st) == 0 && S_ISSOCK(st.st_mode));
	CHECK_NUMBER(st.st_mode & 07777, 0600);
	CHECK_NUMBER(st.st_uid, 0);
	server_stop(&s);
	CHECK(lstat(CTL_SOCKET, &st) < 0 && errno == ENOENT);
}

static void
test_no_worker_has_it(void)
{
	static struct proc list[64];
	struct server s;
	struct ftp c;

	if (!SERVER(&s))
		return;
	/* Forked and served while two programs are connected. */
	int idle[] = { ctl_connect(CTL_SOCKET), ctl_connect(CTL_SOCKET) };
	check_answers(CTL_SOCKET, s.pid);
	CHECK(ftp_enter(&c, "anna"));
	CHECK(procs_wait_for_count(PROCS_MONITOR, 3, 5000));
	CHECK(procs_settle());
	CHECK_NUMBER(procs_listening(s.pid), 2);
	size_t n = procs_list(NULL, list, 64);
	CHECK(n >= 6);
	for (size_t i = 0; i < n && i < 64; i++) {
		if (list[i].pid == s.pid)
			continue;
		CHECK_SAYS(procs_listening(list[i].pid) == 0,
			"%s listens", list[i].name);
		CHECK_SAYS(procs_local(list[i].pid, CTL_SOCKET) == 0,
			"%s is connected to the control socket", list[i].name);
	}
	CHECK_NUMBER(procs_local(s.pid, CTL_SOCKET), 3);
	ftp_close(&c);
	close(idle[0]);
	close(idle[1]);
	server_stop(&s);
}

static int
connect_as(uid_t uid)
{
	CHECK(seteuid(uid) == 0);
	int fd = ctl_connect(CTL_SOCKET);
	CHECK(seteuid(0) == 0);
	return fd;
}

static void
test_only_root(void)
{
	struct server s;

	if (!SERVER(&s))
		return;
	CHECK_NUMBER(CTL_AS(ANNA, &r, "who"), EX_NOPERM);
	CHECK_HAS(r.err, "run as root");
	CHECK_TEXT(r.out, "");
	CHECK_NUMBER(connect_as(ANNA), -1);
	/* Access does not depend on the mode of the socket only. */
	CHECK(chmod(CTL_SOCKET, 0666) == 0);
	CHECK_NUMBER(CTL_AS(ANNA, &r, "who"), EX_NOPERM);
	CHECK_HAS(r.err, "run as root");
	CHECK_TEXT(r.out, "");
	CHECK_LOGGED(0, "warning control socket: refused uid 1001, which is "
		"neither root nor in admin_users or admin_groups");
	/* Refused programs do not use up places. */
	for (int i = 0; i < 40; i++) {
		int fd = connect_as(ANNA);
		CHECK(fd >= 0 && ctl_is_closed(fd, 2000));
		close(fd);
	}
	check_answers(CTL_SOCKET, s.pid);
	server_stop(&s);
}

/* A connection whose last close() waits: its peer accepts, but does not read
 * what was sent. */
static int
make_lingering(int *deaf)
{
	static const char bytes[65536];
	const struct linger linger = { .l_onoff = 1, .l_linger = 60 };
	struct sockaddr_in at = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t size = sizeof(at);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	*deaf = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	CHECK(bind(*deaf, (struct sockaddr *)&at, size) == 0 &&
		listen(*deaf, 1) == 0 &&
		getsockname(*deaf, (struct sockaddr *)&at, &size) == 0 &&
		connect(fd, (struct sockaddr *)&at, size) == 0);
	while (send(fd, bytes, sizeof(bytes), MSG_DONTWAIT) > 0)
		;
	CHECK(setsockopt(fd, SOL_SOCKET, SO_LINGER, &linger,
		sizeof(linger)) == 0);
	return fd;
}

static void
send_away(int to, int fd)
{
	union {
		struct cmsghdr align;
		char bytes[CMSG_SPACE(sizeof(int))];
	} control = { .bytes = { 0 } };
	struct iovec iov = { (char[]){ "x" }, 1 };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1,
		.msg_control = &control, .msg_controllen = sizeof(control) };

	control.align.cmsg_level = SOL_SOCKET;
	control.align.cmsg_type = SCM_RIGHTS;
	control.align.cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(&control.align), &fd, sizeof(fd));
	CHECK_NUMBER(sendmsg(to, &msg, MSG_NOSIGNAL), 1);
	close(fd);
}

/* With admin_users anybody may connect; who is refused has the master close
 * what was sent. */
static void
test_lingering(void)
{
	struct server s;
	int deaf;

	if (!SERVER(&s, "server.admin_users=bert"))
		return;
	CHECK(kill(s.pid, SIGSTOP) == 0);
	int fd = connect_as(ANNA);
	send_away(fd, make_lingering(&deaf));
	CHECK(kill(s.pid, SIGCONT) == 0);
	check_answers(CTL_SOCKET, s.pid);
	check_serves();
	close(fd);
	close(deaf);
	server_stop(&s);
}

/* An administrator cannot stop the log, which shows what he does. */
static void
test_lingering_follower(void)
{
	struct message m;
	struct channel c;
	struct server s;
	int deaf;

	if (!SERVER(&s, "server.admin_users=bert"))
		return;
	channel_open(&c, connect_as(BERT), PARTY_CONTROL, PARTY_MASTER,
		&channel_any_phase);
	message_begin(&m, MESSAGE_ask_events);
	CHECK(channel_send(&c, &m) == 0 && channel_recv(&c, &m) == 1 &&
		m.type == MESSAGE_events);
	send_away(m.fds[0], make_lingering(&deaf));
	size_t mark = logged_mark();
	check_serves();
	CHECK_LOGGED(mark, "info session=1 * upload of \"/home/anna/f\" *");
	channel_close(&c);
	close(m.fds[0]);
	close(deaf);
	server_stop(&s);
}

/* The recorder writes with a delay. */
static bool
all_logged(void *context)
{
	const size_t *count = context;

	return logged_times(0, "error *: message without a name from the "
		"control program: *") >= *count;
}

static void
test_garbage(void)
{
	static char bytes[100000];
	static const size_t sizes[] = { 1, 7, 8, 9, 12, 500, 6000, 100000 };
	struct server s;

	if (!SERVER(&s))
		return;
	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (char)(i * 7);
	for (size_t i = 0; i < ARRAY_SIZE(sizes); i++) {
		int fd = ctl_connect(CTL_SOCKET);
		CHECK(send(fd, bytes, sizes[i], 0) == (ssize_t)sizes[i]);
		CHECK_SAYS(ctl_is_closed(fd, 1000), "%zu bytes", sizes[i]);
		close(fd);
	}
	size_t all = ARRAY_SIZE(sizes);
	CHECK(wait_until(all_logged, &all, 5000));
	CHECK_NUMBER(logged_times(0, "error *: message without a name from "
		"the control program: no header"), 2);
	CHECK_NUMBER(logged_times(0, "error *: message without a name from "
		"the control program: unknown type"), ARRAY_SIZE(sizes) - 2);
	check_answers(CTL_SOCKET, s.pid);
	check_serves();
	server_stop(&s);
}

/* A valid message, but not one that sureftpctl may send. */
static void
test_messages_of_others(void)
{
	struct channel c;
	struct message m;
	struct server s;

	if (!SERVER(&s))
		return;
	int fd = ctl_connect(CTL_SOCKET);
	channel_open(&c, fd, PARTY_MONITOR, PARTY_MASTER, &channel_any_phase);
	message_zero(&m);
	m.type = MESSAGE_login;
	memcpy(m.login.account, "uid 1001", sizeof("uid 1001"));
	CHECK_NUMBER(channel_send(&c, &m), 0);
	CHECK(ctl_is_closed(fd, 1000));
	CHECK_LOGGED(0, "error *: message login from the control program: not "
		"from this sender");
	close(fd);
	check_serves();
	server_stop(&s);
}

/* Nine connections send nothing: they are closed after the timeout, then the
 * next one is served. */
static void
test_idle(void)
{
	int fds[9];
	struct server s;

	if (!SERVER(&s))
		return;
	for (size_t i = 0; i < ARRAY_SIZE(fds); i++)
		CHECK((fds[i] = ctl_connect(CTL_SOCKET)) >= 0);
	int64_t before = clock_ms();
	check_serves();
	check_answers(CTL_SOCKET, s.pid);
	CHECK_SAYS(clock_ms() - before < 6000, "%lld ms",
		(long long)(clock_ms() - before));
	for (size_t i = 0; i < ARRAY_SIZE(fds); i++) {
		CHECK(ctl_is_closed(fds[i], 7000));
		close(fds[i]);
	}
	/* Afterwards the master does not wake up for them any more. */
	int64_t ticks = procs_ticks(s.pid);
	/* There is no event for the absence of activity. */
	wait_for_time(300);
	CHECK(procs_ticks(s.pid) - ticks <= 2);
	server_stop(&s);
}

static void
test_many_at_once(void)
{
	pid_t pids[40];
	struct server s;

	if (!SERVER(&s))
		return;
	fflush(stdout);
	for (size_t i = 0; i < ARRAY_SIZE(pids); i++) {
		pids[i] = fork();
		if (pids[i] == 0) {
			static struct ctl_result own;
			_exit(ctl_run(&own, 0, (const char *const[]){
				"status", NULL }));
		}
	}
	for (size_t i = 0; i < ARRAY_SIZE(pids); i++) {
		int status = -1;
		CHECK(server_wait(pids[i], 20000, &status));
		CHECK_NUMBER(status, 0);
	}
	server_stop(&s);
}

/* Start a second server; SERVER() expects to be the only one. */
static void
test_second_server(void)
{
	struct server s, second;
	int status = -1;

	if (!SERVER(&s) || !SERVER(&second, "listener.port=2121"))
		return;
	CHECK_LOGGED(0, "warning control_socket " CTL_SOCKET ": in use by "
		"another server; sureftpctl cannot reach the server there");
	check_answers(CTL_SOCKET, s.pid);
	CHECK(kill(second.pid, SIGTERM) == 0);
	CHECK(server_wait(second.pid, 10000, &status));
	CHECK_NUMBER(status, 0);
	check_answers(CTL_SOCKET, s.pid);
	server_stop(&s);
}

static void
test_stale_socket(void)
{
	struct server s;

	if (!SERVER(&s))
		return;
	CHECK(kill(s.pid, SIGKILL) == 0);
	CHECK(server_wait(s.pid, 2000, NULL));
	CHECK(procs_wait_for_count(NULL, 0, 5000));
	CHECK(files_exist(CTL_SOCKET));
	CHECK_NUMBER(CTL(&r, "who"), EX_UNAVAILABLE);
	CHECK_HAS(r.err, "cannot connect to");
	if (!SERVER(&s))
		return;
	check_answers(CTL_SOCKET, s.pid);
	CHECK_NUMBER(logged_times(0, "*control_socket*"), 0);
	server_stop(&s);
}

CU_TestInfo functional_tests[] = {
	{ "path, mode and removal at shutdown", test_place },
	{ "no worker holds it or a connection to it",
		test_no_worker_has_it },
	{ "only root is answered, whatever the mode", test_only_root },
	{ "invalid requests are rejected", test_garbage },
	{ "messages of other processes are rejected", test_messages_of_others },
	{ "a refused program cannot make the master wait", test_lingering },
	{ "a follower cannot make the recorder wait", test_lingering_follower },
	{ "nine idle connections do not block others", test_idle },
	{ "forty at once", test_many_at_once },
	{ "a second server runs without the socket", test_second_server },
	{ "a stale socket of a previous server is replaced",
		test_stale_socket },
	CU_TEST_INFO_NULL,
};
