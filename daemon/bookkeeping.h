/*
 * bookkeeping.h - starts and replaces the bookkeeper
 * (daemon/quota/bookkeeper.h), if an account has a quota, and starts the
 * scanners that it asks for.
 *
 * The master keeps both ends of its service socket.  A bookkeeper that dies is
 * replaced, and the monitors attach their sessions again.  A reload and an
 * upgrade leave it running: it gets its settings with each session.
 */
#ifndef DAEMON_BOOKKEEPING_H
#define DAEMON_BOOKKEEPING_H

#include "common/base.h"
#include "common/process/channel.h"
#include "common/process/log_source.h"
#include "daemon/configuration.h"
#include "daemon/loop.h"
#include "daemon/quota/scanning.h"
#include "daemon/service_child.h"

struct bookkeeping {
	struct service_child child;
	struct loop *loop;
	bool wanted;
	bool replaced;		/* monitors must attach to the new one */
	int receive, send;	/* -1: not open */
	struct channel channel;	/* to it, on which it asks for scans */
	struct watch watch;	/* of that channel */
	struct scanning scanning;
	struct log_source log;
};

/* The loop is set by the caller, before the start. */
void bookkeeping_init(struct bookkeeping *b);

/* Create the socket.  0 or -errno. */
int bookkeeping_start(struct bookkeeping *b,
	const struct configuration *configuration) MUST_CHECK;

/* For the next program (state.h), in place of bookkeeping_start(). */
struct state_reader;
struct state_writer;
void bookkeeping_save(const struct bookkeeping *b, struct state_writer *w);
void bookkeeping_restore(struct bookkeeping *b,
	const struct configuration *configuration, struct state_reader *r);

/* The sending end of the socket, for monitors; -1 if there are no quotas. */
int bookkeeping_service(const struct bookkeeping *b);

/* After a reload: use these settings. */
void bookkeeping_change(struct bookkeeping *b,
	const struct configuration *configuration);

/* Start it if it is missing.  True when the monitors must attach again. */
bool bookkeeping_step(struct bookkeeping *b, int64_t now) MUST_CHECK;

/* When bookkeeping_step() is due; CLOCK_NEVER. */
int64_t bookkeeping_due(const struct bookkeeping *b, int64_t now);

/* Handle a result of waitpid(); true when it was the bookkeeper or one of its
 * scanners.  Or reap those that have exited. */
bool bookkeeping_exited(struct bookkeeping *b, pid_t pid, int status);
void bookkeeping_reap(struct bookkeeping *b);

/* The recorder was restarted. */
void bookkeeping_reattach(const struct bookkeeping *b);

/* At the shutdown: it writes what it knows, and exits. */
void bookkeeping_close(struct bookkeeping *b);

#endif
