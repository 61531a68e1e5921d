/*
 * listener.c - the listening sockets.
 *
 * Runs in: master.
 * Never: reads a byte that a client sent.
 */
#include "common/base.h"
#include "daemon/clients/listener.h"

#include "common/buffer.h"
#include "common/io.h"
#include "common/log/log.h"

#include <sys/socket.h>

static int
set(int fd, int level, int option, int value)
{
	if (setsockopt(fd, level, option, &value, sizeof(value)) < 0)
		return -errno;
	return 0;
}

static int
prepare(int fd, const struct address *a, bool both_families)
{
	int error = set(fd, SOL_SOCKET, SO_REUSEADDR, 1);

	if (error == 0 && address_family(a) == AF_INET6)
		error = set(fd, IPPROTO_IPV6, IPV6_V6ONLY, !both_families);
	if (error < 0)
		return error;
	if (bind(fd, &a->any, address_size(a)) < 0)
		return -errno;
	return listen(fd, SOMAXCONN) < 0 ? -errno : 0;
}

static int
open_socket(const struct address *a, bool both_families)
{
	int fd = socket(address_family(a),
		SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (fd < 0)
		return -errno;
	int error = prepare(fd, a, both_families);
	if (error < 0) {
		io_close(&fd);
		return error;
	}
	return fd;
}

int
listener_open(const struct address *address, uint16_t port)
{
	struct address a = *address;

	if (address_is_set(&a)) {
		address_set_port(&a, port);
		return open_socket(&a, false);
	}

	a = (struct address){ .v6 = { .sin6_family = AF_INET6 } };
	address_set_port(&a, port);
	int fd = open_socket(&a, true);
	/* No IPv6 in the kernel, or none on any interface. */
	if (fd != -EAFNOSUPPORT && fd != -EADDRNOTAVAIL)
		return fd;
	a = (struct address){ .v4 = { .sin_family = AF_INET } };
	address_set_port(&a, port);
	return open_socket(&a, false);
}

const char *
listener_text(const struct listener *l, char *text)
{
	char host[ADDRESS_TEXT_SIZE];
	struct buffer b;

	buffer_init(&b, text, LISTENER_TEXT_SIZE);
	address_text(&l->address, host);
	if (!address_is_set(&l->address))
		buffer_addf(&b, "port %u", l->port);
	else if (address_family(&l->address) == AF_INET6)
		buffer_addf(&b, "[%s]:%u", host, l->port);
	else
		buffer_addf(&b, "%s:%u", host, l->port);
	return text;
}

static bool
same_place(const struct listener *a, const struct listener *b)
{
	if (a->port != b->port ||
	    address_is_set(&a->address) != address_is_set(&b->address))
		return false;
	return !address_is_set(&a->address) ||
	    address_same_host(&a->address, &b->address);
}

static struct listener *
find(struct listeners *l, const struct listener *wanted)
{
	for (size_t i = 0; i < l->count; i++)
		if (l->list[i].fd >= 0 && !l->list[i].passed &&
		    same_place(&l->list[i], wanted))
			return &l->list[i];
	return NULL;
}

/* Add the passed sockets of this listener, leaving space for all listeners
 * after it. */
static void
plan_passed(struct listeners *l, const struct settings *settings, size_t index)
{
	const struct listener_settings *rules = &settings->listeners[index];
	size_t others = settings->listener_count - index - 1;

	for (size_t i = 0; l->passed != NULL && i < l->passed->count; i++) {
		const struct passed_socket *s = &l->passed->list[i];

		if (s->stored || !passed_belongs(s, settings, index) ||
		    l->count + others >= ARRAY_SIZE(l->list))
			continue;
		l->list[l->count++] = (struct listener){
			.fd = s->fd,
			.address = s->address,
			.port = s->port,
			.index = (int32_t)index,
			.passed = true,
			.keepalive = rules->keepalive,
			.keepalive_interval = rules->keepalive_interval,
			.keepalive_probes = rules->keepalive_probes,
		};
	}
}

static void
plan(struct listeners *l, const struct settings *settings,
	struct passed *passed)
{
	*l = (struct listeners){ .passed = passed };
	for (size_t i = 0; i < settings->listener_count; i++) {
		const struct listener_settings *rules = &settings->listeners[i];
		size_t before = l->count;

		plan_passed(l, settings, i);
		if (l->count > before)
			continue;
		l->list[l->count++] = (struct listener){
			.fd = -1,
			.address = rules->address,
			.port = (uint16_t)rules->port,
			.index = (int32_t)i,
			.keepalive = rules->keepalive,
			.keepalive_interval = rules->keepalive_interval,
			.keepalive_probes = rules->keepalive_probes,
		};
	}
}

/* Is the address blocked by a socket that this change will close? */
static bool
blocked_by_old(struct listeners *old, struct listeners *new,
	const struct listener *wanted)
{
	for (size_t i = 0; i < old->count; i++)
		if (old->list[i].fd >= 0 && !old->list[i].passed &&
		    old->list[i].port == wanted->port &&
		    find(new, &old->list[i]) == NULL)
			return true;
	return false;
}

static int
open_logged(struct listener *l)
{
	char text[LISTENER_TEXT_SIZE];

	int fd = listener_open(&l->address, l->port);
	if (fd < 0) {
		log_error("cannot listen on %s: %s", listener_text(l, text),
			log_errno(fd));
		return fd;
	}
	l->fd = fd;
	l->stored = false;
	return 0;
}

/* Accepted sockets inherit this option. */
static void
set_keepalive(const struct listener *l)
{
	io_keepalive(l->fd, l->keepalive, l->keepalive_interval,
		l->keepalive_probes);
}

static bool
holds(const struct listeners *l, int fd)
{
	for (size_t i = 0; i < l->count; i++)
		if (l->list[i].fd == fd)
			return true;
	return false;
}

/* Close the sockets of l that `kept` has not taken over. */
static void
close_others(struct listeners *l, const struct listeners *kept)
{
	for (size_t i = 0; i < l->count; i++) {
		struct listener *old = &l->list[i];

		if (old->passed || holds(kept, old->fd))
			continue;
		/* The service manager's copy ends as well, and is dropped. */
		if (old->stored)
			(void)shutdown(old->fd, SHUT_RDWR);
		io_close(&old->fd);
	}
}

/* Use each socket once, because a duplicate address must fail. */
static void
take_over(struct listeners *old, struct listeners *new)
{
	for (size_t i = 0; i < new->count; i++) {
		const struct listener *same = new->list[i].passed ? NULL :
		    find(old, &new->list[i]);

		if (same == NULL || holds(new, same->fd))
			continue;
		new->list[i].fd = same->fd;
		new->list[i].stored = same->stored;
	}
}

/* Open new sockets; those blocked by an old socket stay -1 for later. */
static int
open_new(struct listeners *old, struct listeners *new)
{
	for (size_t i = 0; i < new->count; i++) {
		struct listener *wanted = &new->list[i];

		if (wanted->fd >= 0 || blocked_by_old(old, new, wanted))
			continue;
		int error = open_logged(wanted);
		if (error < 0)
			return error;
	}
	return 0;
}

/* Open sockets that were blocked by sockets of the old listeners, which are
 * closed now. */
static int
open_blocked(struct listeners *new)
{
	for (size_t i = 0; i < new->count; i++) {
		int error = new->list[i].fd < 0 ?
		    open_logged(&new->list[i]) : 0;
		if (error < 0)
			return error;
	}
	return 0;
}

/* Return to the old listeners: close new sockets, and reopen those that were
 * closed for them. */
static void
restore(struct listeners *l, const struct listeners *old,
	struct listeners *new)
{
	close_others(new, l);
	for (size_t i = 0; i < l->count; i++)
		if (l->list[i].fd < 0 && old->list[i].fd >= 0 &&
		    open_logged(&l->list[i]) == 0)
			set_keepalive(&l->list[i]);
}

/* A client that connects to this socket would not be accepted. */
static void
report_unused(const struct listeners *l)
{
	for (size_t i = 0; l->passed != NULL && i < l->passed->count; i++) {
		const struct passed_socket *s = &l->passed->list[i];
		const struct listener at = {
			.address = s->address, .port = s->port };
		char text[LISTENER_TEXT_SIZE];

		if (s->fd >= 0 && !holds(l, s->fd))
			log_warning("the socket unit's %s is not used: no "
				"[listener] has this address and port, or the "
				"name \"%s\"", listener_text(&at, text),
				s->name);
	}
}

int
listener_change(struct listeners *l, const struct settings *settings)
{
	struct listeners old = *l, new;

	plan(&new, settings, l->passed);
	take_over(l, &new);
	int error = open_new(l, &new);
	if (error < 0) {
		close_others(&new, l);
		return error;
	}
	close_others(l, &new);
	error = open_blocked(&new);
	if (error < 0) {
		restore(l, &old, &new);
		return error;
	}
	*l = new;
	for (size_t i = 0; i < l->count; i++)
		set_keepalive(&l->list[i]);
	report_unused(l);
	return 0;
}

void
listener_inherit(struct listeners *l, struct passed *p)
{
	*l = (struct listeners){ .passed = p };
	for (size_t i = 0; i < p->count; i++) {
		struct passed_socket *s = &p->list[i];

		if (!s->stored || l->count == ARRAY_SIZE(l->list))
			continue;
		l->list[l->count++] = (struct listener){
			.fd = s->fd,
			.address = s->address,
			.port = s->port,
			.index = -1,
			.stored = true,
		};
		s->fd = -1;
	}
}

void
listener_store(struct listeners *l, const struct notify *notify)
{
	for (size_t i = 0; i < l->count; i++) {
		struct listener *at = &l->list[i];

		if (at->fd >= 0 && !at->passed && !at->stored)
			at->stored = notify_store(notify, at->fd,
			    PASSED_STORED);
	}
}

void
listener_close_all(struct listeners *l)
{
	for (size_t i = 0; i < l->count; i++)
		if (!l->list[i].passed)
			io_close(&l->list[i].fd);
	if (l->passed != NULL)
		passed_close(l->passed);
	l->count = 0;
}

const struct listener *
listener_of(const struct listeners *l, const struct address *local)
{
	for (size_t i = 0; i < l->count; i++) {
		const struct listener *at = &l->list[i];

		if (at->fd >= 0 && at->port == address_port(local) &&
		    (!address_is_set(&at->address) ||
		    address_same_host(&at->address, local)))
			return at;
	}
	return NULL;
}

int
listener_accept(int fd, struct address *peer, struct address *local)
{
	int client = accept4(fd, NULL, NULL, SOCK_CLOEXEC);

	if (client < 0)
		return -errno;
	if (address_of_connection(client, peer, local) == 0)
		return client;
	/* The client has already disconnected. */
	io_close(&client);
	return -ECONNABORTED;
}
