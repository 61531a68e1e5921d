/*
 * exchange.c - one request to the RADIUS servers.
 *
 * Runs in: radius.
 */
#include "common/base.h"
#include "daemon/radius/exchange.h"

#include "common/buffer.h"
#include "common/io.h"
#include "common/log/log.h"
#include "common/clock.h"

#include <sys/random.h>
#include <sys/socket.h>

#define ROUND	    16		/* packets read at a time */
#define INVALID_MAX 256		/* answers, before the next server is tried */

static struct radius_server *
server_of(const struct radius_exchange *e)
{
	return &e->servers->list[e->order[e->at]];
}

int
radius_exchange_server(const struct radius_exchange *e)
{
	return e->at < e->servers->count ? e->order[e->at] : -1;
}

/* Append "SERVER: WHAT; " to the reason. */
static void
note(struct radius_exchange *e, const char *what)
{
	size_t len = strlen(e->reason);
	struct buffer b;

	buffer_init(&b, e->reason + len, sizeof(e->reason) - len);
	buffer_addf(&b, "%s%s: %s", len > 0 ? "; " : "", server_of(e)->name,
		what);
}

/* 0 or -errno. */
static int
send_request(struct radius_exchange *e, int64_t now)
{
	ssize_t n = send(e->fd, e->request.data, e->request.len,
		MSG_DONTWAIT | MSG_NOSIGNAL);

	e->tries++;
	e->deadline = now + e->servers->timeout_ms;
	/* If the send buffer is full, the packet is lost, as it may be on the
	 * network. */
	return n >= 0 || errno == EAGAIN || errno == ENOBUFS ? 0 : -errno;
}

/* radius_pending.write */
static int
write_request(void *context, uint8_t identifier)
{
	struct radius_exchange *e = context;
	uint8_t random[RADIUS_AUTHENTICATOR_SIZE];
	const struct radius_server *server = server_of(e);

	if (getrandom(random, sizeof(random), 0) != (ssize_t)sizeof(random))
		return -EIO;
	radius_packet_begin(&e->request, e->code, identifier, random);
	return e->write(e->context, server, &e->request) &&
		radius_packet_sign(&e->request, &server->secret) ? 0 :
			-EMSGSIZE;
}

/* It is sent when its socket is there: see take_socket().  0 or -errno. */
static int
send_datagram(struct radius_exchange *e, int64_t now)
{
	uint8_t identifier;

	if (getrandom(&identifier, sizeof(identifier), 0) !=
	    (ssize_t)sizeof(identifier))
		return -EIO;
	int error = write_request(e, identifier);
	if (error < 0)
		return error;
	e->deadline = now + e->servers->timeout_ms;
	radius_sockets_request(e->servers->sockets, &e->waiter,
		e->servers->target + e->order[e->at]);
	return 0;
}

/* 0 or -errno.  The time for an answer over TLS includes connection and
 * handshake. */
static int
send_to_server(struct radius_exchange *e, int64_t now)
{
	struct radius_stream *stream = server_of(e)->stream;

	if (stream == NULL)
		return send_datagram(e, now);
	e->deadline = now + e->servers->timeout_ms;
	radius_stream_add(stream, &e->pending, now);
	return 0;
}

static void
leave(struct radius_exchange *e)
{
	io_close(&e->fd);
	radius_sockets_cancel(e->servers->sockets, &e->waiter);
	if (e->pending.stream != NULL)
		radius_stream_remove(e->pending.stream, &e->pending);
}

/* Begin with the server at e->at, or with the next one to which a request can
 * be sent. */
static enum radius_progress
try_from_here(struct radius_exchange *e, int64_t now)
{
	for (; e->at < e->servers->count; e->at++) {
		leave(e);
		e->tries = 0;
		e->invalid = 0;
		int error = send_to_server(e, now);
		if (error == 0)
			return RADIUS_WAITING;
		note(e, log_errno(error));
	}
	leave(e);
	return RADIUS_GIVEN_UP;
}

/* It is not the fault of this server. */
static enum radius_progress
try_another(struct radius_exchange *e, const char *why, int64_t now)
{
	note(e, why);
	e->at++;
	return try_from_here(e, now);
}

static enum radius_progress
try_next(struct radius_exchange *e, const char *why, int64_t now)
{
	radius_servers_dead(e->servers, e->order[e->at], now);
	return try_another(e, why, now);
}

/* Move this server to the front. */
static void
prefer(struct radius_exchange *e, int first)
{
	size_t i = 0;

	while (i < e->servers->count && e->order[i] != first)
		i++;
	if (i == e->servers->count)
		return;
	memmove(e->order + 1, e->order, i);
	e->order[0] = (uint8_t)first;
}

