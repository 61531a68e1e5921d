/*
 * client_data.c - see client_data.h.
 */
#include "common/base.h"

#include "tests/fuzz/client_data.h"

#include "common/address.h"

static struct address
own_address(bool six, uint16_t port)
{
	struct address a;

	(void)!address_parse(&a, six ? "::1" : "127.0.0.1");
	address_set_port(&a, port);
	return a;
}

static int
new_socket(bool six)
{
	return socket(six ? AF_INET6 : AF_INET,
		SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
}

int
client_data_listen(struct client_data *d, uint16_t port)
{
	for (int six = 0; six < 2; six++) {
		struct address a = own_address(six, port);
		d->listeners[six] = new_socket(six);
		if (bind(d->listeners[six], &a.any, address_size(&a)) < 0 ||
			listen(d->listeners[six], 8) < 0)
			return -errno;
	}
	return 0;
}

void
client_data_begin(struct client_data *d, bool six)
{
	d->six = six;
	d->link = link_on(-1);
}

static void
take(struct client_data *d, int fd)
{
	link_reset(&d->link);
	d->link = link_on(fd);
	d->ended = false;
	d->faithful = true;
	d->received = 0;
}

static bool
accept_next(struct client_data *d)
{
	int fd = accept4(d->listeners[d->six], NULL, NULL,
		SOCK_NONBLOCK | SOCK_CLOEXEC);

	if (fd < 0)
		return false;
	take(d, fd);
	return true;
}

bool
client_data_read(struct client_data *d)
{
	static char bytes[65536];
	ssize_t n;

	if (!link_is_open(&d->link))
		return false;
	n = link_read(&d->link, bytes, sizeof(bytes));
	if (n == -EAGAIN)
		return link_has_moved(&d->link);
	if (n > 0)
		d->received += n;
	if (n == -EPROTO)
		d->faithful = false;
	if (n <= 0)
		link_close(&d->link);
	return true;
}

bool
client_data_act(struct client_data *d)
{
	return client_data_read(d) || accept_next(d);
}

void
client_data_connect(struct client_data *d, uint16_t port)
{
	struct address a = own_address(d->six, port);
	int fd;

	if (port == 0)
		return;
	fd = new_socket(d->six);
	if (connect(fd, &a.any, address_size(&a)) < 0 && errno != EINPROGRESS)
		close(fd);
	else
		take(d, fd);
}

void
client_data_secure(struct client_data *d)
{
	link_secure(&d->link);
}

void
client_data_send(struct client_data *d, const uint8_t *data, size_t len,
	unsigned times)
{
	ssize_t n = 0;

	while (link_is_open(&d->link) && n >= 0 && times-- > 0)
		n = link_write(&d->link, data, len);
}

void
client_data_end(struct client_data *d)
{
	d->ended = true;
	link_end(&d->link);
}

void
client_data_close(struct client_data *d)
{
	d->faithful = false;
	link_close(&d->link);
}

void
client_data_reset(struct client_data *d)
{
	d->faithful = false;
	link_reset(&d->link);
}

void
client_data_clear(struct client_data *d)
{
	client_data_reset(d);
	while (accept_next(d))
		client_data_reset(d);
}
