/*
 * metrics.c - counters, gauges and histograms of the server.
 *
 * Runs in: recorder (counts), master (gauges).
 */
#include "common/base.h"
#include "daemon/recorder/metrics.h"

#include "common/log/log.h"
#include "common/process/shared_memory.h"

#include <sys/mman.h>

struct metrics *
metrics_new(int *fd)
{
	struct metrics *m = shared_memory_map(fd, "metrics", sizeof(*m));

	if (m != NULL)
		metrics_share(m, false);
	return m;
}

void
metrics_share(struct metrics *m, bool on)
{
	if (madvise(m, sizeof(*m), on ? MADV_DOFORK : MADV_DONTFORK) < 0)
		bug("madvise");
}

void
metrics_free(struct metrics *m)
{
	if (m != NULL)
		munmap(m, sizeof(*m));
}

/* Bounds of the histograms. */
static const int64_t ms_bounds[METRICS_BUCKETS] = {
	10, 100, 500, 1000, 5000, 10000, 60000, 300000, 1800000, 7200000,
};
static const int64_t byte_bounds[METRICS_BUCKETS] = {
	1 << 10, 1 << 14, 1 << 17, 1 << 20, 1 << 23, 1 << 26, 1 << 28,
	1 << 30, INT64_C(1) << 33, INT64_C(1) << 36,
};

static void
observe(struct metrics_histogram *h, const int64_t *bounds, int64_t value)
{
	if (value < 0)
		value = 0;
	for (size_t i = 0; i < METRICS_BUCKETS; i++)
		h->buckets[i] += value <= bounds[i];
	h->buckets[METRICS_BUCKETS]++;
	/* The number is from an unpacked event and may have any value. */
	if (__builtin_add_overflow(h->sum, value, &h->sum))
		h->sum = 0;
}

static void
count_transfer(struct metrics *m, int direction, const struct event *e)
{
	int64_t bytes = e->bytes > 0 ? e->bytes : 0;

	if ((uint32_t)e->code >= EVENT_STATUSES)
		return;
	m->transfers[direction][e->code]++;
	if (e->code == EVENT_STATUS_refused)
		return;
	m->bytes[direction] += (uint64_t)bytes;
	observe(&m->transfer_ms[direction], ms_bounds, e->duration_ms);
	observe(&m->transfer_bytes[direction], byte_bounds, bytes);
}

void
metrics_count(struct metrics *m, const struct event *e)
{
	m->events[e->type]++;
	m->lost_events += e->lost;
	if (e->type == EVENT_download)
		count_transfer(m, METRICS_DOWN, e);
	else if (e->type == EVENT_upload)
		count_transfer(m, METRICS_UP, e);
	else if (e->type == EVENT_disconnect)
		observe(&m->session_ms, ms_bounds, e->duration_ms);
	else if (event_is_operation(e->type) && !e->ok)
		m->refused_operations++;
}

/* --- text */

static void
head(struct buffer *b, const char *name, const char *type, const char *unit,
	const char *help)
{
	buffer_addf(b, "# TYPE sureftpd_%s %s\n", name, type);
	if (*unit != '\0')
		buffer_addf(b, "# UNIT sureftpd_%s %s\n", name, unit);
	buffer_addf(b, "# HELP sureftpd_%s %s\n", name, help);
}

static void
gauge(struct buffer *b, const char *name, const char *help, int64_t value)
{
	head(b, name, "gauge", "", help);
	buffer_addf(b, "sureftpd_%s %" PRId64 "\n", name, value);
}

static void
counter(struct buffer *b, const char *name, const char *help, uint64_t value)
{
	head(b, name, "counter", "", help);
	buffer_addf(b, "sureftpd_%s_total %" PRIu64 "\n", name, value);
}

static const char *const directions[METRICS_DIRECTIONS] = {
	[METRICS_DOWN] = "download", [METRICS_UP] = "upload",
};

/* A number of milliseconds in seconds. */
static void
add_scaled(struct buffer *b, int64_t value, bool ms)
{
	if (ms)
		buffer_addf(b, "%" PRId64 ".%03d", value / 1000,
			(int)(value % 1000));
	else
		buffer_addf(b, "%" PRId64, value);
}

/* label is "" or ends with a comma. */
static void
histogram(struct buffer *b, const char *name, const char *label,
	const struct metrics_histogram *h, bool ms)
{
	const int64_t *bounds = ms ? ms_bounds : byte_bounds;
	size_t label_len = strlen(label);
	BUFFER(braces, 64);

	if (label_len > 0)
		buffer_addf(&braces, "{%.*s}", (int)label_len - 1, label);
	for (size_t i = 0; i <= METRICS_BUCKETS; i++) {
		buffer_addf(b, "sureftpd_%s_bucket{%sle=\"", name, label);
		if (i < METRICS_BUCKETS)
			add_scaled(b, bounds[i], ms);
		else
			buffer_add_text(b, "+Inf");
		buffer_addf(b, "\"} %" PRIu64 "\n", h->buckets[i]);
	}
	buffer_addf(b, "sureftpd_%s_count%s %" PRIu64 "\n", name,
		buffer_text(&braces), h->buckets[METRICS_BUCKETS]);
	buffer_addf(b, "sureftpd_%s_sum%s ", name, buffer_text(&braces));
	add_scaled(b, h->sum, ms);
	buffer_add_char(b, '\n');
}

