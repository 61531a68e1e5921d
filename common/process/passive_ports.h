/*
 * passive_ports.h - tracks which ports of passive_ports are in use, for all
 * sessions.
 *
 * One table in shared memory, made by the master; monitors inherit it, and only
 * sessions use it.  A session reserves a port before it binds it, so that no
 * session tries one that another uses.  A released port is not used for a
 * while, so that a late connection for one session does not reach the next one.
 *
 * The table is only a hint, and bind() decides: every session can write to the
 * table, so a compromised session can mark ports as used or free.  Other
 * sessions then call bind() as they would without a table, which only costs
 * time.  The monitor and the master never read it.
 *
 * A port is one entry, whatever the address.  A session that dies without
 * releasing its port leaves it reserved for PASSIVE_PORTS_LEASE_MS.
 */
#ifndef COMMON_PROCESS_PASSIVE_PORTS_H
#define COMMON_PROCESS_PASSIVE_PORTS_H

#include "common/base.h"
#include "common/settings/settings.h"

#define PASSIVE_PORTS_LEASE_MS 120000	/* until a reserved port can be reserved
					 * again */
#define PASSIVE_PORTS_REST_MS  2000	/* the same, after its release */
#define PASSIVE_PORTS_BUSY_MS  10000	/* the same, if another program uses
					 * it */

struct passive_ports;

/* An empty table; NULL when out of memory. */
struct passive_ports *passive_ports_new(void);

/* Unmap it from this process; NULL is accepted. */
void passive_ports_free(struct passive_ports *p);

/* Reserve a port of the range, the first free one from `start` (an index into
 * the range) on; 0 when none is free. */
uint16_t passive_ports_reserve(struct passive_ports *p,
	struct port_range range, uint32_t start, int64_t now);

/* Release a port; or mark it as used by another program. */
void passive_ports_release(struct passive_ports *p, uint16_t port,
	int64_t now);
void passive_ports_busy(struct passive_ports *p, uint16_t port, int64_t now);

#endif
