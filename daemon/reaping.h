/*
 * reaping.h - the master's children that have ended: which of them it was.
 */
#ifndef DAEMON_REAPING_H
#define DAEMON_REAPING_H

#include "common/base.h"
#include "daemon/configuration.h"
#include "daemon/recording.h"
#include "daemon/workers.h"

struct reaping {
	struct workers *workers;
	const struct configuration *configuration;	/* its keeper */
	struct recording *recording;
	int64_t sweep;		/* when to look for ended children again;
				 * CLOCK_NEVER */
};

/* SIGCHLD names this child. */
void reaping_signal(struct reaping *r, pid_t pid);

/* Look for those that no signal has named, when it is time. */
void reaping_step(struct reaping *r, int64_t now);

#endif
