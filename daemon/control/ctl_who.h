/*
 * ctl_who.h - sureftpctl who: one line per session.
 */
#ifndef DAEMON_CONTROL_CTL_WHO_H
#define DAEMON_CONTROL_CTL_WHO_H

#include "common/base.h"
#include "daemon/control/ctl_board.h"

/* Print the sessions, as a table or JSON by *c. */
void ctl_who_show(const struct ctl *c, const struct ctl_board *b);

#endif
