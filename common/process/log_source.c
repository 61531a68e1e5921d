/*
 * log_source.c - the log socket of a child that the recorder does not trust.
 *
 * Runs in: monitor, master; their children take their ends.
 */
#include "common/base.h"
#include "common/process/log_source.h"

#include "common/clock.h"
#include "common/io.h"
#include "common/log/log.h"
#include "common/process/message.h"
#include "common/process/service_socket.h"

#include <fcntl.h>
#include <sys/random.h>
#include <sys/socket.h>

#define PATIENCE_MS 1000

static const struct {
	const char *name;
	enum event_sender sender;
} roles[LOG_SOURCE_ROLES] = {
	[LOG_SOURCE_GREETER] = { "greeter", EVENT_FROM_GREETER },
	/* Its queue may contain events of the greeter. */
	[LOG_SOURCE_RELAY] = { "relay", EVENT_FROM_GREETER },
	[LOG_SOURCE_SESSION] = { "session", EVENT_FROM_SESSION },
	[LOG_SOURCE_KEEPER] = { "keeper", EVENT_FROM_KEEPER },
	[LOG_SOURCE_RUNNER] = { "runner", EVENT_FROM_RUNNER },
	[LOG_SOURCE_RADIUS] = { "radius", EVENT_FROM_RADIUS },
	[LOG_SOURCE_BOOKKEEPER] = { "bookkeeper", EVENT_FROM_KEEPER },
	[LOG_SOURCE_SCANNER] = { "scanner", EVENT_FROM_KEEPER },
};

const char *
log_source_role_name(enum log_source_role role)
{
	return roles[role].name;
}

enum event_sender
log_source_sender(enum log_source_role role)
{
	return roles[role].sender;
}

void
log_source_init(struct log_source *s)
{
	memset(s, 0, sizeof(*s));
	s->fd = -1;
}

int
log_source_open(struct log_source *s, enum log_source_role role,
	int *child_fd)
{
	int fds[2];

	log_source_init(s);
	*child_fd = -1;
	if (log_descriptor() < 0)
		return 0;
	s->identity.role = (int32_t)role;
	s->patience_ms = PATIENCE_MS;
	if (getrandom(&s->identity.number, sizeof(s->identity.number), 0) !=
	    (ssize_t)sizeof(s->identity.number))
		return -errno;
	int error = service_socket_pair(fds, 0);
	if (error < 0)
		return error;
	s->fd = fds[0];
	*child_fd = fds[1];
	return 0;
}

void
log_source_use(int child_fd)
{
	if (child_fd < 0)
		return;
	/* In place of the service socket. */
	if (dup3(child_fd, LOG_DESCRIPTOR, O_CLOEXEC) < 0)
		_exit(OUTCOME_ERROR);
	log_connect(LOG_DESCRIPTOR);
}

void
log_source_attach(const struct log_source *s)
{
	struct log_identity identity = s->identity;

	if (s->fd < 0)
		return;
	identity.since_ns = clock_wall_ns();
	int error = service_socket_send(log_descriptor(), &identity,
		sizeof(identity), s->fd, s->patience_ms);
	if (error < 0)
		log_warning("cannot attach the log of the %s: %s",
			roles[s->identity.role].name, log_errno(error));
}

void
log_source_close(struct log_source *s)
{
	char first;

	if (s->fd < 0)
		return;
	/* If the recorder has died, its replacement receives this from the
	 * service socket's queue. */
	if (recv(s->fd, &first, sizeof(first), MSG_PEEK | MSG_DONTWAIT) > 0)
		log_source_attach(s);
	io_close(&s->fd);
}
