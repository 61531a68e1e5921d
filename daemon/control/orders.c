/*
 * orders.c - carries out orders from sureftpctl.
 *
 * Runs in: master.
 * Never: waits.
 */
#include "common/base.h"
#include "daemon/control/orders.h"

#include "common/log/log.h"
#include "common/settings/settings_format.h"
#include "common/settings/settings_table.h"
#include "common/settings/settings_value.h"
#include "common/text.h"
#include "daemon/control/order.h"
#include "daemon/control/order_bans.h"
#include "daemon/rates/rates.h"
#include "daemon/sessions/board.h"

typedef bool order_function(const struct orders *o,
	const struct message_admin_order *order,
	struct message_admin_done *done);

/* Call a function for each session that an order is for; returns their
 * number. */
static uint32_t
for_each(const struct orders *o, const struct message_admin_order *order,
	void (*act)(const struct orders *o,
		const struct message_admin_order *order, struct slot *slot))
{
	static const enum slot_state states[] = { SLOT_LOGIN, SLOT_SESSION };
	const struct sessions *sessions = workers_sessions(o->workers);
	uint32_t count = 0;

	for (size_t i = 0; i < ARRAY_SIZE(states); i++) {
		struct slot *slot = sessions_next(sessions, states[i], NULL);
		while (slot != NULL) {
			struct slot *next = sessions_next(sessions, states[i],
				slot);
			if (order_is_for(order, slot)) {
				act(o, order, slot);
				count++;
			}
			slot = next;
		}
	}
	return count;
}

/* --- kick, drain, resume */

static void
end_session(struct slot *slot, bool now)
{
	struct message m UNINITIALIZED;

	message_begin(&m, MESSAGE_shutdown);
	m.shutdown.now = now;
	m.shutdown.reason = END_ADMINISTRATOR;
	(void)!channel_send(&slot->channel, &m);
}

static void
end_now(UNUSED const struct orders *o,
	UNUSED const struct message_admin_order *order, struct slot *slot)
{
	end_session(slot, true);
	slot->kicked = true;
}

static void
end_soon(UNUSED const struct orders *o,
	UNUSED const struct message_admin_order *order, struct slot *slot)
{
	end_session(slot, false);
}

static bool
kick(const struct orders *o, const struct message_admin_order *order,
	struct message_admin_done *done)
{
	if (order_selects(order, done))
		done->count = for_each(o, order, end_now);
	return true;
}

void
orders_drain(const struct orders *o)
{
	clients_drain(o->clients, true);
	log_warning("SIGUSR1: new clients are refused until sureftpctl resume");
}

static bool
drain(const struct orders *o, const struct message_admin_order *order,
	struct message_admin_done *done)
{
	clients_drain(o->clients, true);
	done->count = order->select != ADMIN_SELECT_NONE ?
		for_each(o, order, end_soon) :
		(uint32_t)sessions_clients(workers_sessions(o->workers));
	return true;
}

static bool
resume(const struct orders *o, UNUSED const struct message_admin_order *order,
	UNUSED struct message_admin_done *done)
{
	clients_drain(o->clients, false);
	return true;
}

/* --- reload, upgrade */

struct message_admin_done
orders_finished(enum admin_order_kind kind, bool well, size_t count)
{
	struct message_admin_done done = { .count = (uint32_t)count };

	if (!well)
		(void)order_fail(&done, EBADMSG, kind == ADMIN_RELOAD ?
			"reload failed, keeping the current configuration; the "
			"log says why, and so does sureftpctl check" :
			"upgrade failed, continuing as before; see the log");
	return done;
}

static bool
reload(const struct orders *o, UNUSED const struct message_admin_order *order,
	struct message_admin_done *done)
{
	if (o->upgrade->under_way)
		return order_fail(done, EALREADY, "an upgrade is under way");
	reload_begin(o->reload);
	return false;
}

static bool
upgrade(const struct orders *o, UNUSED const struct message_admin_order *order,
	struct message_admin_done *done)
{
	if (o->upgrade->under_way || o->reload->under_way)
		return order_fail(done, EALREADY, "a reload or an upgrade is "
			"under way");
	if (upgrade_begin(o->upgrade, false) == 0)
		return false;
	*done = orders_finished(ADMIN_UPGRADE, false, 0);
	return true;
}

/* --- set, log level */

/* Set a number of [limits] for all, until the next reload. */
static bool
set_limit(const struct orders *o, const struct message_admin_order *order,
	struct message_admin_done *done)
{
	struct settings *settings = o->configuration->settings;
	const struct settings_row *row = settings_table_find("limits",
		order->name);

	if (row == NULL || !order_can_set(row))
		return order_fail(done, ENOENT, "%s is not a limit that can be "
			"set; sureftpctl set lists them", order->name);
	if (order->select != ADMIN_SELECT_NONE)
		return order_fail(done, EINVAL, "%s is not a limit of single "
			"sessions", order->name);
	char *field = (row->scope == SETTINGS_SERVER ?
		(char *)&settings->server : (char *)&settings->user) +
		row->offset;
	if (settings_value_parse(row, order->value, field) < 0) {
		BUFFER(rule, 128);
		settings_format_rule(row, &rule);
		return order_fail(done, EINVAL, "%s must be %s, not %s",
			order->name, buffer_text(&rule), order->value);
	}
	/* Workers inherited their own copy by fork. */
	rates_change(workers_rates(o->workers), settings);
	workers_renew(o->workers);
	return true;
}

/* Replace one of the two by the value of an order. */
static struct rate_limits
with_rate(struct rate_limits limits, const struct message_admin_order *order)
{
	int64_t rate = 0;

	(void)!text_size(order->value, strlen(order->value), &rate);
	if (strstr(order->name, "upload") != NULL)
		limits.upload = rate;
	else
		limits.download = rate;
	return limits;
}

