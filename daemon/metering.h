/*
 * metering.h - the master's part of the metrics (daemon/recorder/metrics.h):
 * the gauges of current sessions.
 */
#ifndef DAEMON_METERING_H
#define DAEMON_METERING_H

#include "common/base.h"
#include "daemon/recorder/metrics.h"
#include "daemon/control/scoreboard.h"

void metering_update(struct metrics *m, const struct scoreboard_source *source);

/* The metrics as text, in a sealed file: a descriptor or -errno. */
int metering_make(const struct scoreboard_source *source) MUST_CHECK;

#endif
