/*
 * ctl_top.c - sureftpctl top: shows the sessions, updated periodically.
 *
 * Runs in: sureftpctl.
 */
#include "common/base.h"
#include "daemon/control/ctl.h"

#include "common/buffer.h"
#include "common/clock.h"
#include "daemon/control/ctl_order.h"
#include "daemon/control/top_list.h"
#include "daemon/control/top_screen.h"

#include <sysexits.h>

#define INTERVAL_MS 1000
#define HELP "q quit  s sort  / filter  k kick  b ban  l limit  arrows select"

struct top {
	const struct ctl *c;
	struct top_list list;
	uint64_t number;	/* of the selected session */
	size_t selected;	/* where it is */
	bool quit;
	char line[512];		/* the result of the last key */
};

/* While there is a screen, messages of ctl_fail() are shown in a line of it. */
static int
refresh_list(struct top *t)
{
	struct ctl_board board;
	int status = ctl_board_get(t->c, &board);

	if (status != EX_OK)
		return status;
	if (top_list_take(&t->list, &board, clock_ms()) < 0)
		return ctl_fail(EX_OSERR, "out of memory");
	return EX_OK;
}

/* Keep the same session selected after its row has moved. */
static void
find_selected(struct top *t)
{
	if (t->list.count == 0) {
		t->selected = 0;
		t->number = 0;
		return;
	}
	t->selected = t->number == 0 ? 0 :
		top_list_find(&t->list, t->number);
	t->number = t->list.shown[t->selected]->session->session;
}

static void
move_by(struct top *t, size_t by, bool up)
{
	if (t->list.count == 0)
		return;
	if (up)
		t->selected = t->selected > by ? t->selected - by : 0;
	else
		t->selected = t->selected + by < t->list.count ?
			t->selected + by : t->list.count - 1;
	t->number = t->list.shown[t->selected]->session->session;
}

/* Was it carried out?  If not, the line says why. */
static bool
order(struct top *t, struct message_admin_order *o, const char *done)
{
	uint32_t count = 0;

	o->select = ADMIN_SELECT_SESSION;
	o->session = t->number;
	if (ctl_order_send(t->c, o, &count) != EX_OK)
		return false;
	(void)!snprintf(t->line, sizeof(t->line), "session %" PRIu64 ": %s",
		t->number, count > 0 ? done : "has ended before");
	return count > 0;
}

static void
kick(struct top *t)
{
	struct message_admin_order o = { .order = ADMIN_KICK };
	BUFFER(question, 128);

	if (t->number == 0)
		return;
	buffer_addf(&question, "End session %" PRIu64 "?", t->number);
	if (top_screen_confirm(buffer_text(&question)))
		(void)order(t, &o, "ended");
}

/* The client of the selected session, for a time that is asked for. */
static void
ban(struct top *t)
{
	struct message_admin_order o = { .order = ADMIN_BAN,
		.select = ADMIN_SELECT_NETWORK };
	char address[ADDRESS_TEXT_SIZE], time[16] = "1h";
	BUFFER(question, 128);
	uint32_t count;

	if (t->number == 0)
		return;
	address_text(&t->list.shown[t->selected]->session->peer, address);
	buffer_addf(&question, "Ban %s for (30s, 10m, 2h, 7d; empty: no end):",
		address);
	if (!top_screen_ask(buffer_text(&question), time, sizeof(time)))
		return;
	memcpy(o.network, address, sizeof(address));
	memcpy(o.value, time, sizeof(time));
	if (ctl_order_send(t->c, &o, &count) == EX_OK)
		(void)!snprintf(t->line, sizeof(t->line), "%s is banned; "
			"sessions ended: %" PRIu32, address, count);
}

/* One rate for both directions. */
static void
limit(struct top *t)
{
	struct message_admin_order o = { .order = ADMIN_SET };
	BUFFER(question, 128);
	char rate[sizeof(o.value)] = "";

	if (t->number == 0)
		return;
	buffer_addf(&question, "Bytes per second for session %" PRIu64
		" (0: no limit):", t->number);
	if (!top_screen_ask(buffer_text(&question), rate, sizeof(rate)) ||
	    rate[0] == '\0')
		return;
	memcpy(o.value, rate, sizeof(o.value));
	memcpy(o.name, "download_rate", sizeof("download_rate"));
	if (!order(t, &o, "limit set for downloads"))
		return;
	memcpy(o.name, "upload_rate", sizeof("upload_rate"));
	(void)order(t, &o, "limit set");
}

static void
act(struct top *t, enum top_key key)
{
	size_t page = top_screen_rows() > 0 ? top_screen_rows() : 1;

	if (key != TOP_KEY_NONE && key != TOP_KEY_RESIZE)
		t->line[0] = '\0';
	switch (key) {
	case TOP_KEY_QUIT:
		t->quit = true;
		break;
	case TOP_KEY_UP:
	case TOP_KEY_DOWN:
		move_by(t, 1, key == TOP_KEY_UP);
		break;
	case TOP_KEY_PAGE_UP:
	case TOP_KEY_PAGE_DOWN:
		move_by(t, page, key == TOP_KEY_PAGE_UP);
		break;
	case TOP_KEY_SORT:
		t->list.sort = (t->list.sort + 1) % TOP_SORTS;
		break;
	case TOP_KEY_FILTER:
		(void)top_screen_ask("Filter (account, address, path):",
			t->list.filter, sizeof(t->list.filter));
		break;
	case TOP_KEY_KICK:
		kick(t);
		break;
	case TOP_KEY_BAN:
		ban(t);
		break;
	case TOP_KEY_LIMIT:
		limit(t);
		break;
	case TOP_KEY_NONE:
	case TOP_KEY_RESIZE:
		break;
	}
}

static int
loop(struct top *t)
{
	int64_t next = clock_ms() + INTERVAL_MS;
	int status = EX_OK;

	while (!t->quit && status == EX_OK) {
		top_list_arrange(&t->list);
		find_selected(t);
		top_screen_draw(&t->list, t->selected,
			t->line[0] != '\0' ? t->line : HELP);
		act(t, top_screen_key(next - clock_ms()));
		if (t->quit || !clock_passed(next))
			continue;
		status = refresh_list(t);
		next = clock_ms() + INTERVAL_MS;
	}
	return status;
}

static int
run(const struct ctl *c)
{
	struct top t = { .c = c };
	int status = refresh_list(&t);

	if (status == EX_OK && !top_screen_open())
		status = ctl_fail(EX_USAGE, "top needs a terminal, and TERM to "
			"name its type; use sureftpctl who instead");
	if (status != EX_OK) {
		top_list_clear(&t.list);
		return status;
	}
	ctl_fail_keep(t.line, sizeof(t.line));
	status = loop(&t);
	top_screen_close();
	ctl_fail_keep(NULL, 0);
	top_list_clear(&t.list);
	return status == EX_OK ? EX_OK : ctl_fail(status, "%s", t.line);
}

const struct ctl_command ctl_top = {
	.name = "top",
	.description = "watch sessions and transfers on the whole screen",
	.run = run,
};
