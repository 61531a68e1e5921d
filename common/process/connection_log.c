/*
 * connection_log.c - logs the beginning and the end of a connection.
 *
 * Runs in: monitor; the master, for a monitor that was killed.
 */
#include "common/base.h"
#include "common/process/connection_log.h"

#include "common/clock.h"
#include "common/log/event.h"

void
connection_log_connect(const struct message_client *client)
{
	struct event e = event_new(EVENT_connect);

	e.local = client->local;
	event_send(&e);
}

static struct event
end_event(enum event_type type, const struct connection_end *end)
{
	struct event e = event_new(type);

	e.ok = end->ok;
	e.code = (int32_t)end->outcome;
	e.duration_ms = end->duration_ms;
	e.text = outcome_name(end->outcome);
	return e;
}

void
connection_log_disconnect(const struct connection_end *end)
{
	struct event e = end_event(EVENT_disconnect, end);

	event_send(&e);
}

void
connection_log_logout(const char *user, const struct page_report *page,
	const struct connection_end *end)
{
	struct event e = end_event(EVENT_logout, end);

	if (user != NULL)
		e.user = user;
	e.bytes = page_down(page);
	e.received = page_up(page);
	event_send(&e);
}

void
connection_log_end(enum outcome outcome, int64_t started, bool logged_in)
{
	const struct connection_end end = {
		.outcome = outcome,
		.ok = outcome < OUTCOME_VIOLATION,
		.duration_ms = clock_ms() - started,
	};
	const struct page_report *own = page_own();
	struct page_report page;

	if (own == NULL || !page_read(own, &page, clock_ms()))
		page = (struct page_report){ 0 };
	if (logged_in)
		connection_log_logout(NULL, &page, &end);
	connection_log_disconnect(&end);
}
