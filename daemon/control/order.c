/*
 * order.c - which sessions an order from sureftpctl is for, and how it fails.
 *
 * Runs in: master.
 */
#include "common/base.h"
#include "daemon/control/order.h"

bool
order_fail(struct message_admin_done *done, int error, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	(void)!vsnprintf(done->text, sizeof(done->text), format, ap);
	va_end(ap);
	done->error = error;
	return true;
}

bool
order_is_for(const struct message_admin_order *order, const struct slot *slot)
{
	if (slot->kicked || slot->channel.fd < 0)
		return false;
	switch (order->select) {
	case ADMIN_SELECT_ALL:
		return true;
	case ADMIN_SELECT_SESSION:
		return slot->session == order->session;
	case ADMIN_SELECT_USER:
		return slot->user != NULL &&
		    strcmp(slot->user, order->user) == 0;
	case ADMIN_SELECT_NETWORK:
		return address_in_network(&slot->peer, order->network) == 1;
	default:
		return false;
	}
}

bool
order_selects(const struct message_admin_order *order,
	struct message_admin_done *done)
{
	struct address any;

	address_clear(&any);
	if (order->select == ADMIN_SELECT_NONE ||
	    order->select >= ADMIN_SELECTS || order->select < 0)
		return !order_fail(done, EINVAL, "no sessions named");
	if (order->select == ADMIN_SELECT_NETWORK &&
	    address_in_network(&any, order->network) < 0)
		return !order_fail(done, EINVAL, "%s is not an address or a "
			"network", order->network);
	return true;
}
