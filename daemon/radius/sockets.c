/*
 * sockets.c - requests for sockets to RADIUS servers.
 *
 * Runs in: radius.  Never: waits for the connector.
 */
#include "common/base.h"
#include "daemon/radius/sockets.h"

#include "common/process/service_socket.h"
#include "daemon/radius/connector.h"

#include <sys/socket.h>

void
radius_sockets_init(struct radius_sockets *s, int fd)
{
	*s = (struct radius_sockets){ .fd = fd };
	s->end = &s->first;
}

/* If it cannot be sent for another reason than a full queue, the connector has
 * ended, which radius_sockets_step() notices. */
static void
send_request(struct radius_sockets *s, struct radius_waiter *w)
{
	const struct radius_socket_request r = { w->number, w->target };
	ssize_t n = send(s->fd, &r, sizeof(r), MSG_DONTWAIT | MSG_NOSIGNAL);

	w->sent = n == (ssize_t)sizeof(r);
	s->full = s->full || !w->sent;
}

void
radius_sockets_request(struct radius_sockets *s, struct radius_waiter *w,
	uint32_t target)
{
	if (++s->last == 0)
		s->last++;
	w->number = s->last;
	w->target = target;
	w->sent = false;
	w->next = NULL;
	*s->end = w;
	s->end = &w->next;
	/* Those that came before are sent before. */
	if (!s->full)
		send_request(s, w);
}

void
radius_sockets_cancel(struct radius_sockets *s, struct radius_waiter *w)
{
	struct radius_waiter **at;

	if (w->number == 0)
		return;
	for (at = &s->first; *at != w; at = &(*at)->next)
		;
	*at = w->next;
	if (s->end == &w->next)
		s->end = at;
	w->number = 0;
	w->next = NULL;
}

static void
send_more(struct radius_sockets *s)
{
	struct radius_waiter *w = s->first;

	s->full = false;
	for (; w != NULL && !s->full; w = w->next)
		if (!w->sent)
			send_request(s, w);
}

/* A request that was cancelled is not in the list any more. */
static void
deliver(struct radius_sockets *s, uint32_t number, int fd, int64_t now)
{
	struct radius_waiter *w = s->first;

	while (w != NULL && w->number != number)
		w = w->next;
	if (w == NULL) {
		if (fd >= 0)
			close(fd);
		return;
	}
	radius_sockets_cancel(s, w);
	w->take(w->context, fd, now);
}

struct pollfd
radius_sockets_watch(const struct radius_sockets *s)
{
	return (struct pollfd){ s->fd, (short)(POLLIN | (s->full ? POLLOUT :
		0)), 0 };
}

bool
radius_sockets_step(struct radius_sockets *s, int64_t now)
{
	struct radius_socket_answer a;
	struct service_datagram d;
	int n;

	while ((n = service_socket_receive(s->fd, &a, sizeof(a), &d)) == 1 ||
	    n == -EMFILE) {
		if (n == 1 && d.len != sizeof(a))
			return false;
		deliver(s, a.number, n < 0 ? n : a.error < 0 ? a.error :
			d.attached < 0 ? -EBADF : d.attached, now);
	}
	if (s->full)
		send_more(s);
	return n == -EAGAIN;
}
