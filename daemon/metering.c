/*
 * metering.c - the master's part of the metrics.
 *
 * Runs in: master.
 */
#include "common/base.h"
#include "daemon/metering.h"

#include "common/io.h"
#include "daemon/configuration.h"
#include "daemon/sessions/sessions.h"

void
metering_update(struct metrics *m, const struct scoreboard_source *source)
{
	const struct sessions *sessions = source->sessions;
	const struct server_settings *s =
		&source->configuration->settings->server;

	m->started_ns = source->started_wall_ns;
	m->sessions = (int64_t)sessions_clients(sessions);
	m->logged_in = (int64_t)sessions_in(sessions, SLOT_SESSION);
	m->logging_in = (int64_t)sessions_in(sessions, SLOT_LOGIN);
	m->spare_workers = (int64_t)sessions_in(sessions, SLOT_SPARE);
	m->max_clients = s->max_clients;
	m->max_workers = s->max_workers;
}

int
metering_make(const struct scoreboard_source *source)
{
	static char storage[METRICS_TEXT_MAX];
	struct buffer text;

	buffer_init(&text, storage, sizeof(storage));
	metrics_text(&text, source->metrics);
	return io_sealed_file("metrics", text.data, text.len);
}
