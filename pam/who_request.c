/*
 * who_request.c - passes on requests for the list of sessions.
 *
 * Runs in: monitor, after login.  Never: reads the list.
 */
#include "common/base.h"
#include "pam/who_request.h"

#include "common/accounts/administrator.h"
#include "common/clock.h"
#include "common/io.h"
#include "common/log/log.h"

#define PAUSE_MS 1000

static int
refuse(struct monitor *m, int error)
{
	struct message reply UNINITIALIZED;

	message_begin(&reply, MESSAGE_who_refused);
	reply.who_refused.error = error;
	return child_process_send(&m->children.session, &reply);
}

int
who_request_ask(struct monitor *m)
{
	int64_t now = clock_ms();

	if (!administrator_may_list(&m->start->settings->server,
	    &m->flow.login.identity))
		return refuse(m, EPERM);
	if (m->who_asked || now < m->who_next)
		return refuse(m, EAGAIN);
	m->who_asked = true;
	m->who_next = now + PAUSE_MS;
	return channel_send(&m->master, m->inbox);
}

int
who_request_answer(struct monitor *m)
{
	if (!m->who_asked)
		bug("an answer from the master without a question");
	m->who_asked = false;
	int error = child_process_send(&m->children.session, m->inbox);
	io_close(&m->inbox->fds[0]);
	return error;
}