static void
set_rate(const struct orders *o, const struct message_admin_order *order,
	struct slot *slot)
{
	if (slot->rates == NULL)
		return;
	struct rate_limits limits = with_rate(rates_of_session(slot->rates),
		order);
	slot->ordered.download_rate = limits.download;
	slot->ordered.upload_rate = limits.upload;
	rates_set_session(workers_rates(o->workers), slot->rates, limits);
}

/* The limit of all sessions of this one's account. */
static void
set_user_rate(const struct orders *o, const struct message_admin_order *order,
	struct slot *slot)
{
	struct rates *rates = workers_rates(o->workers);

	if (slot->rates != NULL)
		(void)!rates_set(rates, RATE_USER, slot->account,
			with_rate(rates_of_pool(slot->rates, RATE_USER),
			order));
}

static bool
set_rates(const struct orders *o, const struct message_admin_order *order,
	struct message_admin_done *done)
{
	int64_t rate;

	if (text_size(order->value, strlen(order->value), &rate) < 0)
		return order_fail(done, EINVAL, "%s: not a number of bytes per "
			"second", order->value);
	if (rate > SETTINGS_MAX_RATE)
		return order_fail(done, EINVAL, "%s: rates are at most 1T; 0 "
			"is no limit", order->value);
	if (order_selects(order, done))
		done->count = for_each(o, order, strncmp(order->name, "max_",
			4) == 0 ? set_user_rate : set_rate);
	return true;
}

static bool
set(const struct orders *o, const struct message_admin_order *order,
	struct message_admin_done *done)
{
	if (order_is_of_sessions(order->name,
	    order->select != ADMIN_SELECT_NONE))
		return set_rates(o, order, done);
	return set_limit(o, order, done);
}

static void
set_session_level(const struct orders *o,
	UNUSED const struct message_admin_order *order, struct slot *slot)
{
	struct board *board = workers_board(o->workers);
	struct page_order now = board_order(board, slot->place);

	now.log_level = (int32_t)o->configuration->settings->server.level + 1;
	board_set_order(board, slot->place, &now);
}

/* Recorder and idle workers are replaced; sessions read the level from their
 * page. */
static bool
log_level(const struct orders *o, const struct message_admin_order *order,
	struct message_admin_done *done)
{
	static const struct message_admin_order all = {
		.select = ADMIN_SELECT_ALL };
	const struct settings_row *row = settings_table_find("log", "level");
	int *level = &o->configuration->settings->server.level;

	if (settings_value_parse(row, order->value, level) < 0)
		return order_fail(done, EINVAL, "%s is not a log level; use %s",
			order->value, row->unit);
	log_set_level((enum log_level)*level);
	recorder_service_change(o->recorder);
	workers_renew(o->workers);
	done->count = for_each(o, &all, set_session_level);
	return true;
}

/* --- ban, unban */

static bool
ban(const struct orders *o, const struct message_admin_order *order,
	struct message_admin_done *done)
{
	order_bans_ban(workers_charges(o->workers), order, done);
	if (done->error == 0)
		done->count = for_each(o, order, end_now);
	return true;
}

static bool
unban(const struct orders *o, const struct message_admin_order *order,
	struct message_admin_done *done)
{
	order_bans_unban(workers_charges(o->workers), order, done);
	return true;
}

/* --- the table */

static const struct {
	const char *name;
	order_function *run;
} table[ADMIN_ORDERS] = {
	[ADMIN_KICK] = { "kick", kick },
	[ADMIN_DRAIN] = { "drain", drain },
	[ADMIN_RESUME] = { "resume", resume },
	[ADMIN_RELOAD] = { "reload", reload },
	[ADMIN_SET] = { "set", set },
	[ADMIN_LOG_LEVEL] = { "log level", log_level },
	[ADMIN_UPGRADE] = { "upgrade", upgrade },
	[ADMIN_BAN] = { "ban", ban },
	[ADMIN_UNBAN] = { "unban", unban },
};

/* Log the order, with user and result. */
static void
log_order(uid_t uid, const struct message_admin_order *order,
	const struct message_admin_done *done)
{
	BUFFER(about, 1024);

	if (order->name[0] != '\0')
		buffer_addf(&about, " %s", order->name);
	if (order->value[0] != '\0')
		buffer_addf(&about, " %s", order->value);
	if (order->select == ADMIN_SELECT_SESSION)
		buffer_addf(&about, " session %" PRIu64, order->session);
	else if (order->select == ADMIN_SELECT_USER)
		buffer_addf(&about, " user %s", order->user);
	else if (order->select == ADMIN_SELECT_NETWORK)
		buffer_addf(&about, " address %s", order->network);
	else if (order->select == ADMIN_SELECT_ALL)
		buffer_add_text(&about, " all");
	if (done->error != 0)
		log_warning("sureftpctl %s%s by uid %u failed: %s",
			table[order->order].name, buffer_text(&about), uid,
			done->text);
	else
		log_info("sureftpctl %s%s by uid %u (sessions: %" PRIu32 ")",
			table[order->order].name, buffer_text(&about), uid,
			done->count);
}

bool
orders_run(const struct orders *o, uid_t uid,
	const struct message_admin_order *order,
	struct message_admin_done *done)
{
	memset(done, 0, sizeof(*done));
	if (order->order < 0 || order->order >= ADMIN_ORDERS)
		return order_fail(done, ENOSYS, "the server does not know this "
			"order");
	bool answered = table[order->order].run(o, order, done);
	log_order(uid, order, done);
	return answered;
}
