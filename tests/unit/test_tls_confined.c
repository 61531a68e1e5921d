/*
 * test_tls_confined.c - TLS in a process without files and rights.
 */
#include "common/base.h"
#include "common/tls/tls.h"

#include "common/io.h"
#include "common/process/sandbox.h"
#include "tests/unit/child.h"
#include "tests/unit/tls_pair.h"
#include "tests/unit/tls_pki.h"
#include "tests/unit/unit.h"

#include <poll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>

const char *const unit_name = "tls_confined";

static int fds[2];

static struct tls_server *server;

/* A pair where a process of the test plays the client. */

static void
wait_for(short events)
{
	struct pollfd p = { .fd = fds[0], .events = events };

	CHILD_CHECK(poll(&p, 1, 5000) == 1);
}

static void
serve(enum tls_use use)
{
	struct tls *tls = tls_new(server, fds[0], use, &tls_pair_binding);
	char line[64];
	short events = 0;
	ssize_t n;
	int result;

	CHILD_CHECK(tls != NULL);
	while ((result = tls_handshake(tls, &events)) == -EAGAIN)
		wait_for(events);
	CHILD_CHECK(result == 1);
	while ((n = tls_read(tls, line, sizeof(line), &events)) == -EAGAIN)
		wait_for(events);
	CHILD_CHECK(n > 0);
	CHILD_CHECK(tls_write(tls, line, (size_t)n, &events) == n);
	result = tls_send_ticket(tls, &events);
	CHILD_CHECK(result == 0 || result == -ENOTSUP);
	CHILD_CHECK(tls_end(tls, &events) == 0);
	while ((n = tls_read(tls, line, sizeof(line), &events)) == -EAGAIN)
		wait_for(events);
	CHILD_CHECK(n == 0);
	tls_free(tls);
}

static void
lose_everything(enum sandbox_filter filter)
{
	CHILD_CHECK(chroot(tls_pki_path("empty")) == 0 && chdir("/") == 0);
	CHILD_CHECK(setresgid(65534, 65534, 65534) == 0);
	CHILD_CHECK(setresuid(65534, 65534, 65534) == 0);
	CHILD_CHECK(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0);
	CHILD_CHECK(sandbox_enter(filter) == 0);
}

static void
confined_greeter(void)
{
	lose_everything(SANDBOX_GREETER);
	serve(TLS_CONTROL);
}

static void
confined_session(void)
{
	lose_everything(SANDBOX_SESSION);
	serve(TLS_DATA);
}

/* The client; fds[1] blocks. */
static void
visit(int version)
{
	SSL_CTX *context = tls_pair_client(version);
	SSL *client = SSL_new(context);
	char line[64];

	SSL_CTX_sess_set_new_cb(context, NULL);
	SSL_set_fd(client, fds[1]);
	CU_ASSERT_EQUAL(SSL_connect(client), 1);
	CU_ASSERT_EQUAL(SSL_write(client, "NOOP\r\n", 6), 6);
	CU_ASSERT_EQUAL(SSL_read(client, line, sizeof(line)), 6);
	CU_ASSERT_EQUAL(SSL_read(client, line, sizeof(line)), 0);
	CU_ASSERT_EQUAL(SSL_shutdown(client), 1);
	SSL_free(client);
	SSL_CTX_free(context);
}

static void
try_confined(void (*body)(void), int version)
{
	int status = -1;

	CU_ASSERT_EQUAL_FATAL(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC,
		0, fds), 0);
	pid_t pid = fork();
	if (pid == 0) {
		close(fds[1]);
		CHILD_CHECK(io_nonblocking(fds[0], true) == 0);
		body();
		_exit(0);
	}
	close(fds[0]);
	visit(version);
	close(fds[1]);
	CU_ASSERT_EQUAL(waitpid(pid, &status, 0), pid);
	CU_ASSERT_EQUAL(status, 0);
}

static void
confined_processes_do_tls(void)
{
	if (child_skip_without_root("TLS without files and rights"))
		return;
	if (!sandbox_available()) {
		printf("SKIP (no seccomp here): TLS without files\n");
		return;
	}
	CU_ASSERT_EQUAL_FATAL(tls_pki_begin(), 0);
	server = tls_pair_usual_server();
	CU_ASSERT_PTR_NOT_NULL_FATAL(server);
	CU_ASSERT_EQUAL_FATAL(sandbox_prepare(), 0);
	CU_ASSERT_EQUAL(mkdir(tls_pki_path("empty"), 0755), 0);
	try_confined(confined_greeter, TLS1_2_VERSION);
	try_confined(confined_greeter, TLS1_3_VERSION);
	try_confined(confined_session, TLS1_2_VERSION);
	try_confined(confined_session, TLS1_3_VERSION);
	CU_ASSERT_EQUAL(rmdir(tls_pki_path("empty")), 0);
	tls_server_free(server);
}

static void
end(void)
{
	tls_pki_end();
}

CU_TestInfo unit_tests[] = {
	{"processes without files and rights do TLS",
		confined_processes_do_tls},
	{"the files go again", end},
	CU_TEST_INFO_NULL,
};
