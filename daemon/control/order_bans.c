/*
 * order_bans.c - sureftpctl's orders about bans.
 *
 * Runs in: master.
 */
#include "common/base.h"
#include "daemon/control/order_bans.h"

#include "common/clock.h"
#include "common/io.h"
#include "common/text.h"
#include "daemon/bans/bans_text.h"

#define LONGEST (INT64_C(36600) * 86400)	/* a century */

static void
fail(struct message_admin_done *done, int error, const char *what,
	const char *why)
{
	(void)!snprintf(done->text, sizeof(done->text), "%s %s", what, why);
	done->error = error;
}

static bool
parse_range(const struct message_admin_order *order,
	struct address_range *range, struct message_admin_done *done)
{
	if (order->select == ADMIN_SELECT_NETWORK &&
	    address_range_parse(range, order->network) == 0)
		return true;
	fail(done, EINVAL, order->network, strchr(order->network, '/') == NULL ?
		"is not an address or a network" : "is not an address or a "
		"network; in a network such as 192.0.2.0/24 the bits after "
		"the prefix must be 0");
	return false;
}

static void
set_reason(struct ban *ban, const char *reason)
{
	BUFFER(text, BANS_REASON_SIZE);

	if (*reason == '\0')
		reason = "sureftpctl ban";
	text_escape(&text, reason, strlen(reason));
	memcpy(ban->reason, buffer_text(&text), text.len + 1);
}

void
order_bans_ban(struct charges *c, const struct message_admin_order *order,
	struct message_admin_done *done)
{
	struct ban ban = { .until = CLOCK_NEVER, .manual = true };
	const char *time = order->value;
	int64_t seconds;

	if (!parse_range(order, &ban.range, done))
		return;
	if (*time != '\0') {
		if (text_seconds(time, strlen(time), &seconds) < 0 ||
		    seconds < 1 || seconds > LONGEST) {
			fail(done, EINVAL, time, "is not a time from 1s to "
				"36600d, such as 90s, 10m, 2h or 7d");
			return;
		}
		ban.until = clock_ms() + seconds * 1000;
	}
	set_reason(&ban, order->name);
	if (charges_ban(c, &ban) < 0)
		fail(done, ENOBUFS, "too many bans;", "lift some first");
}

void
order_bans_unban(struct charges *c, const struct message_admin_order *order,
	struct message_admin_done *done)
{
	struct address_range range;

	if (!parse_range(order, &range, done))
		return;
	if (charges_unban(c, &range))
		done->count = 1;
}

int
order_bans_list(const struct charges *c)
{
	static char storage[BANS_TEXT_MAX];
	struct buffer text;

	buffer_init(&text, storage, sizeof(storage));
	bans_text_write(&text, charges_bans(c), clock_ms(),
		clock_wall_ns() / 1000000000);
	return io_sealed_file("bans", text.data, text.len);
}
