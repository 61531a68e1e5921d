/*
 * remote.h - the authority in production: requests to the monitor, over the
 * session's channel.
 */
#ifndef WORKER_REMOTE_H
#define WORKER_REMOTE_H

#include "common/base.h"
#include "worker/session.h"

/* Let s->authority ask the monitor. */
void remote_init(struct session *s);

#endif
