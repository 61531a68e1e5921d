/*
 * watchdog.h - sends watchdog messages to the service manager while the
 * master's loop runs (WatchdogSec= in systemd.service(5)).
 */
#ifndef DAEMON_WATCHDOG_H
#define DAEMON_WATCHDOG_H

#include "common/base.h"
#include "daemon/manager/notify.h"

struct watchdog {
	int64_t interval;	/* milliseconds; 0: disabled */
	int64_t next;
};

/* Initialise from $WATCHDOG_USEC and $WATCHDOG_PID; either may be NULL. */
void watchdog_init(struct watchdog *w, const char *usec, const char *pid);

void watchdog_step(struct watchdog *w, const struct notify *notify,
	int64_t now);

/* When watchdog_step() is due; CLOCK_NEVER without a watchdog. */
int64_t watchdog_due(const struct watchdog *w);

#endif
