/*
 * stream.c - one way to read, write and end a connection, whether TLS is
 * between or not.
 *
 * Runs in: greeter, session.
 */
#include "common/base.h"
#include "worker/stream.h"

#include "common/clock.h"
#include "common/io.h"
#include "common/tls/tls.h"

#include <poll.h>
#include <sys/sendfile.h>
#include <sys/socket.h>

struct stream
stream_plain(int fd)
{
	return (struct stream){ .fd = fd };
}

/* A plain call's result; -EAGAIN waits for what the call itself is about. */
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
		n = read(s->fd, data, size);
	while (n < 0 && errno == EINTR);
	return outcome(s, n, POLLIN);
}

static ssize_t
write_now(struct stream *s, const void *data, size_t len)
{
	ssize_t n;

	if (s->tls != NULL)
		return tls_write(s->tls, data, len, &s->events);
	do
		n = write(s->fd, data, len);
	while (n < 0 && errno == EINTR);
	return outcome(s, n, POLLOUT);
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
	return outcome(s, n, POLLOUT);
}

/* So many of `len` bytes may be moved now; 0 means later. */
static size_t
room(struct stream *s, const struct rate *rate, size_t len)
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
count(struct rate *rate, ssize_t n)
{
	if (n > 0 && rate != NULL && rate->limit != 0)
		rate_moved(rate, (size_t)n, clock_ns());
	return n;
}

ssize_t
stream_read(struct stream *s, void *data, size_t size)
{
	size_t n = room(s, s->reading, size);

	return n == 0 && s->due != 0 ? -EAGAIN :
		count(s->reading, read_now(s, data, n));
}

/* TLS has encrypted what it could not send: the same bytes must follow, though
 * the limit may have become lower since. */
ssize_t
stream_write(struct stream *s, const void *data, size_t len)
{
	size_t n = room(s, s->writing, len);

	if (n < s->begun)
		n = s->begun;
	if (n == 0 && s->due != 0)
		return -EAGAIN;
	ssize_t written = write_now(s, data, n);
	s->begun = written == -EAGAIN && s->tls != NULL ? n : 0;
	return count(s->writing, written);
}

ssize_t
stream_send_file(struct stream *s, int file, off_t *offset, size_t len)
{
	size_t n = room(s, s->writing, len);

	return n == 0 && s->due != 0 ? -EAGAIN :
		count(s->writing, send_file_now(s, file, offset, n));
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

/* Does the next record still belong to this TLS?  Alerts are 21 and data, with
 * TLS 1.3 everything, 23; commands begin with a letter, and another TLS with
 * a ClientHello, 22.  1, 0 or -errno. */
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
	io_close(&s->fd);
}
