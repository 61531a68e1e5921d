/*
 * notify.c - notifying the service manager of the server's state.
 *
 * Runs in: master.
 */
#include "common/base.h"
#include "daemon/manager/notify.h"

#include "common/buffer.h"
#include "common/io.h"
#include "common/log/log.h"

#include <sys/socket.h>

int
notify_open(struct notify *n, const char *name)
{
	*n = (struct notify){ .to = { .sun_family = AF_UNIX } };
	if (name == NULL || *name == '\0')
		return 0;

	size_t len = strlen(name);
	if ((name[0] != '/' && name[0] != '@') || len < 2 ||
	    len >= sizeof(n->to.sun_path))
		return -EINVAL;
	memcpy(n->to.sun_path, name, len);
	if (name[0] == '@')
		n->to.sun_path[0] = '\0';
	else
		len++;	/* the NUL of a path counts, that of an abstract name
			 * does not */
	n->size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + len);
	return 0;
}

/* A new socket for each message: messages are rare, and nothing has to be kept
 * open across forks. */
static int
send_message(const struct msghdr *message)
{
	int error = 0;
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return -errno;
	if (sendmsg(fd, message, MSG_DONTWAIT | MSG_NOSIGNAL) < 0)
		error = -errno;
	io_close(&fd);
	return error;
}

/* Send a message, with this descriptor unless it is -1. */
static int
send_text(const struct notify *n, const char *text, int passed)
{
	union {
		char space[CMSG_SPACE(sizeof(int))];
		struct cmsghdr head;
	} control = { 0 };
	struct sockaddr_un to = n->to;
	struct iovec data = {
		.iov_base = (void *)(uintptr_t)text,
		.iov_len = strlen(text),
	};
	struct msghdr message = {
		.msg_name = &to, .msg_namelen = n->size,
		.msg_iov = &data, .msg_iovlen = 1,
	};

	if (passed >= 0) {
		control.head = (struct cmsghdr){
			.cmsg_len = CMSG_LEN(sizeof(int)),
			.cmsg_level = SOL_SOCKET,
			.cmsg_type = SCM_RIGHTS,
		};
		memcpy(CMSG_DATA(&control.head), &passed, sizeof(passed));
		message.msg_control = control.space;
		message.msg_controllen = sizeof(control.space);
	}
	return send_message(&message);
}

int
notify_send(const struct notify *n, const char *text)
{
	return n->size == 0 ? 0 : send_text(n, text, -1);
}

static void
send_logged(const struct notify *n, const char *text)
{
	int error = notify_send(n, text);

	if (error < 0)
		log_warning("cannot notify the service manager: %s",
			log_errno(error));
}

void
notify_ready(const struct notify *n)
{
	send_logged(n, "READY=1");
}

void
notify_reloading(const struct notify *n)
{
	struct timespec now;
	BUFFER(text, 64);

	/* The manager compares it with its own clock, in microseconds. */
	clock_gettime(CLOCK_MONOTONIC, &now);
	buffer_addf(&text, "RELOADING=1\nMONOTONIC_USEC=%" PRIu64,
		(uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000);
	send_logged(n, buffer_text(&text));
}

/* Extend the manager's time limit, so that it does not kill transfers within
 * shutdown_grace. */
void
notify_stopping(const struct notify *n, int64_t seconds)
{
	BUFFER(text, 128);

	buffer_addf(&text, "STOPPING=1\nEXTEND_TIMEOUT_USEC=%" PRId64,
		seconds * 1000000);
	send_logged(n, buffer_text(&text));
}

void
notify_alive(const struct notify *n)
{
	send_logged(n, "WATCHDOG=1");
}

bool
notify_store(const struct notify *n, int fd, const char *name)
{
	BUFFER(text, 128);

	if (n->size == 0)
		return false;
	buffer_addf(&text, "FDSTORE=1\nFDNAME=%s", name);
	int error = send_text(n, buffer_text(&text), fd);
	if (error < 0)
		log_warning("cannot store a socket with the service manager: "
			"%s", log_errno(error));
	return error == 0;
}

void
notify_status(const struct notify *n, const char *format, ...)
{
	BUFFER(text, 256);
	va_list ap;

	buffer_add_text(&text, "STATUS=");
	va_start(ap, format);
	buffer_addv(&text, format, ap);
	va_end(ap);
	send_logged(n, buffer_text(&text));
}
