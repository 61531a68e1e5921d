/*
 * succession.h - from one program to the next in the same process: when, in
 * which order, and what each module hands on (upgrade.h, state.h).
 *
 * It is done for an administrator, and, at a bounded rate, after a process of a
 * session has crashed: with a new memory layout, what the crash may have
 * disclosed about the old one is worthless.
 *
 * Workers that hold descriptors of the master cannot be handed on; so the
 * master accepts nobody for the moment that they need, which clients do not
 * notice.
 */
#ifndef DAEMON_SUCCESSION_H
#define DAEMON_SUCCESSION_H

#include "common/base.h"
#include "daemon/bans/bans_file.h"
#include "daemon/control/admin.h"
#include "daemon/reload.h"
#include "daemon/upgrade/surroundings.h"
#include "daemon/upgrade/upgrade.h"

struct succession {
	/* set at the start */
	struct surroundings *surroundings;
	struct scoreboard_source *source;
	struct admin *admin;
	struct bans_file *bans_file;
	struct reload *reload;		/* for all others */
	int metrics, ports;		/* their files; -1 before the start */
	/* changed by the functions below */
	struct upgrade upgrade;
	bool waiting;			/* for workers, until: */
	int64_t give_up;
	bool renewing;			/* it is for a crash */
	uint64_t crashes;		/* that had their renewal, */
	int64_t next_renewal;		/* and when the next can be */
};

/* Begin, unless it is under way: SIGUSR2. */
void succession_begin(struct succession *s);

/* A reload or a shutdown takes precedence. */
void succession_cancel(struct succession *s);

/* Continue.  Does not return when the next program takes over. */
void succession_step(struct succession *s, int64_t now);
int64_t succession_due(const struct succession *s);

/* --- at the start, in this order: from surroundings->state, if there is one */

/* Age and files of the server, and which bans_file it has read. */
void succession_restore_master(struct succession *s,
	const struct options *options);

/* Workers and clients. */
void succession_restore_workers(struct succession *s);

/* Recorder, runner, resolver; control socket.  0 or -errno of all. */
int succession_start_services(struct succession *s) MUST_CHECK;

/* The server is running again: log that, answer the order of sureftpctl, and
 * free the state. */
void succession_complete(struct succession *s);

#endif
