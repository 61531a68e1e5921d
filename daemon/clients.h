/*
 * clients.h - from the accept queue into a worker.
 */
#ifndef DAEMON_CLIENTS_H
#define DAEMON_CLIENTS_H

#include "common/base.h"
#include "daemon/master.h"

/* Accept who waits at this listener, a bounded number, and hand them over. */
void clients_accept(struct master *m, const struct listener *listener);

/* Try again with the client for whom no worker could be forked. */
void clients_retry(struct master *m);

/* Say how many were closed because there was no worker left, if it is time
 * to. */
void clients_report_full(struct master *m);

/* The server stops: close the one that still waits. */
void clients_forget(struct master *m);

#endif
