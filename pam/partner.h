/*
 * partner.h - the process that talks with the client on the monitor's behalf:
 * the greeter, then the session.
 */
#ifndef PAM_PARTNER_H
#define PAM_PARTNER_H

#include "common/base.h"
#include "pam/monitor_state.h"

/* Fork the greeter; its channel becomes m->partner.  0 or -errno. */
int partner_fork_greeter(struct monitor *m) MUST_CHECK;

/* Ask it to leave after the running transfer, or at once: then it is killed
 * a second later. */
void partner_leave(struct monitor *m, bool now);

/* Kill it when its second is over. */
void partner_kill_due(struct monitor *m);

/*
 * Close its channel, which means exit to it, wait so long, kill it if it is
 * still there, and bury it.  How it ended.
 */
enum outcome partner_bury(struct monitor *m, int64_t patience_ms);

/* The same for one that is no longer m->partner. */
enum outcome partner_bury_pid(pid_t pid, int64_t patience_ms);

/* What a wait status means. */
enum outcome partner_outcome(int status);

#endif
