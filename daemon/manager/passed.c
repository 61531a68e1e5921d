/*
 * passed.c - listening sockets that the service manager passes.
 *
 * Runs in: master.
 * Never: reads data from clients.
 */
#include "common/base.h"
#include "daemon/manager/passed.h"

#include "common/buffer.h"
#include "common/io.h"
#include "common/log/log.h"
#include "common/text.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <sys/socket.h>

#define FIRST      3	/* the first passed descriptor, by the protocol */
#define MAX_PASSED 1024	/* maximum number of passed descriptors */

/* The number of descriptors passed to this process (not to its parent). */
static int
count_passed(void)
{
	const char *pid = getenv("LISTEN_PID"), *count = getenv("LISTEN_FDS");
	int64_t number;

	if (pid == NULL || count == NULL ||
	    text_number(pid, strlen(pid), &number) < 0 ||
	    number != getpid() ||
	    text_number(count, strlen(count), &number) < 0)
		return 0;
	return number < MAX_PASSED ? (int)number : MAX_PASSED;
}

/* Take the next of the names, which are separated by colons, from *names. */
static void
next_name(const char **names, char *name, size_t size)
{
	size_t len = strcspn(*names, ":");
	struct buffer b;

	/* A name that is too long matches no listener. */
	buffer_init(&b, name, size);
	if (len < size)
		buffer_add(&b, *names, len);
	(void)buffer_text(&b);
	*names += len + ((*names)[len] == ':');
}

static bool
is_everywhere(const struct address *a)
{
	if (address_family(a) == AF_INET)
		return a->v4.sin_addr.s_addr == htonl(INADDR_ANY);
	return IN6_IS_ADDR_UNSPECIFIED(&a->v6.sin6_addr);
}

static int
listening_address(struct passed_socket *s)
{
	struct sockaddr_storage ss = { 0 };
	socklen_t size = sizeof(ss), one = sizeof(int);
	int on = 0;

	if (getsockopt(s->fd, SOL_SOCKET, SO_ACCEPTCONN, &on, &one) < 0 ||
	    getsockname(s->fd, (struct sockaddr *)&ss, &size) < 0)
		return -errno;
	if (!on)
		return -EINVAL;
	int error = address_from_socket(&s->address, &ss);
	if (error < 0)
		return error;
	s->port = address_port(&s->address);
	if (is_everywhere(&s->address))
		address_clear(&s->address);
	return 0;
}

/* Take ownership of the descriptor, or close it. */
void
passed_add(struct passed *p, int fd, const char *name, int reserved)
{
	struct passed_socket s = { .fd = fd };
	int error = 0;

	(void)!text_copy(s.name, sizeof(s.name), name);
	s.stored = strcmp(name, PASSED_STORED) == 0;
	if (fd == reserved) {
		s.fd = fcntl(fd, F_DUPFD_CLOEXEC, reserved + 1);
		error = s.fd < 0 ? -errno : 0;
		close(fd);
	} else if (fcntl(fd, F_SETFD, FD_CLOEXEC) < 0) {
		error = -errno;
	}
	if (error == 0)
		error = io_nonblocking(s.fd, true);
	if (error == 0)
		error = p->count < PASSED_MAX ? listening_address(&s) :
		    -ENOSPC;
	if (error == 0) {
		p->list[p->count++] = s;
		return;
	}
	log_warning("the service manager passed a descriptor \"%s\" that "
		"cannot be used: %s", name, log_errno(error));
	io_close(&s.fd);
}

void
passed_take(struct passed *p, int reserved)
{
	const char *names = getenv("LISTEN_FDNAMES");
	int keep[PASSED_MAX], count = count_passed();
	char name[sizeof(p->list[0].name)];

	*p = (struct passed){ 0 };
	for (int i = 0; i < count; i++) {
		if (names == NULL)
			names = "";
		next_name(&names, name, sizeof(name));
		passed_add(p, FIRST + i, name, reserved);
	}
	for (size_t i = 0; i < p->count; i++)
		keep[i] = p->list[i].fd;
	io_close_all_except(keep, p->count);
}

static bool
is_named(const struct settings *settings, const char *name)
{
	return *name != '\0' && settings_listener(settings, name) != NULL;
}

static bool
is_at(const struct passed_socket *socket, const struct listener_settings *l)
{
	if (socket->port != l->port ||
	    address_is_set(&socket->address) != address_is_set(&l->address))
		return false;
	return !address_is_set(&l->address) ||
	    address_same_host(&socket->address, &l->address);
}

static bool
is_at_any(const struct passed_socket *socket, const struct settings *settings)
{
	for (size_t i = 0; i < settings->listener_count; i++)
		if (is_at(socket, &settings->listeners[i]))
			return true;
	return false;
}

bool
passed_belongs(const struct passed_socket *socket,
	const struct settings *settings, size_t index)
{
	const struct listener_settings *l = &settings->listeners[index];

	if (is_named(settings, socket->name))
		return strcmp(l->name, socket->name) == 0;
	if (is_at_any(socket, settings))
		return is_at(socket, l);
	return !socket->stored && *l->name == '\0';
}

void
passed_close(struct passed *p)
{
	for (size_t i = 0; i < p->count; i++)
		io_close(&p->list[i].fd);
	p->count = 0;
}
