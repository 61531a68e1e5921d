/*
 * ctl_orders.c - sureftpctl kick, drain, resume, reload, set, log: change the
 * running server.
 *
 * Runs in: sureftpctl.
 */
#include "common/base.h"
#include "daemon/control/ctl_order.h"

#include "common/settings/settings_table.h"
#include "common/text.h"
#include "daemon/control/ctl_ask.h"
#include "daemon/control/order.h"

#include <sysexits.h>

static int
status_of(int32_t error)
{
	switch (error) {
	case ENOENT:
	case ENOSYS:
		return EX_USAGE;
	case EINVAL:
		return EX_DATAERR;
	case EBADMSG:
		return EX_CONFIG;
	default:
		return EX_TEMPFAIL;
	}
}

int
ctl_order_send(const struct ctl *c, const struct message_admin_order *order,
	uint32_t *count)
{
	struct message question, answer;

	message_begin(&question, MESSAGE_admin_order);
	question.admin_order = *order;
	int status = ctl_ask(c, &question, MESSAGE_admin_done, &answer);
	if (status != EX_OK)
		return status;
	*count = answer.admin_done.count;
	if (answer.admin_done.error != 0)
		return ctl_fail(status_of(answer.admin_done.error), "%s",
			answer.admin_done.text);
	return EX_OK;
}

/* --- which sessions */

static const char *
plural(uint32_t count)
{
	return count == 1 ? "" : "s";
}

static int
no_match(const struct ctl *c)
{
	const unsigned some = CTL_USER | CTL_ADDRESS | CTL_ALL;

	return ctl_fail(CTL_NO_MATCH, (c->options & some) == 0 ?
		"no such session" : "no session matches");
}

int
ctl_order_copy(char *to, size_t size, const char *from)
{
	return text_copy(to, size, from) < 0 ? ctl_fail(EX_USAGE,
		"too long: %s", from) : EX_OK;
}

/* --user, --address or --all; ADMIN_SELECT_NONE without. */
static int
select_by_option(const struct ctl *c, struct message_admin_order *order)
{
	unsigned given = c->options & (CTL_USER | CTL_ADDRESS | CTL_ALL);

	if ((given & (given - 1)) != 0)
		return ctl_fail(EX_USAGE, "only one of --user, --address and "
			"--all can be used");
	switch (given) {
	case CTL_USER:
		order->select = ADMIN_SELECT_USER;
		return ctl_order_copy(order->user, sizeof(order->user),
			c->user);
	case CTL_ADDRESS:
		order->select = ADMIN_SELECT_NETWORK;
		return ctl_order_copy(order->network, sizeof(order->network),
			c->address);
	case CTL_ALL:
		order->select = ADMIN_SELECT_ALL;
		return EX_OK;
	default:
		order->select = ADMIN_SELECT_NONE;
		return EX_OK;
	}
}

/* Send the order for each named session, or for those selected by an option. */
static int
for_sessions(const struct ctl *c, struct message_admin_order *order,
	int first, uint32_t *count)
{
	int status = select_by_option(c, order);
	bool by_option = order->select != ADMIN_SELECT_NONE;

	*count = 0;
	if (status != EX_OK)
		return status;
	if (by_option == (c->argc > first))
		return ctl_fail(EX_USAGE, "name sessions by their numbers, or "
			"with one of --user, --address and --all");
	if (by_option)
		return ctl_order_send(c, order, count);
	for (int i = first; i < c->argc && status == EX_OK; i++) {
		int64_t number;
		uint32_t one = 0;
		if (text_number(c->argv[i], strlen(c->argv[i]), &number) < 0)
			return ctl_fail(EX_USAGE, "not a session number: %s",
				c->argv[i]);
		order->select = ADMIN_SELECT_SESSION;
		order->session = (uint64_t)number;
		status = ctl_order_send(c, order, &one);
		*count += one;
	}
	return status;
}

/* --- the commands */

static int
run_kick(const struct ctl *c)
{
	struct message_admin_order order = { .order = ADMIN_KICK };
	uint32_t count;
	int status = for_sessions(c, &order, 0, &count);

	if (status != EX_OK)
		return status;
	if (count == 0)
		return no_match(c);
	fprintf(c->out, "%" PRIu32 " session%s ended.\n", count,
		plural(count));
	return EX_OK;
}

const struct ctl_command ctl_kick = {
	.name = "kick", .description = "end sessions now:",
	.arguments = "    kick SESSION... | --user NAME | --address NETWORK | "
		"--all\n",
	.options = CTL_USER | CTL_ADDRESS | CTL_ALL,
	.run = run_kick,
};

static int
run_drain(const struct ctl *c)
{
	struct message_admin_order order = { .order = ADMIN_DRAIN,
		.select = (c->options & CTL_END) != 0 ? ADMIN_SELECT_ALL :
			ADMIN_SELECT_NONE };
	uint32_t count;
	int status = ctl_order_send(c, &order, &count);

	if (status == EX_OK)
		fprintf(c->out, "New clients are refused; %" PRIu32
			" session%s %s.\n", count, plural(count),
			order.select == ADMIN_SELECT_ALL ?
			"will end" : "left");
	return status;
}

