/*
 * test_service_socket.c - the socket by which root's processes reach a service:
 * datagrams, descriptors with them, who sent them, and what does not fit.
 */
#include "common/base.h"

#include "common/clock.h"
#include "common/process/service_socket.h"
#include "tests/unit/child.h"
#include "tests/unit/scratch.h"
#include "tests/unit/unit.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/socket.h>

const char *const unit_name = "service_socket";

static int fds[2];

static void
begin(void)
{
	CU_ASSERT_EQUAL_FATAL(service_socket_pair(fds, 1 << 20), 0);
}

static void
end(void)
{
	close(fds[0]);
	if (fds[1] >= 0)
		close(fds[1]);
}

static void
test_datagrams(void)
{
	struct service_datagram d;
	char data[8];

	begin();
	CU_ASSERT_EQUAL(service_socket_receive(fds[0], data, 8, &d), -EAGAIN);
	CU_ASSERT_EQUAL(service_socket_send(fds[1], "one", 3, -1, 1000), 0);
	CU_ASSERT_EQUAL(service_socket_send(fds[1], "", 0, -1, 1000), 0);
	CU_ASSERT_EQUAL(service_socket_send(fds[1], "much longer", 11, -1,
		1000), 0);
	CU_ASSERT_EQUAL(service_socket_receive(fds[0], data, 8, &d), 1);
	CU_ASSERT_EQUAL(d.len, 3);
	CU_ASSERT_NSTRING_EQUAL(data, "one", 3);
	CU_ASSERT_EQUAL(d.attached, -1);
	CU_ASSERT_EQUAL(d.pid, getpid());
	CU_ASSERT_EQUAL(d.uid, geteuid());
	/* Nothing at all is no end. */
	CU_ASSERT_EQUAL(service_socket_receive(fds[0], data, 8, &d), 1);
	CU_ASSERT_EQUAL(d.len, 0);
	CU_ASSERT_EQUAL(service_socket_receive(fds[0], data, 8, &d), 1);
	CU_ASSERT_EQUAL(d.len, 11);
	close(fds[1]);
	fds[1] = -1;
	CU_ASSERT_EQUAL(service_socket_receive(fds[0], data, 8, &d), 0);
	end();
}

static void
test_attach(void)
{
	size_t before = scratch_descriptors();
	struct service_datagram d;
	char data[8];
	int pair[2];

	begin();
	CU_ASSERT_EQUAL_FATAL(socketpair(AF_UNIX, SOCK_SEQPACKET |
		SOCK_CLOEXEC, 0, pair), 0);
	CU_ASSERT_EQUAL(service_socket_send(fds[1], "it", 2, pair[0], 1000), 0);
	close(pair[0]);
	CU_ASSERT_EQUAL(send(pair[1], "waits", 5, 0), 5);
	CU_ASSERT_EQUAL(service_socket_receive(fds[0], data, 8, &d), 1);
	CU_ASSERT_FATAL(d.attached >= 0);
	CU_ASSERT_EQUAL(recv(d.attached, data, 8, 0), 5);
	close(d.attached);
	close(pair[1]);
	end();
	CU_ASSERT_EQUAL(scratch_descriptors(), before);
}

/* A sender of several descriptors leaves none behind. */
static void
test_surplus(void)
{
	union {
		struct cmsghdr align;
		char bytes[CMSG_SPACE(4 * sizeof(int))];
	} control = { .bytes = { 0 } };
	struct iovec iov = { control.bytes, 1 };
	size_t before = scratch_descriptors();
	struct service_datagram d;
	char data[8];

	begin();
	for (size_t n = 2; n <= 4; n++) {
		const int same[] = { 0, 0, 0, 0 };
		struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1,
			.msg_control = &control,
			.msg_controllen = CMSG_SPACE(n * sizeof(int)) };
		struct cmsghdr *cmsg = CMSG_FIRSTHDR(&msg);

		cmsg->cmsg_level = SOL_SOCKET;
		cmsg->cmsg_type = SCM_RIGHTS;
		cmsg->cmsg_len = CMSG_LEN(n * sizeof(int));
		memcpy(CMSG_DATA(cmsg), same, n * sizeof(int));
		CU_ASSERT_EQUAL(sendmsg(fds[1], &msg, 0), 1);
		int r = service_socket_receive(fds[0], data, 8, &d);
		CU_ASSERT_TRUE(r == 1 || r == -EMFILE);
		if (r == 1)
			close(d.attached);
	}
	end();
	CU_ASSERT_EQUAL(scratch_descriptors(), before);
}

static void
receive_without_room(void)
{
	struct rlimit limit = { 0, 0 };
	struct service_datagram d;
	char data[8];

	CHILD_CHECK(setrlimit(RLIMIT_NOFILE, &limit) == 0);
	CHILD_CHECK(service_socket_receive(fds[0], data, 8, &d) == -EMFILE);
	CHILD_CHECK(d.attached == -1);
	/* The next one is not harmed. */
	CHILD_CHECK(service_socket_receive(fds[0], data, 8, &d) == 1);
	CHILD_CHECK(d.len == 4);
}

static void
test_no_room(void)
{
	begin();
	CU_ASSERT_EQUAL(service_socket_send(fds[1], "it", 2, fds[0], 1000), 0);
	CU_ASSERT_EQUAL(service_socket_send(fds[1], "more", 4, -1, 1000), 0);
	CU_ASSERT_EQUAL(child_run(receive_without_room), 0);
	end();
}

static void
test_full_queue(void)
{
	static const char data[1000];

	begin();
	while (send(fds[1], data, sizeof(data), MSG_DONTWAIT) > 0)
		;
	int64_t start = clock_ms();
	CU_ASSERT_EQUAL(service_socket_send(fds[1], data, 1, -1, 1000),
		-EAGAIN);
	CU_ASSERT_TRUE(clock_ms() - start >= 900);
	CU_ASSERT_TRUE(clock_ms() - start < 5000);
	start = clock_ms();
	CU_ASSERT_EQUAL(service_socket_send(fds[1], data, 1, -1, 0), -EAGAIN);
	CU_ASSERT_TRUE(clock_ms() - start < 900);
	close(fds[0]);
	/* Once, because of what it had not read. */
	CU_ASSERT_EQUAL(service_socket_send(fds[1], data, 1, -1, 1000),
		-ECONNRESET);
	CU_ASSERT_EQUAL(service_socket_send(fds[1], data, 1, -1, 1000), -EPIPE);
	fds[0] = open("/dev/null", O_RDONLY | O_CLOEXEC);
	end();
}

CU_TestInfo unit_tests[] = {
	{ "datagrams, with their sender", test_datagrams },
	{ "a descriptor is attached", test_attach },
	{ "more than one are closed", test_surplus },
	{ "no place for a descriptor", test_no_room },
	{ "a full queue delays for at most a second", test_full_queue },
	CU_TEST_INFO_NULL,
};
