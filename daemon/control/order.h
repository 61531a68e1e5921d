/*
 * order.h - which sessions an order from sureftpctl is for, what it can set,
 * and how it fails.
 */
#ifndef DAEMON_CONTROL_ORDER_H
#define DAEMON_CONTROL_ORDER_H

#include "common/base.h"
#include "common/process/message.h"
#include "common/settings/settings_table.h"
#include "daemon/sessions/sessions.h"

/* Answer with this error (errno) and text.  Returns true: the order has its
 * answer. */
bool order_fail(struct message_admin_done *done, int error,
	const char *format, ...) PRINTF_LIKE(3, 4);

/* Does the order name sessions?  False after order_fail(). */
bool order_selects(const struct message_admin_order *order,
	struct message_admin_done *done) MUST_CHECK;

/* Is it for this session?  Never for one that is ending already, although its
 * process may take a moment for that. */
bool order_is_for(const struct message_admin_order *order,
	const struct slot *slot);

/* Is this a rate of single sessions?  `named`: the order names some; then those
 * of their accounts are as well. */
bool order_is_of_sessions(const char *name, bool named);

/* Is this a number of [limits]? */
bool order_can_set(const struct settings_row *row);

#endif
