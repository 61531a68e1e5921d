/*
 * test_sandbox_radius.c - the filter of the process radius: it cannot choose
 * where it sends to.
 */
#include "common/base.h"
#include "common/process/sandbox.h"

#include "common/process/message.h"
#include "tests/unit/child.h"
#include "tests/unit/unit.h"

#include <netinet/in.h>
#include <sys/prctl.h>
#include <sys/socket.h>

const char *const unit_name = "sandbox_radius";

static int pair[2];

static void send_to_peer(void) { (void)!send(pair[1], "x", 1, 0); }
static void
send_to_address(void)
{
	const struct sockaddr_in to = { .sin_family = AF_INET };

	(void)!sendto(pair[1], "x", 1, 0, (const void *)&to, sizeof(to));
}
static void
send_message(void)
{
	const struct msghdr msg = { .msg_iov = NULL };

	(void)!sendmsg(pair[1], &msg, 0);
}
static void
set_option(void)
{
	const int on = 1;

	(void)setsockopt(0, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));
}
static void connect_it(void) { (void)!connect(0, NULL, 0); }
static void bind_it(void) { (void)!bind(0, NULL, 0); }
static void udp_socket(void) { socket(AF_INET, SOCK_DGRAM, 0); }
static void tcp_socket(void) { socket(AF_INET, SOCK_STREAM, 0); }

/* The outcome of this call in the filter; 0: it is allowed. */
static int
try_in(enum sandbox_filter filter, void (*attempt)(void))
{
	int status = -1;
	pid_t pid = child_fork();

	if (pid == 0) {
		CHILD_CHECK(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0);
		CHILD_CHECK(sandbox_enter(filter) == 0);
		attempt();
		_exit(0);
	}
	CU_ASSERT_FATAL(pid > 0 && waitpid(pid, &status, 0) == pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void
test_sends_to_peers(void)
{
	static void (*const attempts[])(void) = { send_to_address,
		send_message, set_option, connect_it, bind_it, udp_socket,
		tcp_socket };

	if (!sandbox_available()) {
		printf("SKIP (the kernel has no seccomp filters)\n");
		return;
	}
	CU_ASSERT_EQUAL_FATAL(sandbox_prepare(), 0);
	CU_ASSERT_EQUAL_FATAL(socketpair(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0,
		pair), 0);
	CU_ASSERT_EQUAL(try_in(SANDBOX_RADIUS, send_to_peer), 0);
	for (size_t i = 0; i < ARRAY_SIZE(attempts); i++) {
		CU_ASSERT_EQUAL(try_in(SANDBOX_RADIUS, attempts[i]),
			OUTCOME_SANDBOX);
		/* The attempts are such that a filter can allow them. */
		CU_ASSERT_EQUAL(try_in(SANDBOX_CONNECTOR, attempts[i]),
			attempts[i] == bind_it ? OUTCOME_SANDBOX : 0);
	}
	close(pair[0]);
	close(pair[1]);
}

CU_TestInfo unit_tests[] = {
	{ "radius sends to its peers only", test_sends_to_peers },
	CU_TEST_INFO_NULL,
};
