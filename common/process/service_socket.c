/*
 * service_socket.c - the socket through which root's processes reach a service.
 *
 * Runs in: master, monitor (send); the service (receives).
 */
#include "common/base.h"
#include "common/process/service_socket.h"

#include "common/clock.h"
#include "common/io.h"

#include <poll.h>
#include <sys/socket.h>

/* Space for one descriptor; for two, in fact, because of the alignment. */
union control {
	struct cmsghdr align;
	char bytes[CMSG_SPACE(sizeof(struct ucred)) + CMSG_SPACE(sizeof(int))];
};

int
service_socket_pair(int fds[2], int queue)
{
	int on = 1;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, fds) < 0)
		return -errno;
	if (setsockopt(fds[0], SOL_SOCKET, SO_PASSCRED, &on, sizeof(on)) < 0) {
		int error = -errno;
		io_close(&fds[0]);
		io_close(&fds[1]);
		return error;
	}
	/* A longer queue for bursts is useful, but not required. */
	if (queue > 0 && setsockopt(fds[1], SOL_SOCKET, SO_SNDBUFFORCE, &queue,
	    sizeof(queue)) < 0)
		(void)setsockopt(fds[1], SOL_SOCKET, SO_SNDBUF, &queue,
			sizeof(queue));
	return 0;
}

static void
add_descriptor(struct msghdr *msg, union control *control, int fd)
{
	memset(control, 0, sizeof(*control));
	msg->msg_control = control;
	msg->msg_controllen = CMSG_SPACE(sizeof(int));
	struct cmsghdr *cmsg = CMSG_FIRSTHDR(msg);
	cmsg->cmsg_level = SOL_SOCKET;
	cmsg->cmsg_type = SCM_RIGHTS;
	cmsg->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(cmsg), &fd, sizeof(int));
}

static int
try_send(int fd, const struct msghdr *msg)
{
	ssize_t n;

	do {
		n = sendmsg(fd, msg, MSG_DONTWAIT | MSG_NOSIGNAL);
	} while (n < 0 && errno == EINTR);
	return n < 0 ? -errno : 0;
}

int
service_socket_send(int fd, const void *data, size_t len, int attached,
	int64_t patience_ms)
{
	/* An iovec has no const; sendmsg() only reads. */
	struct iovec iov = { (void *)(uintptr_t)data, len };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1 };
	struct pollfd writable = { .fd = fd, .events = POLLOUT };
	union control control;

	if (attached >= 0)
		add_descriptor(&msg, &control, attached);
	int64_t deadline = clock_ms() + patience_ms;
	int error = try_send(fd, &msg);
	while (error == -EAGAIN && !clock_passed(deadline)) {
		poll(&writable, 1, clock_poll(deadline));
		error = try_send(fd, &msg);
	}
	return error;
}

bool
service_socket_sender(struct msghdr *msg, pid_t *pid, uid_t *uid)
{
	struct cmsghdr *cmsg = CMSG_FIRSTHDR(msg);
	struct ucred sender;

	if (cmsg == NULL || cmsg->cmsg_level != SOL_SOCKET ||
	    cmsg->cmsg_type != SCM_CREDENTIALS ||
	    cmsg->cmsg_len != CMSG_LEN(sizeof(sender)))
		return false;
	memcpy(&sender, CMSG_DATA(cmsg), sizeof(sender));
	*pid = sender.pid;
	*uid = sender.uid;
	return true;
}

/* The received descriptor, or -1; a surplus is closed. */
static int
descriptor_of(struct msghdr *msg)
{
	struct cmsghdr *cmsg = CMSG_FIRSTHDR(msg);
	int first = -1, fd;

	if (cmsg != NULL)
		cmsg = CMSG_NXTHDR(msg, cmsg);
	if (cmsg == NULL || cmsg->cmsg_level != SOL_SOCKET ||
	    cmsg->cmsg_type != SCM_RIGHTS)
		return -1;
	size_t n = (cmsg->cmsg_len - CMSG_LEN(0)) / sizeof(int);
	for (size_t i = 0; i < n; i++) {
		memcpy(&fd, CMSG_DATA(cmsg) + i * sizeof(int), sizeof(fd));
		if (i == 0)
			first = fd;
		else
			close(fd);
	}
	return first;
}

int
service_socket_receive(int fd, void *data, size_t size,
	struct service_datagram *d)
{
	union control control;
	struct iovec iov = { data, size };
	struct msghdr msg = {
		.msg_iov = &iov,
		.msg_iovlen = 1,
		.msg_control = &control,
		.msg_controllen = sizeof(control),
	};
	ssize_t n;

	do {
		n = recvmsg(fd, &msg, MSG_DONTWAIT | MSG_CMSG_CLOEXEC |
			MSG_TRUNC);
	} while (n < 0 && errno == EINTR);
	if (n < 0)
		return -errno;
	if (!service_socket_sender(&msg, &d->pid, &d->uid))
		return n == 0 ? 0 : -EBADMSG;
	d->len = (size_t)n;
	d->attached = descriptor_of(&msg);
	if ((msg.msg_flags & MSG_CTRUNC) == 0)
		return 1;
	io_close(&d->attached);
	return -EMFILE;
}
