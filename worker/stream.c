/*
 * stream.c - reads, writes and ends a connection, with or without TLS and
 * compression.
 *
 * Runs in: greeter, session.
 */
#include "common/base.h"
#include "worker/stream.h"

#include "common/clock.h"
#include "common/io.h"
#include "common/process/page.h"
#include "common/tls/tls.h"
#include "worker/data/deflate.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/sendfile.h>
#include <sys/socket.h>

struct stream
stream_plain(int fd)
{
	return (struct stream){ .fd = fd };
}

/* The result of a call without TLS; after -EAGAIN, wait for the event of the
 * call itself. */
static ssize_t
outcome(struct stream *s, ssize_t n, short events)
{
	if (n >= 0)
		return n;
	if (errno != EAGAIN)
		return -errno;
	s->events = events;
	return -EAGAIN;
}

static ssize_t
read_now(struct stream *s, void *data, size_t size)
{
	ssize_t n;

	if (s->tls != NULL)
		return tls_read(s->tls, data, size, &s->events);
	do
		n = s->waits ? recv(s->fd, data, size, MSG_DONTWAIT) :
			read(s->fd, data, size);
	while (n < 0 && errno == EINTR);
	return outcome(s, n, POLLIN);
}

static ssize_t
count_sent(struct stream *s, ssize_t n)
{
	if (n > 0)
		s->sent += (uint64_t)n;
	return n;
}

static ssize_t
write_now(struct stream *s, const void *data, size_t len)
{
	ssize_t n;

	if (s->tls != NULL)
		return tls_write(s->tls, data, len, &s->events);
	do
		n = s->waits ? send(s->fd, data, len, MSG_DONTWAIT) :
			write(s->fd, data, len);
	while (n < 0 && errno == EINTR);
	return count_sent(s, outcome(s, n, POLLOUT));
}

static ssize_t
send_file_now(struct stream *s, int file, off_t *offset, size_t len)
{
	ssize_t n;

	if (s->tls != NULL)
		return tls_send_file(s->tls, file, offset, len, &s->events);
	do
		n = sendfile(s->fd, file, offset, len);
	while (n < 0 && errno == EINTR);
	if (n < 0 && errno == EINVAL)
		return -ENOSYS;
	return count_sent(s, outcome(s, n, POLLOUT));
}

/* How many of `len` bytes the limits allow now; 0 means later. */
static size_t
limit_room(struct stream *s, const struct rate *rate, size_t len)
{
	s->due = 0;
	if (rate == NULL)
		return len;
	rates_refresh(s->rates);
	size_t n = rate_room(rate, len, rate->limit == 0 ? 0 : clock_ns());
	if (n == 0 && len > 0) {
		s->events = 0;
		s->due = rate_due(rate);
	}
	return n;
}

static ssize_t
count(const struct stream *s, struct rate *rate, ssize_t n)
{
	if (n <= 0 || rate == NULL || rate->limit == 0)
		return n;
	rate_moved(rate, (size_t)n, clock_ns());
	page_limited(s->rates->down.moved, s->rates->up.moved);
	return n;
}

static ssize_t
read_wire(struct stream *s, void *data, size_t size)
{
	size_t n = limit_room(s, s->reading, size);

	return n == 0 && s->due != 0 ? -EAGAIN :
		count(s, s->reading, read_now(s, data, n));
}

/* How many of the n bytes of a write must be passed again at least, even if the
 * limit is lower by then: TLS may have encrypted some that it could not send,
 * also after it has sent others. */
static size_t
begun_by(const struct stream *s, size_t n, ssize_t written)
{
	if (s->tls == NULL)
		return 0;
	if (written < 0)
		return written == -EAGAIN ? n : 0;
	return n - (size_t)written;
}

static ssize_t
write_wire(struct stream *s, const void *data, size_t len)
{
	size_t n = limit_room(s, s->writing, len);

	if (n < s->begun)
		n = s->begun;
	if (n == 0 && s->due != 0)
		return -EAGAIN;
	ssize_t written = write_now(s, data, n);
	s->begun = begun_by(s, n, written);
	return count(s, s->writing, written);
}

/* At most one read, so that compressed data that decompresses to nothing cannot
 * keep the caller from handling other events. */
static ssize_t
read_compressed(struct stream *s, void *data, size_t size)
{
	ssize_t n = deflate_take(s->decompress, data, size);
	size_t room;

	if (n != 0)
		return n;
	char *wire = deflate_input(s->decompress, &room);
	n = read_wire(s, wire, room);
	if (n == 0)
		return deflate_may_end(s->decompress) ? 0 : -EILSEQ;
	if (n < 0)
		return n;
	deflate_received(s->decompress, (size_t)n);
	n = deflate_take(s->decompress, data, size);
	return n == 0 ? -EINTR : n;
}

/* Send compressed data that is pending.  0 or -errno. */
static int
flush_compressed(struct stream *s)
{
	const char *wire;
	size_t len;

	while (wire = deflate_waiting(s->compress, &len), len > 0) {
		ssize_t n = write_wire(s, wire, len);
		if (n < 0)
			return (int)n;
		deflate_sent(s->compress, (size_t)n);
		s->moved = true;
	}
	return 0;
}

