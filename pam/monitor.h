/*
 * monitor.h - how the master starts a worker.
 */
#ifndef PAM_MONITOR_H
#define PAM_MONITOR_H

#include "common/base.h"
#include "pam/monitor_start.h"

/* Run in a newly forked child of the master, which has no descriptors except
 * those above, the log and the empty root directory.  Forks the greeter, waits
 * for a client, serves its session, exits with its enum outcome. */
void monitor_main(const struct monitor_start *start) NORETURN;

#endif
