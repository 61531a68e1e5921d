/*
 * tls_socket.c - the kernel's TLS without OpenSSL: records and their types.
 *
 * Runs in: greeter (pause), session.
 * Never: takes for data what did not come as data.
 */
#include "common/base.h"
#include "common/tls/tls_socket.h"

#include <linux/tls.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#define PAUSE_MS 50

/* RFC 5246 section 6.2.1 */
enum record {
	RECORD_NONE = -1,
	RECORD_ALERT = 21,
	RECORD_HANDSHAKE = 22,
	RECORD_DATA = 23,
};

enum level { LEVEL_WARNING = 1, LEVEL_FATAL = 2 };

/* Section 7.2 */
enum alert {
	ALERT_CLOSE_NOTIFY = 0,
	ALERT_UNEXPECTED_MESSAGE = 10,
	ALERT_BAD_RECORD_MAC = 20,
	ALERT_RECORD_OVERFLOW = 22,
	ALERT_PROTOCOL_VERSION = 70,
	ALERT_NO_RENEGOTIATION = 100,
};

union type_room {
	struct cmsghdr align;
	char bytes[CMSG_SPACE(sizeof(unsigned char))];
};

/* An alert that the peer leaves no room for is lost; only close_notify is
 * worth waiting. */
static int
send_alert(int fd, enum level level, enum alert alert)
{
	unsigned char bytes[] = { (unsigned char)level, (unsigned char)alert };
	union type_room room = { .bytes = "" };
	struct iovec iov = { bytes, sizeof(bytes) };
	struct msghdr msg = {
		.msg_iov = &iov,
		.msg_iovlen = 1,
		.msg_control = &room,
		.msg_controllen = sizeof(room),
	};
	struct cmsghdr *type = CMSG_FIRSTHDR(&msg);
	ssize_t n;

	type->cmsg_level = SOL_TLS;
	type->cmsg_type = TLS_SET_RECORD_TYPE;
	type->cmsg_len = CMSG_LEN(sizeof(unsigned char));
	*CMSG_DATA(type) = RECORD_ALERT;
	do
		n = sendmsg(fd, &msg, MSG_NOSIGNAL | MSG_DONTWAIT);
	while (n < 0 && errno == EINTR);
	return n < 0 ? -errno : 0;
}

static enum record
record_of(struct msghdr *msg)
{
	struct cmsghdr *type = CMSG_FIRSTHDR(msg);

	if (type == NULL || type->cmsg_level != SOL_TLS ||
	    type->cmsg_type != TLS_GET_RECORD_TYPE)
		return RECORD_NONE;
	return (enum record)*CMSG_DATA(type);
}

static ssize_t
receive(int fd, void *data, size_t size, enum record *record)
{
	union type_room room;
	struct iovec iov = { data, size };
	struct msghdr msg = {
		.msg_iov = &iov,
		.msg_iovlen = 1,
		.msg_control = &room,
		.msg_controllen = sizeof(room),
	};
	ssize_t n;

	do
		n = recvmsg(fd, &msg, MSG_DONTWAIT);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return -errno;
	*record = record_of(&msg);
	return n;
}

/* The kernel could not make sense of a record. */
static int
say_broken(int fd, int error)
{
	socklen_t size = sizeof(int);
	int pending;

	/* Until it was asked for, it would stop the alert, too. */
	(void)getsockopt(fd, SOL_SOCKET, SO_ERROR, &pending, &size);
	if (error == -EBADMSG)
		(void)send_alert(fd, LEVEL_FATAL, ALERT_BAD_RECORD_MAC);
	else if (error == -EMSGSIZE)
		(void)send_alert(fd, LEVEL_FATAL, ALERT_RECORD_OVERFLOW);
	else if (error == -EINVAL)
		(void)send_alert(fd, LEVEL_FATAL, ALERT_PROTOCOL_VERSION);
	return error;
}

/* RFC 5246 7.2.2 leaves it to the client what to do without: here it is done
 * with. */
static void
refuse_handshake(int fd)
{
	if (send_alert(fd, LEVEL_WARNING, ALERT_NO_RENEGOTIATION) == 0)
		(void)send_alert(fd, LEVEL_WARNING, ALERT_CLOSE_NOTIFY);
}

ssize_t
tls_socket_read(int fd, void *data, size_t size)
{
	const unsigned char *alert = data;
	enum record record = RECORD_NONE;
	ssize_t n = receive(fd, data, size, &record);

	if (n == -EAGAIN)
		tls_socket_pause(fd);
	if (n < 0)
		return n == -EAGAIN ? n : say_broken(fd, (int)n);
	switch (record) {
	case RECORD_DATA:
		return n > 0 ? n : -EAGAIN;
	case RECORD_ALERT:
		return n == 2 && alert[1] == ALERT_CLOSE_NOTIFY ? 0 : -EBADMSG;
	case RECORD_HANDSHAKE:
		refuse_handshake(fd);
		return -EBADMSG;
	case RECORD_NONE:
		return -EBADMSG;
	default:
		(void)send_alert(fd, LEVEL_FATAL, ALERT_UNEXPECTED_MESSAGE);
		return -EBADMSG;
	}
}

int
tls_socket_end(int fd)
{
	return send_alert(fd, LEVEL_WARNING, ALERT_CLOSE_NOTIFY);
}

static void
wake_at(int fd, int bytes)
{
	(void)setsockopt(fd, SOL_SOCKET, SO_RCVLOWAT, &bytes, sizeof(bytes));
}

/* Not for good: the kernel may take the piece out of its queue meanwhile, and
 * would then not wake us for the rest. */
void
tls_socket_pause(int fd)
{
	struct pollfd in = { .fd = fd, .events = POLLIN };
	int queued = 0;

	if (ioctl(fd, FIONREAD, &queued) < 0 || queued <= 0)
		return;
	wake_at(fd, queued + 1);
	(void)poll(&in, 1, PAUSE_MS);
	wake_at(fd, 1);
}
