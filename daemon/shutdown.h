/*
 * shutdown.h - how the server ends: in stages, each with its time.
 *
 * 1. No new clients; sessions without a transfer end, the others may finish
 *    it (setting shutdown_grace).
 * 2. Every session ends at once; two seconds for that.
 * 3. Workers that are left are killed.
 *
 * Each further signal to shut down starts the next stage at once.
 */
#ifndef DAEMON_SHUTDOWN_H
#define DAEMON_SHUTDOWN_H

#include "common/base.h"
#include "daemon/clients.h"
#include "daemon/control/admin.h"
#include "daemon/notify.h"
#include "daemon/workers.h"

enum shutdown_stage {
	SHUTDOWN_NONE,		/* the server serves */
	SHUTDOWN_GRACE,		/* running transfers may end */
	SHUTDOWN_NOW,		/* all sessions were asked to end at once */
	SHUTDOWN_KILL,		/* workers that did not were killed */
	SHUTDOWN_OVER,		/* some survive even that */
};

struct shutdown {
	/* set at the start */
	struct workers *workers;
	struct clients *clients;
	struct admin *admin;
	const struct notify *notify;
	const struct configuration *configuration;
	/* kept by the functions below */
	enum shutdown_stage stage;
	int64_t next;		/* when the next stage comes */
};

/* A signal to shut down has come. */
void shutdown_request(struct shutdown *s);

/* Go on to the next stage if its time has come. */
void shutdown_step(struct shutdown *s);

/* When shutdown_step() is due; CLOCK_NEVER while the server serves. */
int64_t shutdown_due(const struct shutdown *s);

bool shutdown_begun(const struct shutdown *s);

/* No worker is left, or nothing more can be done. */
bool shutdown_done(const struct shutdown *s);

#endif
