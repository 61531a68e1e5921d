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

static void
send_end(enum event_type type, enum outcome outcome, bool ok,
	int64_t duration_ms)
{
	struct event e = event_new(type);

	e.ok = ok;
	e.code = (int32_t)outcome;
	e.duration_ms = duration_ms;
	e.text = outcome_name(outcome);
	event_send(&e);
}

void
report_disconnect(enum outcome outcome, bool ok, int64_t duration_ms)
{
	send_end(EVENT_disconnect, outcome, ok, duration_ms);
}

void
report_end(enum outcome outcome, int64_t started, bool logged_in)
{
	int64_t duration_ms = clock_ms() - started;
	bool ok = outcome < OUTCOME_VIOLATION;

	if (logged_in)
		send_end(EVENT_logout, outcome, ok, duration_ms);
	report_disconnect(outcome, ok, duration_ms);
}
