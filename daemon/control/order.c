/*
 * order.c - which sessions an order from sureftpctl is for, what it can set,
 * and how it fails.
 *
 * Runs in: master, sureftpctl.
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

bool
order_is_of_sessions(const char *name, bool named)
{
	static const char *const names[] = { "download_rate", "upload_rate",
		"max_user_download_rate", "max_user_upload_rate" };

	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (strcmp(name, names[i]) == 0)
			return i < 2 || named;
	return false;
}

bool
order_can_set(const struct settings_row *row)
{
	return strcmp(row->section, "limits") == 0 &&
	    (row->kind == SETTINGS_NUMBER || row->kind == SETTINGS_SECONDS ||
	    row->kind == SETTINGS_SIZE);
}
