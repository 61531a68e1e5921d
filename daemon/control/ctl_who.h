/*
 * ctl_who.h - sureftpctl who: one line per session.
 */
#ifndef DAEMON_CONTROL_CTL_WHO_H
#define DAEMON_CONTROL_CTL_WHO_H

#include "common/base.h"
#include "daemon/control/ctl_board.h"

/* Is it executing a command?  Then verb and path are those of the command. */
bool ctl_who_busy(const struct scoreboard_session *s);

/* The progress of its transfer in percent; -1 without a transfer, or if
 * unknown. */
int ctl_who_percent(const struct scoreboard_session *s);

/* Print the sessions, as a table or JSON by *c. */
void ctl_who_show(const struct ctl *c, const struct ctl_board *b);

#endif
