/*
 * stream.c - a connection to one RADIUS server over TLS.
 *
 * Runs in: radius.  Never: waits for the server.
 */
#include "common/base.h"
#include "daemon/radius/stream.h"

#include "common/clock.h"
#include "common/io.h"
#include "common/log/log.h"
#include "common/tls/tls.h"
#include "common/tls/tls_client.h"

#include <poll.h>
#include <sys/socket.h>

#define INVALID_MAX 256		/* answers, before the connection is closed */

enum state {
	CLOSED,
	CONNECTING,
	HANDSHAKE,
	OPEN,
};

struct radius_stream {
	const struct tls_client *client;
	struct radius_stream_place to;
	struct radius_waiter waiter;	/* for a socket */
	enum state state;
	int fd;
	struct tls *tls;
	short events;		/* for poll() */
	bool complained;	/* since it was open */
	int64_t heard;		/* when the last bytes arrived */
	unsigned invalid;	/* answers, since a valid one */
	struct radius_queue queue;
	size_t out_len, out_done, in_len;
	uint8_t out[RADIUS_PACKET_SIZE], in[RADIUS_PACKET_SIZE];
};

struct radius_stream *
radius_stream_new(const struct tls_client *client,
	const struct radius_stream_place *to)
{
	struct radius_stream *s = calloc(1, sizeof(*s));

	if (s == NULL)
		return NULL;
	s->client = client;
	s->to = *to;
	s->fd = -1;
	radius_queue_init(&s->queue);
	return s;
}

/* --- the connection */

static void
close_now(struct radius_stream *s)
{
	tls_free(s->tls);
	s->tls = NULL;
	radius_sockets_cancel(s->to.sockets, &s->waiter);
	io_close(&s->fd);
	explicit_bzero(s->out, sizeof(s->out));
	explicit_bzero(s->in, sizeof(s->in));
	s->out_len = s->out_done = s->in_len = 0;
	s->invalid = 0;
	s->state = CLOSED;
}

/* Log it once, not for each request. */
static void
complain(struct radius_stream *s, const char *why)
{
	if (!s->complained)
		log_warning("%s %s: %s", s->to.what, s->to.name, why);
	s->complained = true;
}

static void take_socket(void *context, int fd, int64_t now);

static void
connect_now(struct radius_stream *s)
{
	s->waiter = (struct radius_waiter){ .take = take_socket, .context = s };
	s->state = CONNECTING;
	s->events = POLLOUT;
	radius_sockets_request(s->to.sockets, &s->waiter, s->to.target);
}

/* Requests that wait for a connection that cannot be made are lost. */
static void
fail(struct radius_stream *s, const char *why, int64_t now)
{
	bool was_open = s->state == OPEN;
	char text[256];

	snprintf(text, sizeof(text), "%s", why);
	close_now(s);
	radius_queue_put_back(&s->queue, text, now);
	if (was_open && s->queue.first != NULL) {
		connect_now(s);
		return;
	}
	if (!was_open)
		complain(s, text);
	close_now(s);
	radius_queue_lose(&s->queue, text, now);
}

static void
fail_tls(struct radius_stream *s, const char *what, int64_t now)
{
	char text[200];

	snprintf(text, sizeof(text), "%s: %s", what, tls_error(s->tls));
	fail(s, text, now);
}

/* radius_waiter.take */
static void
take_socket(void *context, int fd, int64_t now)
{
	struct radius_stream *s = context;

	if (fd < 0)
		fail(s, log_errno(fd), now);
	else
		s->fd = fd;
}

void
radius_stream_add(struct radius_stream *s, struct radius_pending *p,
	int64_t now)
{
	if (s->state == CLOSED)
		connect_now(s);
	p->stream = s;
	p->tries = 0;
	p->began = now;
	radius_queue_add(&s->queue, p);
}

void
radius_stream_remove(struct radius_stream *s, struct radius_pending *p)
{
	radius_queue_remove(&s->queue, p);
}

const char *
radius_stream_overdue(struct radius_stream *s, struct radius_pending *p,
	int64_t now)
{
	bool was_open = s->state == OPEN;

	radius_stream_remove(s, p);
	if (s->heard <= p->began || !was_open)
		fail(s, was_open ? "no answer" : "no connection in time", now);
	return was_open ? "no answer" : "no connection in time";
}

