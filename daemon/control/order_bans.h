/*
 * order_bans.h - sureftpctl's orders about bans.
 */
#ifndef DAEMON_CONTROL_ORDER_BANS_H
#define DAEMON_CONTROL_ORDER_BANS_H

#include "common/base.h"
#include "common/process/message.h"
#include "daemon/bans/charges.h"

/* Ban `network` for `value` seconds ("": without an end); `name` is the reason.
 * The answer is in *done; errors are those of sureftpctl. */
void order_bans_ban(struct charges *c, const struct message_admin_order *order,
	struct message_admin_done *done);

/* Lift the ban of `network`. */
void order_bans_unban(struct charges *c,
	const struct message_admin_order *order,
	struct message_admin_done *done);

/* All bans as text (bans_text.h) in a sealed file: a descriptor or -errno. */
int order_bans_list(const struct charges *c) MUST_CHECK;

#endif
