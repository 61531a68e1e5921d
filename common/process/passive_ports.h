/*
 * passive_ports.h - which ports of passive_ports are in use, for all sessions.
 *
 * One table in shared memory, made by the master; monitors inherit it, and only
 * sessions use it.  A session reserves a port before it binds it, so that no
 * session tries one that another holds.  A released port rests for a while, so
 * that a late connection for one session does not reach the next one.
 *
 * The table is advice, and bind() is the judge: every session can write to the
 * table, so a session that was taken over can make ports look used or free.
 * Others then try to bind, as they would without a table, and lose some time
 * but nothing else.  The monitor and the master never read it.
 *
 * A port is one entry, whatever the address.  A session that dies without
 * releasing its port leaves it reserved until PASSIVE_PORTS_LEASE_MS are over.
 */
#ifndef COMMON_PROCESS_PASSIVE_PORTS_H
#define COMMON_PROCESS_PASSIVE_PORTS_H

#include "common/base.h"
#include "common/settings/settings.h"

#define PASSIVE_PORTS_LEASE_MS 120000	/* until it may be tried again */
#define PASSIVE_PORTS_REST_MS  2000	/* after its release */
#define PASSIVE_PORTS_BUSY_MS  10000	/* when another program uses it */

struct passive_ports;

/* An empty table; NULL when out of memory. */
struct passive_ports *passive_ports_new(void);

/* Unmap it from this process; NULL is accepted. */
void passive_ports_free(struct passive_ports *p);

/* Reserve a port of the range, the first free one from `start` (an index into
 * the range) on; 0 when none is free. */
uint16_t passive_ports_reserve(struct passive_ports *p,
	struct port_range range, uint32_t start, int64_t now);

/* It is not used any more, or another program uses it. */
void passive_ports_release(struct passive_ports *p, uint16_t port,
	int64_t now);
void passive_ports_busy(struct passive_ports *p, uint16_t port, int64_t now);

#endif
