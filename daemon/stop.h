/*
 * stop.h - how the server ends: in stages, each with its time.
 *
 * 1. No new clients; sessions without a transfer end, the others may finish
 *    it (setting shutdown_grace).
 * 2. Every session ends at once; two seconds for that.
 * 3. Who is left is killed.
 *
 * Each further signal to stop brings the next stage at once.
 */
#ifndef DAEMON_STOP_H
#define DAEMON_STOP_H

#include "common/base.h"
#include "daemon/master.h"

/* A signal to stop has come. */
void stop_ask(struct master *m);

/* Go on to the next stage if its time has come. */
void stop_step(struct master *m);

/* Nobody is left, or nothing more can be done. */
bool stop_done(const struct master *m);

#endif
