/*
 * report.c - logs the beginning and the end of a connection.
 *
 * Runs in: monitor; the master, for a monitor that was killed.
 */
#include "common/base.h"
#include "common/process/report.h"

#include "common/clock.h"
#include "common/log/event.h"

void
report_connect(const struct message_client *client)
{
	struct event e = event_new(EVENT_connect);

	e.local = client->local;
	event_send(&e);
}

static struct event
end_event(enum event_type type, enum outcome outcome, bool ok,
	int64_t duration_ms)
{
	struct event e = event_new(type);

	e.ok = ok;
	e.code = (int32_t)outcome;
	e.duration_ms = duration_ms;
	e.text = outcome_name(outcome);
	return e;
}

void
report_disconnect(enum outcome outcome, bool ok, int64_t duration_ms)
{
	struct event e = end_event(EVENT_disconnect, outcome, ok, duration_ms);

	event_send(&e);
}

void
report_logout(const char *user, const struct page_report *page,
	enum outcome outcome, bool ok, int64_t duration_ms)
{
	struct event e = end_event(EVENT_logout, outcome, ok, duration_ms);

	if (user != NULL)
		e.user = user;
	e.bytes = page_down(page);
	e.received = page_up(page);
	event_send(&e);
}

void
report_end(enum outcome outcome, int64_t started, bool logged_in)
{
	int64_t duration_ms = clock_ms() - started;
	bool ok = outcome < OUTCOME_VIOLATION;
	const struct page_report *own = page_own();
	struct page_report page;

	if (own == NULL || !page_read(own, &page, clock_ms()))
		page = (struct page_report){ 0 };
	if (logged_in)
		report_logout(NULL, &page, outcome, ok, duration_ms);
	report_disconnect(outcome, ok, duration_ms);
}
