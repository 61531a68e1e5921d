/*
 * suite_radius_captured.c - a compromised process radius: the test makes it try
 * to reach others than its servers.  And the process that makes its sockets.
 */
#include "common/base.h"
#include "tests/functional/functional.h"

#include "common/address.h"
#include "tests/functional/inject.h"
#include "tests/functional/procs.h"
#include "tests/functional/radius_world.h"

#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/syscall.h>

const char *const functional_name = "radius_captured";

#define RADIUS	  "sureftpd-rad"
#define CONNECTOR "sureftpd-conn"

/* Where it must not get to; and where things are in its memory. */
#define ELSEWHERE 1899
enum { AT_ADDRESS = 0, AT_SIZE = 128, AT_PACKET = 256, AT_MESSAGE = 512 };

static pid_t
process(const char *name)
{
	struct proc p = { 0 };

	CHECK(procs_wait_for_count(name, 1, 5000));
	CHECK_NUMBER(procs_list(name, &p, 1), 1);
	return p.pid;
}

/* Its socket to the server at this port; -1. */
static int
socket_to(struct captive *c, uint16_t port)
{
	for (int fd = 3; fd < 64; fd++) {
		const uint32_t size = sizeof(struct sockaddr_storage);
		struct address peer;
		const uint64_t args[6] = { (uint64_t)fd,
			c->data_at + AT_ADDRESS,
			inject_put(c, AT_SIZE, &size, sizeof(size)) };

		if (inject_syscall(c, SYS_getpeername, args) == 0 &&
		    inject_get(c, AT_ADDRESS, &peer, sizeof(peer)) &&
		    address_family(&peer) == AF_INET &&
		    address_port(&peer) == port)
			return fd;
	}
	return -1;
}

/* A packet that a server logs. */
static const uint8_t packet[20] = { 1, 1, 0, 20 };

struct place {
	uint64_t fd, address, packet, message, one;
};

static struct place
put_everything(struct captive *c, int fd)
{
	const struct sockaddr_in to = { .sin_family = AF_INET,
		.sin_port = htons(ELSEWHERE),
		.sin_addr = { htonl(INADDR_LOOPBACK) } };
	static const uint32_t one = 1;
	struct place p = { .fd = (uint64_t)fd };

	p.address = inject_put(c, AT_ADDRESS, &to, sizeof(to));
	p.one = inject_put(c, AT_SIZE, &one, sizeof(one));
	p.packet = inject_put(c, AT_PACKET, packet, sizeof(packet));
	struct iovec iov = { (void *)(uintptr_t)p.packet, sizeof(packet) };
	struct mmsghdr m = { .msg_hdr = {
		.msg_name = (void *)(uintptr_t)p.address,
		.msg_namelen = sizeof(to), .msg_iovlen = 1,
		.msg_iov = (void *)(uintptr_t)inject_put(c, AT_MESSAGE + 128,
			&iov, sizeof(iov)) } };
	p.message = inject_put(c, AT_MESSAGE, &m, sizeof(m));
	return p;
}

enum attempt {
	SOCKET_UDP, SOCKET_TCP, CONNECT, BIND, SENDTO, SENDMSG, SENDMMSG,
	OPTION, IO_URING, TAKE_DESCRIPTOR, ATTEMPTS
};

static bool
is_blocked(struct captive *c, enum attempt attempt, int fd)
{
	const struct place p = put_everything(c, fd);
	const uint64_t udp[6] = { AF_INET, SOCK_DGRAM };
	const uint64_t tcp[6] = { AF_INET, SOCK_STREAM };
	const uint64_t to[6] = { p.fd, p.address, sizeof(struct sockaddr_in) };
	const uint64_t sendto[6] = { p.fd, p.packet, sizeof(packet), 0,
		p.address, sizeof(struct sockaddr_in) };
	const uint64_t message[6] = { p.fd, p.message };
	const uint64_t messages[6] = { p.fd, p.message, 1 };
	const uint64_t option[6] = { p.fd, SOL_SOCKET, SO_BROADCAST, p.one,
		sizeof(uint32_t) };
	const uint64_t any[6] = { 1 };
	const struct {
		long number;
		const uint64_t *args;
	} calls[] = {
		[SOCKET_UDP] = { SYS_socket, udp },
		[SOCKET_TCP] = { SYS_socket, tcp },
		[CONNECT] = { SYS_connect, to },
		[BIND] = { SYS_bind, to },
		[SENDTO] = { SYS_sendto, sendto },
		[SENDMSG] = { SYS_sendmsg, message },
		[SENDMMSG] = { SYS_sendmmsg, messages },
		[OPTION] = { SYS_setsockopt, option },
		[IO_URING] = { SYS_io_uring_setup, any },
		[TAKE_DESCRIPTOR] = { SYS_pidfd_open, any },
	};

	return inject_is_blocked(c, calls[attempt].number,
		calls[attempt].args);
}

