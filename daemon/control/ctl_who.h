/*
 * ctl_who.h - sureftpctl who: one line per session.
 */
#ifndef DAEMON_CONTROL_CTL_WHO_H
#define DAEMON_CONTROL_CTL_WHO_H

#include "common/base.h"
#include "daemon/control/ctl_board.h"

/* Is it carrying a command out?  Then verb and path are of that command. */
bool ctl_who_busy(const struct scoreboard_session *s);

/* How far its transfer is, 0 to 100; -1 when there is none, or nobody knows. */
int ctl_who_percent(const struct scoreboard_session *s);

/* Print the sessions, as a table or JSON by *c. */
void ctl_who_show(const struct ctl *c, const struct ctl_board *b);

#endif
