/*
 * orders.h - carries out orders from sureftpctl: a table of functions, one for
 * each order (enum admin_order_kind).
 */
#ifndef DAEMON_CONTROL_ORDERS_H
#define DAEMON_CONTROL_ORDERS_H

#include "common/base.h"
#include "common/process/message.h"
#include "daemon/clients/clients.h"
#include "daemon/configuration.h"
#include "daemon/services/recorder_service.h"
#include "daemon/reload.h"
#include "daemon/upgrade/upgrade.h"
#include "daemon/workers/workers.h"

/* What orders can change. */
struct orders {
	struct configuration *configuration;
	struct workers *workers;
	struct clients *clients;
	struct recorder_service *recorder;
	struct reload *reload;
	struct upgrade *upgrade;
};

/*
 * Carry an order out for this user, and log it.  True when *done is the answer;
 * false when the result comes later (a reload, an upgrade).
 */
bool orders_run(const struct orders *o, uid_t uid,
	const struct message_admin_order *order,
	struct message_admin_done *done);

/* SIGUSR1: as the order drain. */
void orders_drain(const struct orders *o);

/* The answers for requests that wait for a reload or an upgrade. */
struct message_admin_done orders_finished(enum admin_order_kind kind,
	bool well, size_t count);

#endif
