/*
 * metering.c - the master's part of the metrics.
 *
 * Runs in: master.
 */
#include "common/base.h"
#include "daemon/metering.h"

#include "daemon/configuration.h"
#include "daemon/sessions.h"

#include <fcntl.h>
#include <sys/mman.h>

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
	int fd = memfd_create("metrics", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	if (fd < 0)
		return -errno;
	if (write(fd, text.data, text.len) == (ssize_t)text.len &&
	    fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE |
	    F_SEAL_SEAL) == 0)
		return fd;
	int error = -errno;
	close(fd);
	return error;
}
