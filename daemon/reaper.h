/*
 * reaper.h - collects ended child processes of the master, and orphans if the
 * master has pid 1.
 */
#ifndef DAEMON_REAPER_H
#define DAEMON_REAPER_H

#include "common/base.h"
#include "daemon/configuration.h"
#include "daemon/recording.h"
#include "daemon/running.h"
#include "daemon/workers.h"

struct reaper {
	struct workers *workers;
	const struct configuration *configuration;
	struct recording *recording;
	struct running *running;
	int64_t sweep;		/* when to look for all ended children */
};

/* SIGCHLD has reported this process. */
void reaper_signal(struct reaper *r, pid_t pid);

/* Do what is due; when that is next. */
void reaper_step(struct reaper *r, int64_t now);
int64_t reaper_due(const struct reaper *r);

#endif
