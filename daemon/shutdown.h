/*
 * shutdown.h - shuts the server down, in stages with time limits.
 *
 * 1. No new clients; sessions without a transfer end, others may finish
 *    theirs (setting shutdown_grace).
 * 2. All sessions end at once, within two seconds.
 * 3. Remaining workers are killed.
 *
 * Each further signal to shut down starts the next stage immediately.
 */
#ifndef DAEMON_SHUTDOWN_H
#define DAEMON_SHUTDOWN_H

#include "common/base.h"
#include "daemon/clients/clients.h"
#include "daemon/control/admin.h"
#include "daemon/manager/notify.h"
#include "daemon/workers/workers.h"

enum shutdown_stage {
	SHUTDOWN_NONE,		/* no shutdown */
	SHUTDOWN_GRACE,		/* running transfers may end */
	SHUTDOWN_NOW,		/* all sessions were asked to end at once */
	SHUTDOWN_KILL,		/* workers that did not exit were killed */
	SHUTDOWN_OVER,		/* some did not exit even then */
};

struct shutdown {
	/* set at the start */
	struct workers *workers;
	struct clients *clients;
	struct admin *admin;
	const struct notify *notify;
	const struct configuration *configuration;
	/* changed by the functions below */
	enum shutdown_stage stage;
	int64_t next;		/* when the next stage starts */
};

/* Handle a signal to shut down. */
void shutdown_request(struct shutdown *s);

/* Start the next stage if it is due. */
void shutdown_step(struct shutdown *s);

/* When shutdown_step() is due; CLOCK_NEVER without a shutdown. */
int64_t shutdown_due(const struct shutdown *s);

bool shutdown_begun(const struct shutdown *s);

/* Has the shutdown ended: no worker is left, or nothing more can be done? */
bool shutdown_done(const struct shutdown *s);

#endif
