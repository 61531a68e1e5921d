/*
 * ctl_status.h - sureftpctl status: the server as a whole.
 */
#ifndef DAEMON_CONTROL_CTL_STATUS_H
#define DAEMON_CONTROL_CTL_STATUS_H

#include "common/base.h"
#include "daemon/control/ctl_board.h"

/* Print the status, as a table or JSON by *c. */
void ctl_status_show(const struct ctl *c, const struct ctl_board *b);

#endif
