/*
 * exporter.h - exports the metrics: by HTTP on the loopback addresses, and to a
 * file for node_exporter.
 */
#ifndef DAEMON_RECORDER_EXPORTER_H
#define DAEMON_RECORDER_EXPORTER_H

#include "common/base.h"
#include "common/settings/settings.h"
#include "daemon/recorder/metrics.h"
#include "daemon/recorder/watchers.h"

#define EXPORTER_CLIENTS 8

struct exporter_client {
	int fd;			/* -1: unused */
	int64_t deadline;
	size_t len;		/* bytes of request[] received so far */
	char request[1024];
};

struct exporter {
	const struct metrics *metrics;
	int listeners[2];	/* IPv4 and IPv6; -1: none */
	struct exporter_client clients[EXPORTER_CLIENTS];
	const char *path;	/* of the metrics file; "": none */
	int64_t interval_ms, next;
	bool failed;		/* the last write failed; logged */
	char text[METRICS_TEXT_MAX];
};

/* Listen as configured; a failure is logged. */
void exporter_open(struct exporter *x, const struct metrics *metrics,
	const struct server_settings *settings);
void exporter_close(struct exporter *x);

/* watchers.h */
void exporter_watch(const struct exporter *x, struct watchers *w);
void exporter_serve(struct exporter *x, const struct watchers *w);

#endif
