/*
 * test_notify.c - telling the service manager, who is played by a datagram
 * socket of the test's own.
 */
#include "common/base.h"
#include "tests/unit/unit.h"

#include "common/io.h"
#include "common/text.h"
#include "daemon/manager/notify.h"

#include <sys/socket.h>

const char *const unit_name = "notify";

/* A manager's socket in a fresh directory. */
struct manager {
	int fd;
	char directory[64];
	char path[96];
};

static int
listen_at(const struct sockaddr_un *address, socklen_t size)
{
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	CU_ASSERT_FATAL(fd >= 0);
	CU_ASSERT_EQUAL_FATAL(bind(fd, (const struct sockaddr *)address, size),
		0);
	return fd;
}

static void
manager_start(struct manager *m)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };

	CU_ASSERT_EQUAL_FATAL(text_copy(m->directory, sizeof(m->directory),
		"/tmp/sureftpd-notify-XXXXXX"), 0);
	CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(m->directory));
	snprintf(m->path, sizeof(m->path), "%s/socket", m->directory);
	CU_ASSERT_EQUAL_FATAL(text_copy(address.sun_path,
		sizeof(address.sun_path), m->path), 0);
	m->fd = listen_at(&address, sizeof(address));
}

static void
manager_end(struct manager *m)
{
	io_close(&m->fd);
	unlink(m->path);
	rmdir(m->directory);
}

/* What has come, "" for nothing. */
static const char *
heard(int fd, char *text, size_t size)
{
	ssize_t n = recv(fd, text, size - 1, MSG_DONTWAIT);

	text[n < 0 ? 0 : n] = '\0';
	return text;
}

static void
moments(void)
{
	struct manager manager;
	struct notify n;
	char text[512];

	manager_start(&manager);
	CU_ASSERT_EQUAL_FATAL(notify_open(&n, manager.path), 0);
	notify_ready(&n);
	CU_ASSERT_STRING_EQUAL(heard(manager.fd, text, sizeof(text)),
		"READY=1");
	notify_stopping(&n, 40);
	CU_ASSERT_STRING_EQUAL(heard(manager.fd, text, sizeof(text)),
		"STOPPING=1\nEXTEND_TIMEOUT_USEC=40000000");
	notify_alive(&n);
	CU_ASSERT_STRING_EQUAL(heard(manager.fd, text, sizeof(text)),
		"WATCHDOG=1");
	notify_status(&n, "%d of %s", 3, "them");
	CU_ASSERT_STRING_EQUAL(heard(manager.fd, text, sizeof(text)),
		"STATUS=3 of them");
	manager_end(&manager);
}

/* The descriptor that came with a message, -1 for none. */
static int
received(int from, char *text, size_t size)
{
	union {
		char space[CMSG_SPACE(sizeof(int))];
		struct cmsghdr head;
	} control;
	struct iovec data = { .iov_base = text, .iov_len = size - 1 };
	struct msghdr message = {
		.msg_iov = &data, .msg_iovlen = 1,
		.msg_control = control.space,
		.msg_controllen = sizeof(control.space),
	};
	int fd = -1;

	ssize_t n = recvmsg(from, &message, MSG_DONTWAIT);
	text[n < 0 ? 0 : n] = '\0';
	const struct cmsghdr *c = CMSG_FIRSTHDR(&message);
	if (n > 0 && c != NULL && c->cmsg_type == SCM_RIGHTS)
		memcpy(&fd, CMSG_DATA(c), sizeof(fd));
	return fd;
}

static void
storing(void)
{
	struct manager manager;
	struct notify n;
	int fds[2];
	char text[512], byte = 0;

	manager_start(&manager);
	CU_ASSERT_EQUAL_FATAL(pipe(fds), 0);
	CU_ASSERT_EQUAL_FATAL(notify_open(&n, NULL), 0);
	CU_ASSERT_FALSE(notify_store(&n, fds[1], "a name"));
	CU_ASSERT_EQUAL_FATAL(notify_open(&n, manager.path), 0);
	CU_ASSERT_TRUE(notify_store(&n, fds[1], "a name"));
	int copy = received(manager.fd, text, sizeof(text));
	CU_ASSERT_STRING_EQUAL(text, "FDSTORE=1\nFDNAME=a name");
	CU_ASSERT_FATAL(copy >= 0);
	CU_ASSERT_EQUAL(write(copy, "x", 1), 1);
	CU_ASSERT_EQUAL(read(fds[0], &byte, 1), 1);
	CU_ASSERT_EQUAL(byte, 'x');
	io_close(&copy);
	io_close(&fds[0]);
	io_close(&fds[1]);
	manager_end(&manager);
}

