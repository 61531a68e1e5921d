/*
 * passive_ports.c - tracks which ports of passive_ports are in use.
 *
 * Runs in: session; the master makes the table.
 */
#include "common/base.h"
#include "common/process/passive_ports.h"

#include "common/io.h"
#include "common/process/shared_memory.h"
#include "common/text.h"

#include <stdatomic.h>
#include <sys/mman.h>

#define PORTS 65536

#define SYSTEM "/proc/sys/net/ipv4/"

struct passive_ports {
	struct port_range any;
	/* Shared: when each port is free again, in milliseconds of clock_ms().
	 * Only the pages for the configured range are touched and use
	 * memory. */
	_Atomic int64_t *free_at;
};

/* The next number of a text; 0 at its end. */
static uint16_t
next_port(const char **at)
{
	int64_t number;
	size_t len = 0;

	while (**at == ' ' || **at == '\t')
		(*at)++;
	while (text_is_digit((*at)[len]))
		len++;
	if (text_number(*at, len, &number) < 0 || number >= PORTS)
		return 0;
	*at += len;
	return (uint16_t)number;
}

static struct port_range
find_any(void)
{
	const struct port_range none = { 0, 0 };
	char text[64];
	const char *at = text;
	ssize_t len = io_read_file(SYSTEM "ip_local_reserved_ports", text,
		sizeof(text));

	/* A list that is too long is one as well. */
	if (len < 0 ? len != -ENOENT : len > 0 && text[0] != '\n')
		return none;
	if (io_read_file(SYSTEM "ip_local_port_range", text, sizeof(text)) < 0)
		return none;
	uint16_t from = next_port(&at), to = next_port(&at);
	return from >= 1024 && from <= to ? (struct port_range){ from, to } :
		none;
}

struct passive_ports *
passive_ports_new(int *fd)
{
	struct passive_ports *p = malloc(sizeof(*p));

	if (p == NULL)
		return NULL;
	p->free_at = shared_memory_map(fd, "ports",
		PORTS * sizeof(*p->free_at));
	if (p->free_at == NULL) {
		free(p);
		return NULL;
	}
	p->any = find_any();
	return p;
}

void
passive_ports_free(struct passive_ports *p)
{
	if (p == NULL)
		return;
	munmap(p->free_at, PORTS * sizeof(*p->free_at));
	free(p);
}

struct port_range
passive_ports_any(const struct passive_ports *p)
{
	return p->any;
}

/* Ignore times that are not possible. */
static bool
is_free(int64_t free_at, int64_t now)
{
	return free_at <= now || free_at > now + PASSIVE_PORTS_LEASE_MS;
}

uint16_t
passive_ports_reserve(struct passive_ports *p, struct port_range range,
	uint32_t start, int64_t now)
{
	uint32_t n = (uint32_t)(range.to - range.from) + 1;

	for (uint32_t i = 0; i < n; i++) {
		uint16_t port = (uint16_t)(range.from + (start + i) % n);
		int64_t seen = atomic_load(&p->free_at[port]);

		if (is_free(seen, now) &&
		    atomic_compare_exchange_strong(&p->free_at[port], &seen,
			now + PASSIVE_PORTS_LEASE_MS))
			return port;
	}
	return 0;
}

void
passive_ports_release(struct passive_ports *p, uint16_t port, int64_t now)
{
	atomic_store(&p->free_at[port], now + PASSIVE_PORTS_REST_MS);
}

void
passive_ports_busy(struct passive_ports *p, uint16_t port, int64_t now)
{
	atomic_store(&p->free_at[port], now + PASSIVE_PORTS_BUSY_MS);
}
