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
#include "worker/data/passive.h"
#include "worker/proxy.h"

#include <poll.h>

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
	if (d->reserved != 0)
		passive_ports_release(d->ports, d->reserved, clock_ms());
	d->reserved = 0;
	d->accept_failed = false;
	address_clear(&d->target);
	d->mode = DATA_NONE;
}

static void
set_size(int fd, int option, int64_t size)
{
	int bytes = (int)size;

	/* The kernel has its own smallest and largest size; an error is
	 * ignored. */
	if (size > 0)
		(void)setsockopt(fd, SOL_SOCKET, option, &bytes, sizeof(bytes));
}

/* Before the connection, because the window that TCP can announce depends on
 * it; an accepted socket gets them from the listening one. */
static void
set_buffers(const struct data *d, int fd)
{
	if (d->limits == NULL)
		return;
	set_size(fd, SO_SNDBUF, d->limits->data_send_buffer);
	set_size(fd, SO_RCVBUF, d->limits->data_receive_buffer);
}

/* --- PASV, EPSV */

int
data_passive(struct data *d, struct address *bound)
{
	uint16_t reserved;

	data_reset(d);
	address_clear(&d->refused);
	*bound = d->local;
	int fd = passive_listen(bound, d->rules, d->ports, &reserved);
	if (fd < 0)
		return fd;
	set_buffers(d, fd);
	d->fd = fd;
	d->endpoint = *bound;
	d->reserved = reserved;
	d->mode = DATA_PASSIVE;
	return 0;
}

/* --- PORT, EPRT */

int
data_active(struct data *d, const struct address *to)
{
	int error = settings_check_active(d->rules, &d->local, &d->peer, to);

	data_reset(d);
	address_clear(&d->refused);
	if (error < 0)
		return error;
	d->target = *to;
	/* EPRT cannot express the scope of a link-local address. */
	if (address_same_host(to, &d->peer)) {
		d->target = d->peer;
		address_set_port(&d->target, address_port(to));
	}
	d->endpoint = d->target;
	d->mode = DATA_ACTIVE;
	return 0;
}

/* --- opening */

/* Handle the watch or a timeout meanwhile. */
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
is_welcome(const struct data *d, const struct address *from)
{
	const struct address *peer = address_is_set(&d->proxy) ? &d->proxy :
	    &d->peer;

	return address_same_host(from, peer) ||
	    settings_allow_fxp(d->rules, from, false);
}

/* An accepted connection may have to wait for its PROXY header. */
struct arrival {
	struct watch *watch;
	int64_t deadline;
	enum transfer_end *end;
};

/* proxy.h */
static int
wait_for_name(void *context, int fd, int64_t deadline)
{
	const struct arrival *a = context;

	return wait_for(fd, POLLIN, a->watch, deadline, a->end);
}

/* Does it come from a proxy in proxy_from, with a PROXY header that contains
 * this session's client?  True, false, or -ECANCELED. */
static int
is_named(const struct data *d, int fd, struct address *from,
	struct arrival *a)
{
	int64_t deadline = clock_earlier(a->deadline, clock_ms() + PROXY_MS);

	if (address_in_networks(from, d->rules->proxy_from) != 1)
		return false;
	int r = proxy_receive(fd, wait_for_name, a, deadline, from);
	if (r == -ECANCELED)
		return r;
	return r >= 0 && is_welcome(d, from);
}

/* A header has to be waited for: that is for data_open(). */
static bool
needs_header(const struct data *d)
{
	return d->rules->proxy_protocol == PROXY_PROTOCOL_REQUIRE &&
		d->rules->proxy_data == PROXY_DATA_HEADER;
}

/* May this connection be used?  True, false, or -ECANCELED. */
static int
check_arrival(struct data *d, int fd, const struct sockaddr_storage *ss,
	struct arrival *a)
{
	struct address from;
	int right;

	if (address_from_socket(&from, ss) < 0)
		return false;
	right = needs_header(d) ? is_named(d, fd, &from, a) :
		is_welcome(d, &from);
	if (right == 0)
		d->refused = from;
	return right;
}

/* Accept the next connection: a socket; -EAGAIN when there is none, or it is
 * not the client's; or another -errno. */
static int
accept_one(struct data *d, struct arrival *a)
{
	struct sockaddr_storage ss;
	socklen_t size = sizeof(ss);
	int fd = accept4(d->fd, (struct sockaddr *)&ss, &size,
		SOCK_NONBLOCK | SOCK_CLOEXEC);

	if (fd >= 0) {
		int right = check_arrival(d, fd, &ss, a);
		if (right > 0)
			return fd;
		close(fd);
		return right < 0 ? right : -EAGAIN;
	}
	/* accept(2) also returns errors of the connection that it would have
	 * returned: that client is gone. */
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

int
data_poll_fd(const struct data *d)
{
	bool polled = d->mode == DATA_PASSIVE && !d->accept_failed &&
		!needs_header(d);

	return polled ? d->fd : -1;
}

void
data_accept_early(struct data *d)
{
	int fd = accept_one(d, NULL);

	if (fd >= 0)
		data_keep(d, fd);
	else
		d->accept_failed = fd != -EAGAIN;
}

static int
open_passive(struct data *d, struct watch *watch, int64_t deadline,
	enum transfer_end *end)
{
	struct arrival arrival = { watch, deadline, end };
	int fd;

	/* Most clients have connected before they send the command. */
	while ((fd = accept_one(d, &arrival)) == -EAGAIN) {
		fd = wait_for(d->fd, POLLIN, watch, deadline, end);
		if (fd < 0)
			return fd;
	}
	return fd;
}

/* A socket bound to the control connection's address. */
static int
own_socket(const struct data *d)
{
	struct address a = d->local;
	int fd = socket(address_family(&a),
		SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	int on = 1, error;

	if (fd < 0)
		return -errno;
	/* Without this option the port is chosen before the target is known,
	 * and a busy server runs out of ports.  An error is ignored. */
	(void)setsockopt(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on,
		sizeof(on));
	address_set_port(&a, 0);
	if (bind(fd, &a.any, address_size(&a)) == 0)
		return fd;
	error = -errno;
	close(fd);
	return error;
}

/* A socket bound to the privileged source port, which only the monitor can
 * do. */
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
	set_buffers(d, fd);
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
	if (d->mode == DATA_PASSIVE)
		return open_passive(d, watch, deadline, end);
	return open_active(d, watch, deadline, end);
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
data_keepalive(const struct data *d, int fd)
{
	io_keepalive(fd, d->rules->keepalive, d->rules->keepalive_interval,
		d->rules->keepalive_probes);
}

void
data_keep(struct data *d, int fd)
{
	data_reset(d);
	d->fd = fd;
	d->mode = DATA_CONNECTED;
}
