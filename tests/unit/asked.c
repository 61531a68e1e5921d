/*
 * asked.c - the monitor's end of a session's channel.
 */
#include "common/base.h"
#include "tests/unit/asked.h"

#include "tests/unit/unit.h"
#include "worker/authority_monitor.h"

struct channel monitor;

void
asked_begin(struct talk *t, bool logged_in)
{
	talk_open(t, logged_in);
	authority_monitor_init(&t->session);
	channel_open(&monitor, t->monitor, PARTY_MONITOR,
		logged_in ? PARTY_SESSION : PARTY_GREETER,
		&channel_any_phase);
}

void
asked_answer(struct message *m)
{
	CU_ASSERT_EQUAL(channel_send(&monitor, m), 0);
}

void
asked_end_session(bool now)
{
	struct message m;

	message_zero(&m);
	m.type = MESSAGE_end_session;
	m.end_session.now = now;
	asked_answer(&m);
}
