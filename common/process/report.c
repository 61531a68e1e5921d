/*
 * report.c - logs the beginning and the end of a connection.
 *
 * Runs in: monitor; the master, for a monitor that was killed.
 */
#include "common/base.h"
#include "common/process/report.h"

#include "common/log/event.h"

void
report_connect(const struct message_client *client)
{
	struct event e = event_new(EVENT_connect);

	e.local = client->local;
	event_send(&e);
}

void
report_disconnect(enum outcome outcome, bool ok, int64_t duration_ms)
{
	struct event e = event_new(EVENT_disconnect);

	e.ok = ok;
	e.code = (int32_t)outcome;
	e.duration_ms = duration_ms;
	e.text = outcome_name(outcome);
	event_send(&e);
}
