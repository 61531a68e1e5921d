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

ssize_t
stream_read(struct stream *s, void *data, size_t size)
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
count_sent(struct stream *s, ssize_t n)
{
	if (n > 0)
		s->sent += (uint64_t)n;
	return n;
}

ssize_t
stream_write(struct stream *s, const void *data, size_t len)
{
	ssize_t n;

	if (s->tls != NULL)
		return tls_write(s->tls, data, len, &s->events);
	do
		n = write(s->fd, data, len);
	while (n < 0 && errno == EINTR);
	return count_sent(s, outcome(s, n, POLLOUT));
}

ssize_t
stream_send_file(struct stream *s, int file, off_t *offset, size_t len)
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
