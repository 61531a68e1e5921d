/*
 * hooks.h - queues events that have a command for the runner
 * (daemon/runner/runner.h).
 *
 * The queue is a socket, and the recorder never waits for it: events that do
 * not fit are dropped, counted and reported.
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
	int64_t report_at;	/* CLOCK_NEVER: nothing to report */
	char data[RUNNER_REQUEST_MAX];
};

void hooks_init(struct hooks *h, const struct server_settings *settings,
	int queue, struct metrics *metrics);

/* Close the queue: there are no more events. */
void hooks_close(struct hooks *h);

/* Queue the event if it has a command. */
void hooks_event(struct hooks *h, const struct event *e,
	const struct event_fields *f);

/* See watchers.h; reports dropped events. */
void hooks_watch(const struct hooks *h, struct watchers *w);
void hooks_serve(struct hooks *h);

#endif
