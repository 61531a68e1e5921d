/*
 * ctl_order.h - sends orders to the server.
 */
#ifndef DAEMON_CONTROL_CTL_ORDER_H
#define DAEMON_CONTROL_CTL_ORDER_H

#include "common/base.h"
#include "common/process/message.h"
#include "daemon/control/ctl.h"

#define CTL_NO_MATCH 1	/* exit status: no session matches */

/* Copy an argument.  EX_OK or EX_USAGE, after a message. */
int ctl_order_copy(char *to, size_t size, const char *from) MUST_CHECK;

/* Send this order.  EX_OK, with the number of sessions concerned in *count;
 * else a status, after a message on standard error. */
int ctl_order_send(const struct ctl *c, const struct message_admin_order *order,
	uint32_t *count) MUST_CHECK;

#endif
