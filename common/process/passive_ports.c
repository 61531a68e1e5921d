/*
 * passive_ports.c - tracks which ports of passive_ports are in use.
 *
 * Runs in: session; the master makes the table.
 */
#include "common/base.h"
#include "common/process/passive_ports.h"

#include <stdatomic.h>
#include <sys/mman.h>

#define PORTS 65536

/* When each port is free again, in milliseconds of clock_ms().  Only the pages
 * for the configured range are touched and use memory. */
struct passive_ports {
	_Atomic int64_t free_at[PORTS];
};

struct passive_ports *
passive_ports_new(void)
{
	void *at = mmap(NULL, sizeof(struct passive_ports),
		PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	return at == MAP_FAILED ? NULL : at;
}

void
passive_ports_free(struct passive_ports *p)
{
	if (p != NULL)
		munmap(p, sizeof(*p));
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
