/*
 * services.c - the processes that sessions need.
 *
 * Runs in: master.
 */
#include "common/base.h"
#include "daemon/services.h"

#include "common/clock.h"
#include "daemon/broadcast.h"

void
services_step(const struct reload *r, int64_t now)
{
	const struct sessions *sessions = workers_sessions(r->workers);
	struct keeping *keeping = r->configuration->keeping;

	if (recording_step(r->recording, r->configuration, now)) {
		broadcast_reattach(sessions, SERVICE_RECORDER, 0);
		keeping_reattach(keeping);
		running_reattach(r->running);
		bookkeeping_reattach(r->bookkeeping);
	}
	running_step(r->running, r->configuration, now);
	if (bookkeeping_step(r->bookkeeping, now))
		broadcast_reattach(sessions, SERVICE_BOOKKEEPER, 0);
	if (keeping_step(keeping, now))
		broadcast_reattach(sessions, SERVICE_KEEPER,
			keeping_number(keeping));
}

int64_t
services_due(const struct reload *r, int64_t now)
{
	int64_t at = recording_due(r->recording, now);

	at = clock_earlier(at, running_due(r->running, now));
	at = clock_earlier(at, bookkeeping_due(r->bookkeeping, now));
	return clock_earlier(at, keeping_due(r->configuration->keeping, now));
}
