/*
 * metrics.h - counters, gauges and histograms of the server.
 *
 * They are in memory shared by master and recorder, and by runner and radius,
 * so they survive the replacement of a recorder.  The recorder counts events,
 * the master writes the gauges; the memory contains only numbers, any value of
 * which is harmless.
 */
#ifndef DAEMON_RECORDER_METRICS_H
#define DAEMON_RECORDER_METRICS_H

#include "common/base.h"
#include "common/buffer.h"
#include "common/log/event.h"

#define METRICS_BUCKETS 10
#define METRICS_RADIUS	16	/* the last place is for all others */

/* Values up to each bound, cumulative; the last bound is infinite. */
struct metrics_histogram {
	uint64_t buckets[METRICS_BUCKETS + 1];
	int64_t sum;
};

enum { METRICS_DOWN, METRICS_UP, METRICS_DIRECTIONS };

struct metrics {
	/* written by the master */
	int64_t started_ns;
	int64_t sessions, logged_in, logging_in, spare_workers;
	int64_t max_clients, max_workers;
	/* written by the recorder */
	uint64_t events[EVENT_TYPES];
	uint64_t transfers[METRICS_DIRECTIONS][EVENT_STATUSES];
	uint64_t bytes[METRICS_DIRECTIONS];
	uint64_t refused_operations;
	struct metrics_histogram transfer_ms[METRICS_DIRECTIONS];
	struct metrics_histogram transfer_bytes[METRICS_DIRECTIONS];
	struct metrics_histogram session_ms;
	uint64_t lost_events;		/* lost by senders: queue full */
	uint64_t commands, commands_failed, commands_dropped;
	/* written by radius: its servers that have not answered, by their place
	 * in the settings (bit 0: the first) */
	uint32_t radius_silent, radius_accounting_silent;
	/* the same, and former ones that finish: reports that no server has
	 * confirmed; the master writes the pids (0: a free place) */
	struct {
		int32_t pid;
		uint32_t reports;
	} radius[METRICS_RADIUS];
};

/* The size of all metrics as OpenMetrics text. */
#define METRICS_TEXT_MAX 32768
#define METRICS_TYPE \
	"application/openmetrics-text; version=1.0.0; charset=utf-8"

/* In the file *fd, or if that is -1 a new one, full of zeros.  NULL when out of
 * memory.  Processes that are forked later do not get it, except while it is
 * shared. */
struct metrics *metrics_new(int *fd);
void metrics_share(struct metrics *m, bool on);
void metrics_free(struct metrics *m);

void metrics_count(struct metrics *m, const struct event *e);

void metrics_text(struct buffer *b, const struct metrics *m);

#endif