ssize_t
stream_read(struct stream *s, void *data, size_t size)
{
	return s->decompress != NULL ? read_compressed(s, data, size)
				  : read_wire(s, data, size);
}

int
stream_wait_in_reads(struct stream *s, int ms)
{
	const struct timeval time = { ms / 1000, ms % 1000 * 1000 };

	if (setsockopt(s->fd, SOL_SOCKET, SO_RCVTIMEO, &time,
	    sizeof(time)) < 0)
		return -errno;
	int error = io_nonblocking(s->fd, false);
	s->waits = error == 0;
	return error;
}

ssize_t
stream_read_soon(struct stream *s, void *data, size_t size)
{
	if (!s->waits)
		return -EAGAIN;
	return outcome(s, recv(s->fd, data, size, 0), POLLIN);
}

ssize_t
stream_write(struct stream *s, const void *data, size_t len)
{
	if (s->compress == NULL)
		return write_wire(s, data, len);
	int error = flush_compressed(s);
	return error < 0 ? error : (ssize_t)deflate_add(s->compress, data, len);
}

int
stream_finish(struct stream *s)
{
	int error = 0;

	if (s->compress == NULL)
		return 0;
	do
		error = flush_compressed(s);
	while (error == 0 && deflate_finish(s->compress));
	return error;
}

ssize_t
stream_send_file(struct stream *s, int file, off_t *offset, size_t len)
{
	if (s->compress != NULL)
		return -ENOSYS;

	size_t n = limit_room(s, s->writing, len);

	return n == 0 && s->due != 0 ? -EAGAIN :
		count(s, s->writing, send_file_now(s, file, offset, n));
}

/* Sockets that are not TCP's have none of its options. */
static void
set_on(const struct stream *s, int option)
{
	int on = 1;

	(void)setsockopt(s->fd, IPPROTO_TCP, option, &on, sizeof(on));
}

void
stream_send_each(struct stream *s)
{
	set_on(s, TCP_NODELAY);
}

void
stream_gather(struct stream *s)
{
	bool limited = s->writing != NULL && s->writing->limit != 0;
	bool each = s->compress != NULL || limited;

	if (!s->gathers)
		set_on(s, each ? TCP_NODELAY : TCP_CORK);
	s->gathers = true;
}

bool
stream_pending(const struct stream *s)
{
	return s->tls != NULL && tls_pending(s->tls);
}

int
stream_end(struct stream *s)
{
	if (s->tls != NULL) {
		int error = tls_end(s->tls, &s->events);

		if (error < 0)
			return error;
	}
	return shutdown(s->fd, SHUT_WR) < 0 ? -errno : 0;
}

/* Not by SO_LINGER, which the filter does not allow.  Some kernels fail, and
 * others crash, if they encrypt; then close_notify is missing, as it should. */
void
stream_reset(struct stream *s)
{
	const struct sockaddr nobody = { .sa_family = AF_UNSPEC };

	if (s->tls == NULL || !tls_in_kernel(s->tls))
		(void)connect(s->fd, &nobody, sizeof(nobody));
}

/* Does the next record belong to this TLS connection?  Its type is 21 for
 * alerts and 23 for data (with TLS 1.3 always 23); commands begin with a
 * letter, and a new TLS connection with a ClientHello, 22.  1, 0 or -errno. */
static int
speaks_tls(struct stream *s)
{
	unsigned char byte;
	ssize_t n;

	do
		n = recv(s->fd, &byte, 1, MSG_PEEK);
	while (n < 0 && errno == EINTR);
	n = outcome(s, n, POLLIN);
	if (n <= 0)
		return n == 0 ? -ECONNRESET : (int)n;
	return byte == 21 || byte == 23;
}

/* Read up to the peer's close_notify, if it sends one. */
static int
read_tls_end(struct stream *s)
{
	char nothing[1];

	while (!tls_ended(s->tls)) {
		int speaks = tls_holds_bytes(s->tls) ? 1 : speaks_tls(s);
		if (speaks != 1)
			return speaks;
		ssize_t n = stream_read(s, nothing, sizeof(nothing));
		if (n != 0)
			return n > 0 ? -EPROTO : (int)n;
	}
	return 0;
}

int
stream_end_tls(struct stream *s)
{
	int error = tls_end(s->tls, &s->events);

	if (error == 0)
		error = read_tls_end(s);
	if (error < 0)
		return error;
	tls_free(s->tls);
	s->tls = NULL;
	return 0;
}

int
stream_wait(const struct stream *s, int64_t deadline)
{
	struct pollfd fd = { .fd = s->fd, .events = s->events };
	int n;

	do
		n = poll(&fd, 1, clock_poll(deadline));
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return -errno;
	return n == 0 ? -ETIMEDOUT : 0;
}

void
stream_close(struct stream *s)
{
	if (s->tls != NULL)
		tls_free(s->tls);
	s->tls = NULL;
	deflate_free(s->compress);
	deflate_free(s->decompress);
	s->compress = s->decompress = NULL;
	io_close(&s->fd);
}
