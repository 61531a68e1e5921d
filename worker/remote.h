/*
 * remote.h - the production implementation of authority.h: sends requests to
 * the monitor, over the session's channel.
 */
#ifndef WORKER_REMOTE_H
#define WORKER_REMOTE_H

#include "common/base.h"
#include "worker/session.h"

/* Make s->authority send its requests to the monitor. */
void remote_init(struct session *s);

#endif
