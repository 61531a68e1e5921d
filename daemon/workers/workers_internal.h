/*
 * workers_internal.h - the workers' table of tables.
 *
 * For workers*.c only.
 */
#ifndef DAEMON_WORKERS_INTERNAL_H
#define DAEMON_WORKERS_INTERNAL_H

#include "common/base.h"
#include "daemon/sessions/board.h"
#include "daemon/bans/charges.h"
#include "daemon/configuration.h"
#include "daemon/admission/limits.h"
#include "daemon/loop.h"
#include "daemon/pause.h"
#include "daemon/rates/rates.h"
#include "daemon/workers/reports.h"
#include "daemon/sessions/sessions.h"

struct workers {
	struct loop *loop;
	const struct configuration *configuration;
	struct sessions *sessions;
	struct board *board;
	struct rates *rates;
	struct charges *charges;
	struct limits limits;
	struct reports reports;
	struct pause fork_pause;
	bool closed;			/* the server is shutting down */
	bool paused;			/* for workers_save() */
	LIST_HEAD(, slot) ending;	/* their channel is closed */
};

/* Handle messages of this slot, whose channel is open.  0 or -errno. */
int workers_watch(struct workers *w, struct slot *slot) MUST_CHECK;

/* End all idle workers. */
void workers_retire_spares(struct workers *w);

#endif