/* It has a socket to the server, because a login waits. */
static void
try_to_get_elsewhere(enum attempt attempt)
{
	struct captive captive;
	struct server s;
	struct ftp c;

	if (!SERVER(&s, RADIUS_ON, "radius.timeout=30"))
		return;
	size_t before = radius_times(1812, "access");
	CHECK_NUMBER(ftp_connect(&c), 220);
	EXPECT(&c, 331, "USER virt");
	ftp_send_text(&c, "PASS pw-1\r\n");
	CHECK(radius_await(1812, "access", before + 1));
	pid_t pid = process(RADIUS);
	if (!CHECK(inject_capture(&captive, pid)))
		return;
	int fd = socket_to(&captive, 1812);
	CHECK(fd >= 0);
	/* It can send there. */
	const struct place p = put_everything(&captive, fd);
	const uint64_t send[6] = { p.fd, p.packet, sizeof(packet) };
	CHECK_NUMBER(inject_syscall(&captive, SYS_sendto, send),
		sizeof(packet));
	CHECK(radius_await(1812, "unsigned", (size_t)attempt + 1));
	size_t mark = logged_mark();
	CHECK_SAYS(is_blocked(&captive, attempt, fd), "attempt %d", attempt);
	CHECK(server_wait(pid, 5000, NULL));
	CHECK_LOGGED(mark, "error blocked system call * of the radius");
	EXPECT_REPLY(&c, 530);
	ftp_close(&c);
	server_stop(&s);
}

static void
test_elsewhere(void)
{
	radius_prepare();
	pid_t server = radius_serve(1812, RADIUS_SILENT);
	pid_t other = radius_serve(ELSEWHERE, RADIUS_SILENT);
	for (enum attempt a = 0; a < ATTEMPTS; a++)
		try_to_get_elsewhere(a);
	CHECK_NUMBER(radius_times(ELSEWHERE, ""), 0);
	radius_stop(server);
	radius_stop(other);
}

/* The one that makes the sockets has no rights and no secrets.  When it dies,
 * so does radius, and the next one has another. */
static void
test_connector(void)
{
	struct server s;
	struct proc p;

	radius_prepare();
	pid_t server = radius_serve(1812, RADIUS_GOOD);
	if (!SERVER(&s, RADIUS_ON))
		return;
	CHECK_NUMBER(ftp_try_login("virt", "pw-1"), 230);
	pid_t radius = process(RADIUS);
	CHECK(procs_settle() && procs_read(process(CONNECTOR), &p));
	CHECK_NUMBER(p.ppid, radius);
	CHECK_NUMBER(p.uid[0], 906);
	CHECK_NUMBER(p.gid[0], 906);
	CHECK(p.permitted == 0 && p.bounding == 0 && p.no_new_privs == 1);
	CHECK_NUMBER(p.seccomp, 2);
	CHECK_NUMBER(procs_memory_has(radius, RADIUS_SECRET,
		strlen(RADIUS_SECRET)), 1);
	CHECK_NUMBER(procs_memory_has(p.pid, RADIUS_SECRET,
		strlen(RADIUS_SECRET)), 0);
	size_t mark = logged_mark();
	CHECK(kill(p.pid, SIGKILL) == 0);
	CHECK_LOGGED(mark, "error radius: the process that makes the sockets "
		"has ended");
	CHECK(server_wait(radius, 5000, NULL));
	CHECK_NUMBER(ftp_try_login("virt", "pw-1"), 230);
	/* A radius that is killed takes it along. */
	pid_t next = process(CONNECTOR);
	CHECK(next != p.pid);
	CHECK(kill(process(RADIUS), SIGKILL) == 0);
	CHECK(server_wait(next, 5000, NULL));
	server_stop(&s);
	CHECK_NUMBER(procs_list(CONNECTOR, &p, 1), 0);
	radius_stop(server);
}

/* A stuck one holds up those that need a socket, and nobody else. */
static void
test_stuck(void)
{
	struct server s;
	struct ftp c;

	radius_prepare();
	pid_t server = radius_serve(1812, RADIUS_GOOD);
	if (!SERVER(&s, RADIUS_ON, "radius.timeout=1", "radius.retries=0") ||
	    !radius_enter(&c, "anna", "pw-2"))
		return;
	pid_t pid = process(CONNECTOR);
	CHECK(kill(pid, SIGSTOP) == 0);
	radius_try_beside(&c, "127.0.0.1", "no socket in time");
	CHECK(kill(pid, SIGCONT) == 0);
	CHECK_NUMBER(ftp_try_login("virt", "pw-1"), 230);
	CHECK_LACKS(server_log(), "does not answer");
	ftp_close(&c);
	server_stop(&s);
	radius_stop(server);
}

CU_TestInfo functional_tests[] = {
	{ "a captured one reaches its servers only", test_elsewhere },
	{ "the process that makes its sockets", test_connector },
	{ "the same, stuck", test_stuck },
	CU_TEST_INFO_NULL,
};
