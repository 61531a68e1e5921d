/*
 * radius_service.h - starts and replaces the process radius
 * (daemon/radius/radius.h), if radius is one of the backends.
 *
 * The master keeps both ends of its service socket.  A process that dies is
 * replaced by one on the same socket.  After a reload a new one takes over the
 * socket immediately, and the previous one exits when it has finished what it
 * has received.
 */
#ifndef DAEMON_RADIUS_SERVICE_H
#define DAEMON_RADIUS_SERVICE_H

#include "common/base.h"
#include "common/process/log_source.h"
#include "daemon/configuration.h"
#include "daemon/recorder/metrics.h"
#include "daemon/service_child.h"

struct radius_service {
	struct service_child child;
	bool wanted;
	int receive, send;	/* -1: not open */
	struct metrics *metrics;
	struct log_source log;
};

void radius_service_init(struct radius_service *r, struct metrics *metrics);

/* Create the socket, and start the process if these settings need one.  0 or
 * -errno. */
int radius_service_open(struct radius_service *r,
	const struct configuration *configuration) MUST_CHECK;

/* For the next program (state.h), in place of radius_service_open(): the same
 * socket; the present process ends when it has finished. */
struct state_reader;
struct state_writer;
void radius_service_save(const struct radius_service *r,
	struct state_writer *w);
void radius_service_restore(struct radius_service *r,
	const struct configuration *configuration, struct state_reader *state);

/* The sending end of the socket, for monitors; -1 if radius is not used. */
int radius_service_fd(const struct radius_service *r);

/* After a reload: use these settings. */
void radius_service_change(struct radius_service *r,
	const struct configuration *configuration);

/* Restart the process if it has died. */
void radius_service_step(struct radius_service *r,
	const struct configuration *configuration, int64_t now);

/* When radius_service_step() is due; CLOCK_NEVER. */
int64_t radius_service_due(const struct radius_service *r, int64_t now);

/* Attach the process's log to a new recorder. */
void radius_service_reattach(const struct radius_service *r);

/* At the shutdown: the process finishes what it has received, and exits. */
void radius_service_close(struct radius_service *r);

#endif
