/*
 * hooks.h - events that have a command: the recorder puts each into the
 * runner's queue (daemon/runner/runner.h).
 *
 * The queue is a socket, which is never waited for: what does not fit is
 * dropped, counted and reported.
 */
#ifndef DAEMON_RECORDER_HOOKS_H
#define DAEMON_RECORDER_HOOKS_H

#include "common/base.h"
#include "common/settings/settings.h"
#include "daemon/recorder/event_fields.h"
#include "daemon/recorder/log_json.h"
#include "daemon/recorder/metrics.h"
#include "daemon/recorder/watchers.h"
#include "common/process/runner_request.h"

struct hooks {
	const struct server_settings *settings;
	int queue;		/* -1: no event has a command */
	struct metrics *metrics;
	uint64_t dropped;	/* since the last report */
	int64_t report_at;	/* CLOCK_NEVER: there is nothing to report */
	char data[RUNNER_REQUEST_MAX];
};

void hooks_init(struct hooks *h, const struct server_settings *settings,
	int queue, struct metrics *metrics);

/* There are no more events. */
void hooks_close(struct hooks *h);

/* Queue the event if it has a command. */
void hooks_event(struct hooks *h, const struct event *e,
	const struct event_fields *f);

/* watchers.h: the report of what was dropped. */
void hooks_watch(const struct hooks *h, struct watchers *w);
void hooks_serve(struct hooks *h);

#endif
