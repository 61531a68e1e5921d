/*
 * overdue.h - workers whose client takes too long to log in.
 */
#ifndef DAEMON_OVERDUE_H
#define DAEMON_OVERDUE_H

#include "common/base.h"
#include "daemon/workers/workers.h"

/* Kill workers whose client has not logged in, or is still being refused, at
 * their deadline.  The greeter's own timeout is earlier, so a greeter that
 * ignores it is compromised or stuck. */
void overdue_kill(struct workers *w, int64_t now);

#endif
