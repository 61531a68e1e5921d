/*
 * bookkeeping.h - starts and replaces the bookkeeper
 * (daemon/quota/bookkeeper.h), if an account has a quota, and starts the
 * scanners that it asks for.
 *
 * When a bookkeeper that died was replaced, the monitors attach their sessions
 * again.  A reload and an upgrade leave it running: it gets its settings with
 * each session.
 */
#ifndef DAEMON_BOOKKEEPING_H
#define DAEMON_BOOKKEEPING_H

#include "common/base.h"
#include "common/process/channel.h"
#include "daemon/configuration.h"
#include "daemon/loop.h"
#include "daemon/quota/scanning.h"
#include "daemon/services/request_service.h"

struct bookkeeping {
	struct request_service service;
	struct loop *loop;
	bool replaced;		/* monitors must attach to the new one */
	struct channel channel;	/* to it, on which it asks for scans */
	struct watch watch;	/* of that channel */
	struct scanning scanning;
};

/* The loop is set by the caller, before the start. */
void bookkeeping_init(struct bookkeeping *b);

/* Create the socket.  0 or -errno. */
int bookkeeping_start(struct bookkeeping *b,
	const struct configuration *configuration) MUST_CHECK;

/* For the next program (state.h), in place of bookkeeping_start(). */
void bookkeeping_save(const struct bookkeeping *b, struct state_writer *w);
void bookkeeping_restore(struct bookkeeping *b,
	const struct configuration *configuration, struct state_reader *r);

/* After a reload: use these settings. */
void bookkeeping_change(struct bookkeeping *b,
	const struct configuration *configuration);

/* Start it if it is missing.  True when the monitors must attach again. */
bool bookkeeping_step(struct bookkeeping *b, int64_t now) MUST_CHECK;

/* Handle a result of waitpid(); true when it was the bookkeeper or one of its
 * scanners.  Or reap those that have exited. */
bool bookkeeping_exited(struct bookkeeping *b, pid_t pid, int status);
void bookkeeping_reap(struct bookkeeping *b);

/* The recorder was restarted. */
void bookkeeping_reattach(const struct bookkeeping *b);

/* At the shutdown: it writes what it knows, and exits. */
void bookkeeping_close(struct bookkeeping *b);

#endif
