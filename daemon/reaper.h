/*
 * reaper.h - reaps child processes of the master, and orphans if the master has
 * pid 1.
 */
#ifndef DAEMON_REAPER_H
#define DAEMON_REAPER_H

#include "common/base.h"
#include "daemon/bans/bans_file.h"
#include "daemon/services/bookkeeper_service.h"
#include "daemon/configuration.h"
#include "daemon/services/recorder_service.h"
#include "daemon/services/resolver.h"
#include "daemon/services/services.h"
#include "daemon/upgrade/upgrade.h"
#include "daemon/workers/workers.h"

struct reaper {
	struct workers *workers;
	const struct configuration *configuration;
	struct recorder_service *recorder;
	struct resolver *resolver;
	struct services *services;
	struct upgrade *upgrade;
	struct bans_file *bans_file;
	int64_t sweep;		/* when to look for all ended children */
};

/* Handle the pid from a SIGCHLD. */
void reaper_signal(struct reaper *r, pid_t pid);

/* Look for children that ended without a SIGCHLD being seen, when that is due:
 * at the time that reaper_due() returns. */
void reaper_step(struct reaper *r, int64_t now);
int64_t reaper_due(const struct reaper *r);

#endif