static void
finish_connect(struct radius_stream *s, int64_t now)
{
	socklen_t size = sizeof(int);
	int error = 0;

	if (getsockopt(s->fd, SOL_SOCKET, SO_ERROR, &error, &size) < 0)
		error = errno;
	if (error != 0) {
		fail(s, log_errno(-error), now);
		return;
	}
	s->tls = tls_client_new(s->client, s->fd, s->to.host);
	if (s->tls == NULL) {
		fail(s, "out of memory", now);
		return;
	}
	s->state = HANDSHAKE;
}

static void
shake_hands(struct radius_stream *s, int64_t now)
{
	int result = tls_handshake(s->tls, &s->events);

	if (result == 1) {
		s->state = OPEN;
		s->complained = false;
		s->heard = now;
	} else if (result != -EAGAIN) {
		fail_tls(s, "TLS", now);
	}
}

/* --- packets */

/* The next request into `out`; false if there is none. */
static bool
take_request(struct radius_stream *s, int64_t now)
{
	const struct radius_pending *p;

	if (s->out_done < s->out_len)
		return true;
	p = radius_queue_send(&s->queue, now);
	if (p == NULL)
		return false;
	memcpy(s->out, p->request->data, p->request->len);
	s->out_len = p->request->len;
	s->out_done = 0;
	return true;
}

static void
send_all(struct radius_stream *s, int64_t now)
{
	short events = 0;

	s->queue.fresh = false;
	while (take_request(s, now)) {
		ssize_t n = tls_write(s->tls, s->out + s->out_done,
			s->out_len - s->out_done, &events);
		if (n == -EAGAIN)
			break;
		if (n < 0) {
			fail_tls(s, "the connection broke", now);
			return;
		}
		s->out_done += (size_t)n;
	}
	if (s->out_done == s->out_len)
		explicit_bzero(s->out, s->out_len);
	s->events = (short)(POLLIN | events);
}

/* A packet that is not one ends the connection, because nobody knows where the
 * next one begins (RFC 6613 section 2.6.4). */
static const char *
take_packet(struct radius_stream *s, size_t len, int64_t now)
{
	struct radius_packet packet UNINITIALIZED;
	struct radius_pending *p = s->queue.sent[s->in[1]];

	if (radius_packet_take(&packet, s->in, len) < 0)
		return "a malformed packet";
	s->in_len -= len;
	memmove(s->in, s->in + len, s->in_len);
	/* An answer that is too late has no request any more. */
	if (p == NULL)
		return NULL;
	if (!p->take(p->context, &packet, now))
		return ++s->invalid > INVALID_MAX ? "too many invalid "
			"packets" : NULL;
	s->invalid = 0;
	return NULL;
}

static void
take_packets(struct radius_stream *s, int64_t now)
{
	const char *wrong = NULL;

	while (s->state == OPEN && wrong == NULL && s->in_len >= 4) {
		size_t len = (size_t)s->in[2] << 8 | s->in[3];

		if (len < RADIUS_HEADER_SIZE || len > sizeof(s->in))
			wrong = "a malformed packet";
		else if (s->in_len < len)
			return;
		else
			wrong = take_packet(s, len, now);
	}
	if (wrong == NULL || s->state != OPEN)
		return;
	complain(s, wrong);
	fail(s, wrong, now);
}

static void
receive(struct radius_stream *s, int64_t now)
{
	short events = 0;
	ssize_t n = tls_read(s->tls, s->in + s->in_len,
		sizeof(s->in) - s->in_len, &events);

	if (n == -EAGAIN)
		return;
	if (n == 0) {
		fail(s, "the server has closed the connection", now);
		return;
	}
	if (n < 0) {
		fail_tls(s, "the connection broke", now);
		return;
	}
	s->heard = now;
	s->in_len += (size_t)n;
	take_packets(s, now);
}

/* --- the loop */

struct pollfd
radius_stream_watch(const struct radius_stream *s)
{
	return (struct pollfd){ s->fd, s->events, 0 };
}

int64_t
radius_stream_due(const struct radius_stream *s)
{
	return s->state == OPEN && (s->queue.fresh || tls_pending(s->tls)) ? 0 :
		CLOCK_NEVER;
}

void
radius_stream_step(struct radius_stream *s, const struct pollfd *fd,
	int64_t now)
{
	bool ready = fd->revents != 0 && fd->fd == s->fd;

	if (s->state == CONNECTING && ready)
		finish_connect(s, now);
	if (s->state == HANDSHAKE)
		shake_hands(s, now);
	if (s->state == OPEN && (ready || tls_pending(s->tls)))
		receive(s, now);
	if (s->state == OPEN)
		send_all(s, now);
}

void
radius_stream_end(struct radius_stream *s)
{
	short events;

	if (s->state == OPEN)
		(void)tls_end(s->tls, &events);
	close_now(s);
}