static void
by_direction(struct buffer *b, const char *name,
	const struct metrics_histogram *h, bool ms)
{
	for (size_t i = 0; i < METRICS_DIRECTIONS; i++) {
		BUFFER(label, 64);

		buffer_addf(&label, "direction=\"%s\",", directions[i]);
		histogram(b, name, buffer_text(&label), &h[i], ms);
	}
}

static int64_t
reports_waiting(const struct metrics *m)
{
	int64_t sum = 0;

	for (size_t i = 0; i < METRICS_RADIUS; i++)
		sum += m->radius[i].reports;
	return sum;
}

static void
add_gauges(struct buffer *b, const struct metrics *m)
{
	gauge(b, "sessions", "Sessions, before and after login.",
		m->sessions);
	gauge(b, "sessions_logged_in", "Sessions that have logged in.",
		m->logged_in);
	gauge(b, "sessions_logging_in", "Sessions before login.",
		m->logging_in);
	gauge(b, "spare_workers", "Idle workers.", m->spare_workers);
	gauge(b, "radius_reports_waiting", "Accounting reports that no RADIUS "
		"server has confirmed yet.", reports_waiting(m));
	gauge(b, "max_clients", "The setting max_clients.", m->max_clients);
	gauge(b, "max_workers", "The setting max_workers.", m->max_workers);
	head(b, "start_time_seconds", "gauge", "seconds",
		"When the server started, in seconds since 1970.");
	buffer_addf(b, "sureftpd_start_time_seconds %" PRId64 "\n",
		m->started_ns / 1000000000);
}

static void
add_counters(struct buffer *b, const struct metrics *m)
{
	counter(b, "connections", "Connections that were accepted.",
		m->events[EVENT_connect]);
	counter(b, "connections_refused",
		"Connections that were refused before login.",
		m->events[EVENT_refuse]);
	counter(b, "logins", "Logins.", m->events[EVENT_login]);
	counter(b, "login_failures", "Failed logins.",
		m->events[EVENT_login_failed]);
	counter(b, "bans", "Bans of addresses and networks.",
		m->events[EVENT_ban]);
	counter(b, "limits_reached", "Limits that refused clients or "
		"logins, at most once a second each.", m->events[EVENT_limit]);
	counter(b, "operations_refused", "File operations that were "
		"refused.", m->refused_operations);
	counter(b, "crashes", "Processes killed by a signal.",
		m->events[EVENT_crash]);
	counter(b, "violations", "Protocol violations between processes.",
		m->events[EVENT_violation] + m->events[EVENT_sandbox]);
	counter(b, "reloads", "Reloads of the configuration.",
		m->events[EVENT_reload]);
	counter(b, "log_events_lost", "Events that could not be sent to the "
		"log.", m->lost_events);
	counter(b, "event_commands", "Event commands that were run.",
		m->commands);
	counter(b, "event_commands_failed", "Event commands that failed.",
		m->commands_failed);
	counter(b, "event_commands_dropped", "Events dropped because too many "
		"were waiting for their command.", m->commands_dropped);
}

static void
add_transfers(struct buffer *b, const struct metrics *m)
{
	head(b, "transfers", "counter", "", "File transfers by result.");
	for (size_t i = 0; i < METRICS_DIRECTIONS; i++)
		for (int32_t k = 0; k < EVENT_STATUSES; k++)
			buffer_addf(b, "sureftpd_transfers_total{direction="
				"\"%s\",status=\"%s\"} %" PRIu64 "\n",
				directions[i], event_status_name(k),
				m->transfers[i][k]);
	head(b, "transfer_bytes", "counter", "bytes",
		"Bytes of files that were transferred.");
	for (size_t i = 0; i < METRICS_DIRECTIONS; i++)
		buffer_addf(b, "sureftpd_transfer_bytes_total{direction="
			"\"%s\"} %" PRIu64 "\n", directions[i], m->bytes[i]);
}

static void
add_operations(struct buffer *b, const struct metrics *m)
{
	head(b, "operations", "counter", "", "File operations, completed "
		"or refused.");
	for (enum event_type i = 0; i < EVENT_TYPES; i++)
		if (event_is_operation(i))
			buffer_addf(b, "sureftpd_operations_total{operation="
				"\"%s\"} %" PRIu64 "\n", event_name(i),
				m->events[i]);
}

void
metrics_text(struct buffer *b, const struct metrics *m)
{
	add_gauges(b, m);
	add_counters(b, m);
	add_transfers(b, m);
	add_operations(b, m);
	head(b, "transfer_duration_seconds", "histogram", "seconds",
		"Duration of transfers.");
	by_direction(b, "transfer_duration_seconds", m->transfer_ms, true);
	head(b, "transfer_size_bytes", "histogram", "bytes",
		"Size of transfers.");
	by_direction(b, "transfer_size_bytes", m->transfer_bytes, false);
	head(b, "session_duration_seconds", "histogram", "seconds",
		"Duration of sessions.");
	histogram(b, "session_duration_seconds", "", &m->session_ms, true);
	buffer_add_text(b, "# EOF\n");
}
