/*
 * authority_monitor.h - authority.h in production: sends the requests to the
 * monitor, over the session's channel.
 */
#ifndef WORKER_AUTHORITY_MONITOR_H
#define WORKER_AUTHORITY_MONITOR_H

#include "common/base.h"
#include "worker/session.h"

/* Make s->authority send its requests to the monitor. */
void authority_monitor_init(struct session *s);

#endif