/* The manager believes a reload only with a time that is not in its past. */
static void
reloading(void)
{
	static const char head[] = "RELOADING=1\nMONOTONIC_USEC=";
	struct manager manager;
	struct notify n;
	struct timespec now;
	char text[512];
	int64_t said = 0;

	manager_start(&manager);
	CU_ASSERT_EQUAL_FATAL(notify_open(&n, manager.path), 0);
	clock_gettime(CLOCK_MONOTONIC, &now);
	int64_t before = (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
	notify_reloading(&n);
	heard(manager.fd, text, sizeof(text));
	CU_ASSERT_EQUAL_FATAL(strncmp(text, head, strlen(head)), 0);
	CU_ASSERT_EQUAL(text_number(text + strlen(head),
		strlen(text) - strlen(head), &said), 0);
	CU_ASSERT_TRUE(said >= before && said < before + 10000000);
	manager_end(&manager);
}

static void
abstract_name(void)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	struct notify n;
	char name[64], text[64];

	int len = snprintf(name, sizeof(name), "@sureftpd-unit-%d",
		(int)getpid());
	memcpy(address.sun_path + 1, name + 1, (size_t)len - 1);
	int fd = listen_at(&address, (socklen_t)(offsetof(struct sockaddr_un,
		sun_path) + (size_t)len));
	CU_ASSERT_EQUAL_FATAL(notify_open(&n, name), 0);
	CU_ASSERT_EQUAL(notify_send(&n, "READY=1"), 0);
	CU_ASSERT_STRING_EQUAL(heard(fd, text, sizeof(text)), "READY=1");
	io_close(&fd);
}

static void
nobody_asked(void)
{
	struct notify n;

	CU_ASSERT_EQUAL(notify_open(&n, NULL), 0);
	CU_ASSERT_EQUAL(notify_send(&n, "READY=1"), 0);
	CU_ASSERT_EQUAL(notify_open(&n, ""), 0);
	CU_ASSERT_EQUAL(notify_send(&n, "READY=1"), 0);
}

static void
odd_names(void)
{
	struct notify n;
	char name[200];

	CU_ASSERT_EQUAL(notify_open(&n, "relative/path"), -EINVAL);
	CU_ASSERT_EQUAL(notify_open(&n, "@"), -EINVAL);
	CU_ASSERT_EQUAL(notify_open(&n, "/"), -EINVAL);
	CU_ASSERT_EQUAL(notify_open(&n, "vsock:2:1234"), -EINVAL);
	CU_ASSERT_EQUAL(notify_send(&n, "READY=1"), 0);

	memset(name, 'a', sizeof(name));
	name[0] = '/';
	name[sizeof(n.to.sun_path)] = '\0';
	CU_ASSERT_EQUAL(notify_open(&n, name), -EINVAL);
	name[sizeof(n.to.sun_path) - 1] = '\0';
	CU_ASSERT_EQUAL(notify_open(&n, name), 0);
	CU_ASSERT_EQUAL(notify_send(&n, "READY=1"), -ENOENT);
}

/* A manager that does not listen must not hold the master up. */
static void
never_waits(void)
{
	struct manager manager;
	struct notify n;
	int error = 0;

	manager_start(&manager);
	CU_ASSERT_EQUAL_FATAL(notify_open(&n, manager.path), 0);
	for (int i = 0; i < 100000 && error == 0; i++)
		error = notify_send(&n, "STATUS=busy");
	CU_ASSERT_EQUAL(error, -EAGAIN);
	manager_end(&manager);
}

CU_TestInfo unit_tests[] = {
	{ "ready, stopping, alive and a status arrive", moments },
	{ "a descriptor to store is attached", storing },
	{ "a reload says when it began", reloading },
	{ "a socket in the abstract namespace", abstract_name },
	{ "without NOTIFY_SOCKET nothing happens", nobody_asked },
	{ "invalid socket names", odd_names },
	{ "a manager that does not read causes no delay", never_waits },
	CU_TEST_INFO_NULL,
};
