/*
 * data.c - prepares and opens the data connection.
 *
 * Runs in: session.
 * Never: listens on an address other than the control connection's, or lets
 * the client decide which addresses may connect.
 */
#include "common/base.h"

#include "worker/data/data.h"

#include "common/clock.h"
#include "common/io.h"

#include <netinet/tcp.h>
#include <poll.h>
#include <sys/random.h>

#define BACKLOG 8	/* strangers that may wait before the client */

void
data_init(struct data *d, const struct address *peer,
	const struct address *local, const struct listener_settings *rules,
	const struct authority *authority)
{
	*d = (struct data){
		.peer = *peer,
		.local = *local,
		.rules = rules,
		.authority = authority,
		.mode = DATA_NONE,
		.fd = -1,
	};
}

void
data_reset(struct data *d)
{
	io_close(&d->fd);
	address_clear(&d->target);
	d->mode = DATA_NONE;
}

static int
new_socket(const struct address *a)
{
	int fd = socket(address_family(a),
		SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	return fd < 0 ? -errno : fd;
}

static int
set_option(int fd, int level, int option)
{
	int on = 1;

	return setsockopt(fd, level, option, &on, sizeof(on)) < 0 ? -errno : 0;
}

/* --- PASV, EPSV */

/* A listening socket on this address and port, or -errno.  The port may still
 * be in TIME_WAIT from the transfer before, hence SO_REUSEADDR. */
static int
listen_on(const struct address *a)
{
	int fd = new_socket(a);
	int error;

	if (fd < 0)
		return fd;
	error = set_option(fd, SOL_SOCKET, SO_REUSEADDR);
	if (error == 0 && (bind(fd, &a->any, address_size(a)) < 0 ||
	    listen(fd, BACKLOG) < 0))
		error = -errno;
	if (error == 0)
		return fd;
	close(fd);
	return error;
}

/* A number below `n`, each equally likely: values beyond the last multiple of
 * n would favour the small ones. */
static int
random_below(uint32_t n, uint32_t *number)
{
	uint32_t limit = UINT32_MAX - UINT32_MAX % n;

	do {
		if (getrandom(number, sizeof(*number), 0) !=
		    (ssize_t)sizeof(*number))
			return -EIO;
	} while (*number >= limit);
	*number %= n;
	return 0;
}

/* Begin anywhere in the range, then try every port of it once. */
static int
listen_in_range(struct address *a, struct port_range range)
{
	uint32_t n = (uint32_t)(range.to - range.from) + 1;
	uint32_t start;
	int fd = random_below(n, &start);

	if (fd < 0)
		return fd;
	for (uint32_t i = 0; i < n; i++) {
		address_set_port(a, (uint16_t)(range.from + (start + i) % n));
		fd = listen_on(a);
		if (fd != -EADDRINUSE)
			break;
	}
	return fd;
}

static int
socket_name(int fd, struct address *a)
{
	struct sockaddr_storage ss;
	socklen_t size = sizeof(ss);

	if (getsockname(fd, (struct sockaddr *)&ss, &size) < 0)
		return -errno;
	return address_from_socket(a, &ss);
}

int
data_passive(struct data *d, struct address *bound)
{
	struct port_range range = d->rules->passive_ports;
	struct address a = d->local;
	int fd, error;

	data_reset(d);
	if (range.from == 0 || range.to < range.from) {
		address_set_port(&a, 0);
		fd = listen_on(&a);
	} else {
		fd = listen_in_range(&a, range);
	}
	if (fd < 0)
		return fd;
	error = socket_name(fd, bound);
	if (error < 0) {
		close(fd);
		return error;
	}
	d->fd = fd;
	d->mode = DATA_PASSIVE;
	return 0;
}

/* --- PORT, EPRT */

int
data_active(struct data *d, const struct address *to)
{
	uint16_t port = address_port(to);

	data_reset(d);
	if (address_family(to) != address_family(&d->local))
		return -EAFNOSUPPORT;
	if (!d->rules->allow_fxp && !address_same_host(to, &d->peer))
		return -EPERM;
	if (port == 0 || (port < 1024 && !d->rules->allow_privileged_ports))
		return -EACCES;

	d->target = *to;
	/* EPRT has no place for the scope of a link-local address. */
	if (address_same_host(to, &d->peer)) {
		d->target = d->peer;
		address_set_port(&d->target, port);
	}
	d->mode = DATA_ACTIVE;
	return 0;
}

/* --- opening */

/* The watch or the clock, in the meantime. */
static int
wait_for(int fd, short events, struct watch *watch, int64_t deadline,
	enum transfer_end *end)
{
	*end = watch_wait(watch, fd, events, deadline);
	if (*end == TRANSFER_LOCAL_ERROR)
		return -errno;
	if (*end != TRANSFER_RUNNING)
		return -ECANCELED;
	return clock_passed(deadline) ? -ETIMEDOUT : 0;
}

static bool
is_welcome(const struct data *d, const struct sockaddr_storage *ss)
{
	struct address from;

	if (d->rules->allow_fxp)
		return true;
	return address_from_socket(&from, ss) == 0 &&
	    address_same_host(&from, &d->peer);
}

/* The next connection in the queue: a socket, or -EAGAIN when it was nothing
 * that counts, or another -errno. */
static int
accept_one(const struct data *d)
{
	struct sockaddr_storage ss;
	socklen_t size = sizeof(ss);
	int fd = accept4(d->fd, (struct sockaddr *)&ss, &size,
		SOCK_NONBLOCK | SOCK_CLOEXEC);

	if (fd >= 0 && is_welcome(d, &ss))
		return fd;
	if (fd >= 0) {
		close(fd);
		return -EAGAIN;
	}
	/* Linux hands on what went wrong with a connection in the queue. */
	switch (errno) {
	case EMFILE:
	case ENFILE:
	case ENOMEM:
	case ENOBUFS:
	case EBADF:
	case EINVAL:
		return -errno;
	default:
		return -EAGAIN;
	}
}

static int
open_passive(struct data *d, struct watch *watch, int64_t deadline,
	enum transfer_end *end)
{
	int fd;

	/* Most clients have connected before they send the command. */
	while ((fd = accept_one(d)) == -EAGAIN) {
		fd = wait_for(d->fd, POLLIN, watch, deadline, end);
		if (fd < 0)
			return fd;
	}
	return fd;
}

/* A socket on the control connection's address. */
static int
own_socket(const struct data *d)
{
	struct address a = d->local;
	int fd = new_socket(&a);
	int error;

	if (fd < 0)
		return fd;
	/* Without it the port is chosen before the target is known, and a
	 * busy server runs out of ports.  It is not
	 * worth a failure. */
	(void)set_option(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT);
	address_set_port(&a, 0);
	if (bind(fd, &a.any, address_size(&a)) == 0)
		return fd;
	error = -errno;
	close(fd);
	return error;
}

/* A socket on the privileged source port, which only the monitor can bind. */
static int
privileged_socket(const struct data *d, enum transfer_end *end)
{
	int fd = d->authority->active_socket(d->authority->context,
		&d->target);

	if (fd == -ECANCELED)
		*end = TRANSFER_STOPPED;
	return fd;
}

/* 0 once the socket is connected: a second connect() returns the result of the
 * first (connect(2), EINPROGRESS). */
static int
connect_to(int fd, const struct address *to, struct watch *watch,
	int64_t deadline, enum transfer_end *end)
{
	int error = io_nonblocking(fd, true);

	while (error == 0) {
		if (connect(fd, &to->any, address_size(to)) == 0 ||
		    errno == EISCONN)
			return 0;
		if (errno != EINPROGRESS && errno != EALREADY)
			return -errno;
		error = wait_for(fd, POLLOUT, watch, deadline, end);
	}
	return error;
}

static int
open_active(struct data *d, struct watch *watch, int64_t deadline,
	enum transfer_end *end)
{
	bool privileged = d->rules->active_source_port != 0;
	int fd = privileged ? privileged_socket(d, end) : own_socket(d);
	int error;

	if (fd < 0)
		return fd;
	error = connect_to(fd, &d->target, watch, deadline, end);
	if (error == 0)
		return fd;
	close(fd);
	return error;
}

static int
open_new(struct data *d, struct watch *watch, int64_t deadline,
	enum transfer_end *end)
{
	int fd = d->mode == DATA_PASSIVE ?
		open_passive(d, watch, deadline, end) :
		open_active(d, watch, deadline, end);

	if (fd >= 0) {
		/* Neither can fail on a TCP socket, nor is it fatal. */
		(void)set_option(fd, SOL_SOCKET, SO_KEEPALIVE);
		(void)set_option(fd, IPPROTO_TCP, TCP_NODELAY);
	}
	return fd;
}

int
data_open(struct data *d, struct watch *watch, int64_t deadline,
	enum transfer_end *end)
{
	int fd = -ENOTCONN;

	*end = TRANSFER_RUNNING;
	if (d->mode == DATA_CONNECTED) {
		fd = d->fd;
		d->fd = -1;
	} else if (d->mode != DATA_NONE) {
		fd = open_new(d, watch, deadline, end);
	}
	if (fd != -ECANCELED)
		data_reset(d);
	return fd;
}

void
data_keep(struct data *d, int fd)
{
	data_reset(d);
	d->fd = fd;
	d->mode = DATA_CONNECTED;
}
