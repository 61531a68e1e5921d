/*
 * place.c - a session's place for data connections.
 */
#include "common/base.h"
#include "tests/unit/unit.h"
#include "tests/unit/place.h"

#include "common/clock.h"
#include "common/io.h"

#include <fcntl.h>
#include <sys/socket.h>

struct address
place_address(const char *text, uint16_t port)
{
	struct address a;

	if (address_parse(&a, text) < 0)
		abort();
	address_set_port(&a, port);
	return a;
}

static int
active_socket(void *context, const struct address *to)
{
	struct place *p = context;

	p->asked++;
	p->asked_for = *to;
	return p->answer;
}

void
place_open(struct place *p, const char *address)
{
	static char no[] = "no";

	*p = (struct place){ .rules = { .port = 2121, .allow_fxp = no,
		.keepalive = 300, .keepalive_interval = 60,
		.keepalive_probes = 5 } };
	wire_open(&p->wire);
	p->client = place_address(address, 40000);
	p->server = place_address(address, 2121);
	p->authority = (struct authority){
		.context = p,
		.active_socket = active_socket,
	};
	data_init(&p->data, &p->client, &p->server, &p->rules, &p->authority);
}

void
place_close(struct place *p)
{
	data_reset(&p->data);
	(void)wire_close(&p->wire);
}

int
place_open_data(struct place *p, int64_t ms)
{
	return data_open(&p->data, &p->wire.watch, clock_ms() + ms, &p->end);
}

int
place_connect(const char *from, const struct address *to)
{
	struct address a = place_address(from, 0);
	int fd = socket(address_family(to), SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0 || bind(fd, &a.any, address_size(&a)) < 0 ||
	    connect(fd, &to->any, address_size(to)) < 0) {
		int error = -errno;
		io_close(&fd);
		return error;
	}
	return fd;
}

int
place_listen(const char *text, struct address *bound)
{
	socklen_t size;
	int fd;

	*bound = place_address(text, 0);
	size = address_size(bound);
	fd = socket(address_family(bound), SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0 || bind(fd, &bound->any, size) < 0 || listen(fd, 4) < 0 ||
	    getsockname(fd, &bound->any, &size) < 0)
		abort();
	return fd;
}

void
place_check_socket(const struct place *p, int fd)
{
	int on = 0;
	socklen_t size = sizeof(on);

	CU_ASSERT_TRUE(fcntl(fd, F_GETFL) & O_NONBLOCK);
	CU_ASSERT_TRUE(fcntl(fd, F_GETFD) & FD_CLOEXEC);
	data_keepalive(&p->data, fd);
	CU_ASSERT_EQUAL(getsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, &size),
		0);
	CU_ASSERT_NOT_EQUAL(on, 0);
}

void
place_check_kept(struct place *p)
{
	CU_ASSERT_NOT_EQUAL(p->data.mode, DATA_NONE);
	CU_ASSERT_EQUAL(place_open_data(p, 0), -ETIMEDOUT);
}

void
place_check_used_up(struct place *p)
{
	CU_ASSERT_EQUAL(p->data.mode, DATA_NONE);
	CU_ASSERT_EQUAL(p->data.fd, -1);
	CU_ASSERT_EQUAL(place_open_data(p, 1000), -ENOTCONN);
}
