/*
 * bookkeeper_service.h - starts and replaces the bookkeeper
 * (daemon/quota/bookkeeper.h), if an account has a quota, and starts the
 * scanners that it asks for.
 *
 * When a bookkeeper that died was replaced, the monitors attach their sessions
 * again.  A reload and an upgrade leave it running: it gets its settings with
 * each session.
 */
#ifndef DAEMON_BOOKKEEPER_SERVICE_H
#define DAEMON_BOOKKEEPER_SERVICE_H

#include "common/base.h"
#include "common/process/channel.h"
#include "daemon/configuration.h"
#include "daemon/loop.h"
#include "daemon/quota/scanners.h"
#include "daemon/services/request_service.h"

struct bookkeeper_service {
	struct request_service service;
	struct loop *loop;
	bool replaced;		/* monitors must attach to the new one */
	struct channel channel;	/* to it, on which it asks for scans */
	struct watch watch;	/* of that channel */
	struct scanners scanners;
};

/* The loop is set by the caller, before the start. */
void bookkeeper_service_init(struct bookkeeper_service *b);

/* Create the socket.  0 or -errno. */
int bookkeeper_service_start(struct bookkeeper_service *b,
	const struct configuration *configuration) MUST_CHECK;

/* For the next program (state.h), in place of bookkeeper_service_start(). */
void bookkeeper_service_save(
	const struct bookkeeper_service *b, struct state_writer *w);
void bookkeeper_service_restore(struct bookkeeper_service *b,
	const struct configuration *configuration, struct state_reader *r);

/* After a reload: use these settings. */
void bookkeeper_service_change(struct bookkeeper_service *b,
	const struct configuration *configuration);

/* Start it if it is missing.  True when the monitors must attach again. */
bool bookkeeper_service_step(
	struct bookkeeper_service *b, int64_t now) MUST_CHECK;

/* Handle a result of waitpid(); true when it was the bookkeeper or one of its
 * scanners.  Or reap those that have exited. */
bool bookkeeper_service_exited(
	struct bookkeeper_service *b, pid_t pid, int status);
void bookkeeper_service_reap(struct bookkeeper_service *b);

/* The recorder was restarted. */
void bookkeeper_service_reattach(const struct bookkeeper_service *b);

/* At the shutdown: it writes what it knows, and exits. */
void bookkeeper_service_close(struct bookkeeper_service *b);

#endif