/* An answer that is not valid is ignored, because anyone could have sent it;
 * the reason is kept for the log. */
static bool
is_valid(struct radius_exchange *e, const struct radius_packet *answer)
{
	const struct radius_server *server = server_of(e);
	bool access = e->code == RADIUS_ACCESS_REQUEST;
	uint8_t code = answer->data[0];
	/* TLS proves what a Message-Authenticator proves. */
	bool required = access && e->pending.stream == NULL &&
		e->require_message_authenticator;
	enum radius_trust trust = radius_packet_verify(answer, &e->request,
		&server->secret, required);

	if (trust != RADIUS_TRUSTED) {
		if (e->invalid++ == 0)
			note(e, radius_packet_trust_text(trust));
		return false;
	}
	if (access ? code == RADIUS_ACCESS_ACCEPT ||
	    code == RADIUS_ACCESS_REJECT || code == RADIUS_ACCESS_CHALLENGE :
	    code == RADIUS_ACCOUNTING_RESPONSE)
		return true;
	if (e->invalid++ == 0)
		note(e, "an answer of the wrong kind");
	return false;
}

/* radius_pending.take */
static bool
take_answer(void *context, const struct radius_packet *answer, int64_t now)
{
	struct radius_exchange *e = context;

	if (!is_valid(e, answer))
		return false;
	radius_servers_alive(e->servers, e->order[e->at]);
	leave(e);
	e->handle(e->context, RADIUS_ANSWERED, answer, now);
	return true;
}

/* radius_pending.lose */
static void
lose(void *context, const char *why, int64_t now)
{
	struct radius_exchange *e = context;

	e->handle(e->context, try_next(e, why, now), NULL, now);
}

/* radius_waiter.take */
static void
take_socket(void *context, int fd, int64_t now)
{
	struct radius_exchange *e = context;
	int error = fd < 0 ? fd : 0;

	if (error == 0) {
		e->fd = fd;
		error = send_request(e, now);
	}
	if (error < 0)
		e->handle(e->context, try_another(e, log_errno(error), now),
			NULL, now);
}

enum radius_progress
radius_exchange_begin(struct radius_exchange *e, int first, int64_t now)
{
	e->fd = -1;
	e->pending = (struct radius_pending){ .write = write_request,
		.take = take_answer, .lose = lose, .context = e,
		.request = &e->request };
	e->waiter = (struct radius_waiter){ .take = take_socket, .context = e };
	e->at = 0;
	e->reason[0] = '\0';
	radius_servers_order(e->servers, now, e->order);
	if (first >= 0)
		prefer(e, first);
	return try_from_here(e, now);
}

/* 1: a valid answer; 0: another one; -errno. */
static int
receive_one(struct radius_exchange *e, struct radius_packet *answer)
{
	uint8_t data[RADIUS_PACKET_SIZE] UNINITIALIZED;
	ssize_t n = recv(e->fd, data, sizeof(data), MSG_DONTWAIT);

	if (n < 0)
		return -errno;
	if (radius_packet_take(answer, data, (size_t)n) == 0)
		return is_valid(e, answer);
	if (e->invalid++ == 0)
		note(e, "a malformed answer");
	return 0;
}

enum radius_progress
radius_exchange_receive(struct radius_exchange *e,
	struct radius_packet *answer, int64_t now)
{
	for (int i = 0; i < ROUND; i++) {
		int r = receive_one(e, answer);

		if (r == 1) {
			radius_servers_alive(e->servers, e->order[e->at]);
			io_close(&e->fd);
			return RADIUS_ANSWERED;
		}
		if (r == -EAGAIN || r == -EINTR)
			return RADIUS_WAITING;
		if (r < 0)	/* nobody listens on its port */
			return try_next(e, log_errno(r), now);
		if (e->invalid > INVALID_MAX)
			return try_next(e, "too many invalid answers", now);
	}
	return RADIUS_WAITING;
}

enum radius_progress
radius_exchange_overdue(struct radius_exchange *e, int64_t now)
{
	if (e->pending.stream != NULL)
		return try_next(e, radius_stream_overdue(e->pending.stream,
			&e->pending, now), now);
	if (e->fd < 0)
		return try_another(e, "no socket in time", now);
	if (e->tries >= e->servers->tries)
		return try_next(e, "no answer", now);
	int error = send_request(e, now);
	return error < 0 ? try_next(e, log_errno(error), now) :
		RADIUS_WAITING;
}

void
radius_exchange_end(struct radius_exchange *e)
{
	leave(e);
	explicit_bzero(&e->request, sizeof(e->request));
}