const struct ctl_command ctl_drain = {
	.name = "drain",
	.description = "refuse new clients, let sessions continue (or --end)",
	.options = CTL_END, .run = run_drain,
};

/* An order without arguments. */
static int
run_order(const struct ctl *c, enum admin_order_kind kind, const char *done)
{
	struct message_admin_order order = { .order = kind };
	uint32_t count;
	int status = ctl_order_send(c, &order, &count);

	if (status == EX_OK)
		fprintf(c->out, "%s\n", done);
	return status;
}

static int
run_resume(const struct ctl *c)
{
	return run_order(c, ADMIN_RESUME, "New clients are accepted.");
}

const struct ctl_command ctl_resume = {
	.name = "resume", .description = "accept new clients again",
	.run = run_resume,
};

static int
run_reload(const struct ctl *c)
{
	return run_order(c, ADMIN_RELOAD, "Configuration reloaded.");
}

const struct ctl_command ctl_reload = {
	.name = "reload", .description = "load the configuration again",
	.run = run_reload,
};

static int
run_upgrade(const struct ctl *c)
{
	struct message_admin_order order = { .order = ADMIN_UPGRADE };
	uint32_t count;
	int status = ctl_order_send(c, &order, &count);

	if (status == EX_OK)
		fprintf(c->out, "Upgraded; %" PRIu32 " session%s continue%s.\n",
			count, plural(count), count == 1 ? "s" : "");
	return status;
}

const struct ctl_command ctl_upgrade = {
	.name = "upgrade",
	.description = "run the program that is installed now",
	.run = run_upgrade,
};

static bool
is_rate(const struct ctl *c, const char *name)
{
	return order_is_of_sessions(name, c->argc > 2 ||
	    (c->options & (CTL_USER | CTL_ADDRESS | CTL_ALL)) != 0);
}

static int
set_rate(const struct ctl *c, struct message_admin_order *order)
{
	uint32_t count;
	int status = for_sessions(c, order, 2, &count);

	if (status != EX_OK)
		return status;
	if (count == 0)
		return no_match(c);
	fprintf(c->out, "%s = %s for %" PRIu32 " session%s.\n", order->name,
		order->value, count, plural(count));
	return EX_OK;
}

/* What can be set: rates of sessions, and the numbers of [limits]. */
static int
list_limits(const struct ctl *c)
{
	fputs("download_rate\nupload_rate\n", c->out);
	for (size_t i = 0; i < SETTINGS_ROWS; i++) {
		const struct settings_row *row = &settings_table[i];

		if (order_can_set(row))
			fprintf(c->out, "%s\n", row->key);
	}
	return EX_OK;
}

static int
run_set(const struct ctl *c)
{
	struct message_admin_order order = { .order = ADMIN_SET };
	uint32_t count;

	if (c->argc == 0)
		return list_limits(c);
	if (c->argc < 2)
		return ctl_fail(EX_USAGE, "use: set NAME VALUE");
	int status = ctl_order_copy(order.name, sizeof(order.name),
			c->argv[0]);
	if (status == EX_OK)
		status = ctl_order_copy(order.value, sizeof(order.value),
			c->argv[1]);
	if (status != EX_OK)
		return status;
	if (is_rate(c, order.name))
		return set_rate(c, &order);
	status = select_by_option(c, &order);
	if (status == EX_OK && c->argc > 2)
		status = ctl_fail(EX_USAGE, "unexpected argument: %s",
			c->argv[2]);
	if (status == EX_OK)
		status = ctl_order_send(c, &order, &count);
	if (status == EX_OK)
		fprintf(c->out, "%s = %s until the next reload.\n", order.name,
			order.value);
	return status;
}

const struct ctl_command ctl_set = {
	.name = "set", .description = "change limits of the running server:",
	.arguments = "    set      list what can be changed\n"
		"    set LIMIT VALUE\n"
		"             a number of [limits], until the next reload\n"
		"    set download_rate|upload_rate BYTES SESSION... | --user "
		"NAME | ...\n"
		"    set max_user_download_rate|max_user_upload_rate BYTES "
		"--user NAME | ...\n",
	.options = CTL_USER | CTL_ADDRESS | CTL_ALL,
	.run = run_set,
};

static int
run_log(const struct ctl *c)
{
	struct message_admin_order order = { .order = ADMIN_LOG_LEVEL };
	uint32_t count;

	if (c->argc != 2 || strcmp(c->argv[0], "level") != 0)
		return ctl_fail(EX_USAGE,
			"use: log level error|warning|info|debug");
	int status = ctl_order_copy(order.value, sizeof(order.value),
			c->argv[1]);
	if (status == EX_OK)
		status = ctl_order_send(c, &order, &count);
	if (status == EX_OK)
		fprintf(c->out, "Log level %s until the next reload.\n",
			order.value);
	return status;
}

const struct ctl_command ctl_log = {
	.name = "log", .description = "change the log level:",
	.arguments = "    log level error|warning|info|debug\n",
	.run = run_log,
};
