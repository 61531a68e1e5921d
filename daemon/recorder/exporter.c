/*
 * exporter.c - exports the metrics by HTTP and to a file.
 *
 * Runs in: recorder; opens its listeners as root.
 * Never: waits for a client, or interprets more of its request than the first
 * line and the end of the header.
 */
#include "common/base.h"
#include "daemon/recorder/exporter.h"

#include "common/address.h"
#include "common/clock.h"
#include "common/io.h"
#include "common/log/log.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/stat.h>

#define PATIENCE_MS 5000	/* timeout for the request */
#define PAUSE_MS    1000	/* after a failed accept() */
#define BACKLOG 64

static int
open_listener(const char *text, int64_t port)
{
	struct address a;
	int on = 1;

	if (address_parse(&a, text) < 0)
		bug("a loopback address");
	address_set_port(&a, (uint16_t)port);
	int fd = socket(address_family(&a),
		SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return -errno;
	if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) == 0 &&
	    bind(fd, &a.any, address_size(&a)) == 0 &&
	    listen(fd, BACKLOG) == 0)
		return fd;
	int error = -errno;
	close(fd);
	return error;
}

static void
listen_at(int *listener, const char *text, int64_t port)
{
	*listener = open_listener(text, port);
	/* A host without IPv6 does not have ::1. */
	if (*listener < 0 && *listener != -EADDRNOTAVAIL &&
	    *listener != -EAFNOSUPPORT)
		log_error("metrics_port: cannot listen on %s port %" PRId64
			": %s", text, port, log_errno(*listener));
}

void
exporter_open(struct exporter *x, const struct metrics *metrics,
	const struct server_settings *s)
{
	x->metrics = metrics;
	x->listeners[0] = x->listeners[1] = -1;
	for (size_t i = 0; i < EXPORTER_CLIENTS; i++)
		x->clients[i].fd = -1;
	x->path = s->metrics_file != NULL ? s->metrics_file : "";
	x->interval_ms = s->metrics_file_interval * 1000;
	x->next = *x->path == '\0' ? CLOCK_NEVER : clock_ms();
	x->failed = false;
	x->accept_at = 0;
	if (s->metrics_port == 0)
		return;
	listen_at(&x->listeners[0], "127.0.0.1", s->metrics_port);
	listen_at(&x->listeners[1], "::1", s->metrics_port);
}

void
exporter_close(struct exporter *x)
{
	for (size_t i = 0; i < EXPORTER_CLIENTS; i++)
		io_close(&x->clients[i].fd);
	for (size_t i = 0; i < ARRAY_SIZE(x->listeners); i++)
		if (x->listeners[i] >= 0)
			io_close(&x->listeners[i]);
}

/* A free place, or that of the client that has been silent for longest: others
 * must not wait for it. */
static struct exporter_client *
make_place(struct exporter *x)
{
	struct exporter_client *oldest = &x->clients[0];

	for (size_t i = 0; i < EXPORTER_CLIENTS; i++) {
		struct exporter_client *c = &x->clients[i];

		if (c->fd < 0)
			return c;
		if (c->deadline < oldest->deadline)
			oldest = c;
	}
	io_close(&oldest->fd);
	return oldest;
}

void
exporter_watch(const struct exporter *x, struct watchers *w)
{
	bool accepts = clock_ms() >= x->accept_at;

	for (size_t i = 0; i < EXPORTER_CLIENTS; i++) {
		const struct exporter_client *c = &x->clients[i];

		watchers_add(w, c->fd);
		if (c->fd >= 0)
			watchers_wake_at(w, c->deadline);
	}
	for (size_t i = 0; accepts && i < ARRAY_SIZE(x->listeners); i++)
		watchers_add(w, x->listeners[i]);
	if (!accepts)
		watchers_wake_at(w, x->accept_at);
	watchers_wake_at(w, x->next);
}

static size_t
make_text(struct exporter *x)
{
	struct buffer b;

	buffer_init(&b, x->text, sizeof(x->text));
	metrics_text(&b, x->metrics);
	return b.len;
}

/* --- HTTP */

static bool
is_whole(const struct exporter_client *c)
{
	return memmem(c->request, c->len, "\r\n\r\n", 4) != NULL ||
		memmem(c->request, c->len, "\n\n", 2) != NULL;
}

