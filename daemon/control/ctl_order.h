/*
 * ctl_order.h - orders to the server, for the commands that give them.
 */
#ifndef DAEMON_CONTROL_CTL_ORDER_H
#define DAEMON_CONTROL_CTL_ORDER_H

#include "common/base.h"
#include "common/process/message.h"
#include "daemon/control/ctl.h"

#define CTL_NO_MATCH 1	/* exit status: no session is what was asked for */

/* Give this order: EX_OK, and *count sessions that it was carried out for;
 * else a status after a message on standard error. */
int ctl_order_send(const struct ctl *c, const struct message_admin_order *order,
	uint32_t *count) MUST_CHECK;

#endif
