/*
 * clients.h - accepts clients and passes them to workers.
 */
#ifndef DAEMON_CLIENTS_H
#define DAEMON_CLIENTS_H

#include "common/base.h"
#include "daemon/configuration.h"
#include "daemon/clients/listener.h"
#include "daemon/loop.h"
#include "daemon/workers/workers.h"

struct clients;

/* Not listening yet; NULL when out of memory.  All three must outlive it. */
struct clients *clients_new(struct loop *loop, struct workers *workers,
	const struct configuration *configuration);
void clients_free(struct clients *c);

/* At the start: use the passed sockets, and have the service manager store
 * those that are opened.  Both must outlive it. */
void clients_inherit(struct clients *c, struct passed *passed,
	const struct notify *notify);

/* Listen according to these settings, which must be in the configuration when
 * the next client is accepted.  0; or -errno, logged, with nothing changed. */
int clients_listen(struct clients *c, const struct settings *settings)
	MUST_CHECK;

/* Log the listening addresses. */
void clients_announce(const struct clients *c);

const struct listeners *clients_listeners(const struct clients *c);

/* Retry the client for which no worker could be forked, listen again after a
 * pause, log the number of closed clients. */
void clients_step(struct clients *c, int64_t now);

/* When clients_step() is due next without an event. */
int64_t clients_due(const struct clients *c, int64_t now);

/* Start or stop refusing new clients. */
void clients_drain(struct clients *c, bool on);
bool clients_draining(const struct clients *c);

/* Stop accepting clients, which wait in the kernel's queues meanwhile; or
 * continue. */
void clients_pause(struct clients *c, bool on);

/* For the next program (state.h). */
struct state_reader;
struct state_writer;
void clients_save(const struct clients *c, struct state_writer *w);
void clients_restore(struct clients *c, struct state_reader *r);

/* For the shutdown: stop listening, and close the waiting client. */
void clients_close(struct clients *c);

#endif