static bool
begins(const struct exporter_client *c, const char *with)
{
	return c->len > strlen(with) &&
		memcmp(c->request, with, strlen(with)) == 0;
}

/* The send buffer of a new socket is large enough for the whole response. */
static void
respond(struct exporter_client *c, const char *status, const char *type,
	const char *body, size_t len)
{
	BUFFER(head, 512);

	buffer_addf(&head, "HTTP/1.1 %s\r\nContent-Type: %s\r\n"
		"Content-Length: %zu\r\nConnection: close\r\n\r\n", status,
		type, len);
	if (send(c->fd, head.data, head.len, MSG_NOSIGNAL | MSG_MORE) ==
	    (ssize_t)head.len)
		(void)!send(c->fd, body, len, MSG_NOSIGNAL);
}

static void
answer(struct exporter *x, struct exporter_client *c)
{
	static const char other[] = "The metrics are at /metrics.\n";
	const char *text = "text/plain";

	if (begins(c, "GET /metrics ") || begins(c, "GET /metrics?"))
		respond(c, "200 OK", METRICS_TYPE, x->text, make_text(x));
	else if (begins(c, "GET "))
		respond(c, "404 Not Found", text, other, strlen(other));
	else
		respond(c, "405 Method Not Allowed", text, other,
			strlen(other));
}

static void
read_request(struct exporter *x, struct exporter_client *c)
{
	ssize_t n = recv(c->fd, c->request + c->len,
		sizeof(c->request) - c->len, 0);

	if (n < 0 && errno == EAGAIN)
		return;
	if (n > 0)
		c->len += (size_t)n;
	if (n > 0 && !is_whole(c) && c->len < sizeof(c->request))
		return;
	if (n > 0)
		answer(x, c);
	io_close(&c->fd);
}

/* One at a time: its request, which is usually there already, is read before
 * the next ones can take its place. */
static void
accept_client(struct exporter *x, int listener, int64_t now)
{
	int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);

	if (fd < 0) {
		/* Out of descriptors: no use in trying at once. */
		if (errno != EAGAIN && errno != ECONNABORTED && errno != EINTR)
			x->accept_at = now + PAUSE_MS;
		return;
	}
	struct exporter_client *c = make_place(x);
	c->fd = fd;
	c->len = 0;
	c->deadline = now + PATIENCE_MS;
}

/* --- the file */

/* Write to a temporary name, then rename, so that a collector never reads an
 * incomplete file. */
static int
replace_file(struct exporter *x)
{
	BUFFER(temporary, PATH_MAX);
	size_t len = make_text(x);

	buffer_addf(&temporary, "%s.new", x->path);
	int fd = openat(AT_FDCWD, buffer_text(&temporary), O_WRONLY |
		O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK, 0644);
	if (fd < 0)
		return -errno;
	int error = io_write_all(fd, x->text, len, clock_after(1));
	if (error == 0 && fchmod(fd, 0644) < 0)
		error = -errno;
	close(fd);
	if (error == 0 && renameat(AT_FDCWD, buffer_text(&temporary),
	    AT_FDCWD, x->path) < 0)
		error = -errno;
	return error;
}

static void
write_file(struct exporter *x, int64_t now)
{
	int error;

	if (now < x->next)
		return;
	x->next = now + x->interval_ms;
	error = replace_file(x);
	if (error < 0 && !x->failed)
		log_error("metrics_file %s: %s", x->path, log_errno(error));
	x->failed = error < 0;
}

void
exporter_serve(struct exporter *x, const struct watchers *w)
{
	int64_t now = clock_ms();

	for (size_t i = 0; i < EXPORTER_CLIENTS; i++) {
		struct exporter_client *c = &x->clients[i];

		if (c->fd >= 0 && watchers_ready(w, c->fd))
			read_request(x, c);
		else if (c->fd >= 0 && now >= c->deadline)
			io_close(&c->fd);
	}
	for (size_t i = 0; i < ARRAY_SIZE(x->listeners); i++)
		if (x->listeners[i] >= 0 && watchers_ready(w, x->listeners[i]))
			accept_client(x, x->listeners[i], now);
	write_file(x, now);
}
