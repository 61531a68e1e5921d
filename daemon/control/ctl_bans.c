/*
 * ctl_bans.c - sureftpctl ban, unban and bans.
 *
 * Runs in: sureftpctl.
 */
#include "common/base.h"
#include "daemon/control/ctl_order.h"

#include "common/clock.h"
#include "common/io.h"
#include "common/text.h"
#include "daemon/bans/bans_text.h"
#include "daemon/control/ctl_ask.h"
#include "daemon/control/ctl_json.h"
#include "daemon/control/ctl_table.h"

#include <sysexits.h>

/* --- ban, unban */

/* The other arguments, separated by blanks. */
static int
put_reason(const struct ctl *c, int first, char *to, size_t size)
{
	struct buffer b;

	buffer_init(&b, to, size);
	for (int i = first; i < c->argc; i++)
		buffer_addf(&b, "%s%s", i > first ? " " : "", c->argv[i]);
	(void)buffer_text(&b);
	return b.overflow ? ctl_fail(EX_USAGE, "the reason is too long") :
	    EX_OK;
}

static int
run_ban(const struct ctl *c)
{
	struct message_admin_order order = { .order = ADMIN_BAN,
		.select = ADMIN_SELECT_NETWORK };
	bool timed = c->argc > 1 && text_is_digit(c->argv[1][0]);
	uint32_t count;

	if (c->argc == 0)
		return ctl_fail(EX_USAGE, "use: ban ADDRESS|NETWORK [TIME] "
			"[REASON]");
	int status = ctl_order_copy(order.network, sizeof(order.network),
			c->argv[0]);
	if (status == EX_OK && timed)
		status = ctl_order_copy(order.value, sizeof(order.value),
			c->argv[1]);
	if (status == EX_OK)
		status = put_reason(c, timed ? 2 : 1, order.name,
			sizeof(order.name));
	if (status == EX_OK)
		status = ctl_order_send(c, &order, &count);
	if (status == EX_OK)
		fprintf(c->out, "%s is banned%s%s; sessions ended: %" PRIu32
			".\n", order.network, timed ? " for " : "",
			order.value, count);
	return status;
}

const struct ctl_command ctl_ban = {
	.name = "ban", .description = "refuse an address or network",
	.arguments = "    ban ADDRESS|NETWORK [TIME] [REASON]\n"
		"             TIME is a number of seconds, or such as 10m, 2h, "
		"7d\n",
	.run = run_ban,
};

static int
run_unban(const struct ctl *c)
{
	struct message_admin_order order = { .order = ADMIN_UNBAN,
		.select = ADMIN_SELECT_NETWORK };
	uint32_t count;

	if (c->argc != 1)
		return ctl_fail(EX_USAGE, "use: unban ADDRESS|NETWORK");
	int status = ctl_order_copy(order.network, sizeof(order.network),
			c->argv[0]);
	if (status == EX_OK)
		status = ctl_order_send(c, &order, &count);
	if (status != EX_OK)
		return status;
	if (count == 0)
		return ctl_fail(CTL_NO_MATCH, "%s is not banned; \"sureftpctl "
			"bans\" lists what is", order.network);
	fprintf(c->out, "%s is no longer banned.\n", order.network);
	return EX_OK;
}

const struct ctl_command ctl_unban = {
	.name = "unban", .description = "lift a ban",
	.arguments = "    unban ADDRESS|NETWORK\n",
	.run = run_unban,
};

/* --- bans */

struct listing {
	const struct ctl *c;
	struct ctl_table table;
	bool measuring;
	size_t count;
};

static void
show_row(struct listing *l, const char *range, const char *left,
	const struct ban *ban)
{
	static struct ctl_row row;

	row.count = 0;
	ctl_table_text(&row, range);
	ctl_table_text(&row, left);
	ctl_table_text(&row, ban == NULL ? "BY" : ban->manual ?
		"administrator" : "server");
	ctl_table_text(&row, ban == NULL ? "REASON" : ban->reason);
	if (l->measuring)
		ctl_table_measure(&l->table, &row);
	else
		ctl_table_print(&l->table, &row, l->c->out);
}

static void
show_object(const struct listing *l, const char *range, const struct ban *ban)
{
	struct ctl_json j;

	ctl_json_begin(&j, l->c->out);
	ctl_json_text(&j, "network", range);
	if (ban->until == CLOCK_NEVER)
		ctl_json_null(&j, "seconds");
	else
		ctl_json_number(&j, "seconds", ban->until / 1000);
	ctl_json_bool(&j, "manual", ban->manual);
	ctl_json_text(&j, "reason", ban->reason);
	ctl_json_end(&j);
}

/* `until` is the time that is left. */
static void
show(struct listing *l, const struct ban *ban)
{
	char range[ADDRESS_RANGE_TEXT_SIZE];
	BUFFER(left, 32);

	l->count++;
	address_range_text(&ban->range, range);
	if (l->c->json) {
		if (!l->measuring)
			show_object(l, range, ban);
		return;
	}
	if (ban->until != CLOCK_NEVER)
		ctl_table_duration(&left, ban->until);
	show_row(l, range, ban->until == CLOCK_NEVER ? "no end" :
		buffer_text(&left), ban);
}

static int
show_all(struct listing *l, const char *text)
{
	int64_t wall = clock_wall_ns() / 1000000000;
	char line[BANS_TEXT_LINE];
	struct ban ban;

	if (!l->c->json)
		show_row(l, "NETWORK", "LEFT", NULL);
	/* After the first line. */
	for (text += strcspn(text, "\n"); *text == '\n' && text[1] != '\0';) {
		size_t len = strcspn(++text, "\n");
		if (len >= sizeof(line))
			return -EINVAL;
		memcpy(line, text, len);
		line[len] = '\0';
		if (bans_text_parse(&ban, line, 0, wall) < 0)
			return -EINVAL;
		show(l, &ban);
		text += len;
	}
	return 0;
}

static int
show_text(const struct ctl *c, const char *text)
{
	struct listing l = { .c = c, .measuring = true };

	if (show_all(&l, text) < 0)
		return ctl_ask_other_version(c, "");
	if (l.count == 0) {
		if (!c->json)
			fputs("No bans.\n", c->out);
		return EX_OK;
	}
	l.measuring = false;
	(void)!show_all(&l, text);
	return EX_OK;
}

static int
run_bans(const struct ctl *c)
{
	static char text[BANS_TEXT_MAX + 1];
	struct message question UNINITIALIZED, answer UNINITIALIZED;

	message_begin(&question, MESSAGE_ask_bans);
	int status = ctl_ask(c, &question, MESSAGE_bans, &answer);
	if (status != EX_OK)
		return status;
	ssize_t n = pread(answer.fds[0], text, BANS_TEXT_MAX, 0);
	int error = errno;
	io_close(&answer.fds[0]);
	if (n < 0)
		return ctl_fail(EX_IOERR, "cannot read the bans: %s",
			strerror(error));
	text[n] = '\0';
	return show_text(c, text);
}

const struct ctl_command ctl_bans = {
	.name = "bans", .description = "list the bans",
	.options = CTL_JSON, .run = run_bans,
};
