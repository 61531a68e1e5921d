/*
 * cancel_login.c - cancels a login that waits for ACCT.
 *
 * Runs in: greeter.
 */
#include "common/base.h"
#include "worker/cancel_login.h"

#include "worker/texts.h"

bool
cancel_login(struct session *s)
{
	struct message m UNINITIALIZED;

	if (!s->login.prompted)
		return true;
	s->login.prompted = false;
	message_begin(&m, MESSAGE_answer);
	if (!s->authority.log_in(s->authority.context, &m))
		return false;
	if (m.type != MESSAGE_denied) {
		session_end(s, OUTCOME_VIOLATION);
		return false;
	}
	if (m.denied.denial == DENIAL_LAST)
		texts_send(s, 530, s->settings->server.msg_denied, "");
	session_login_failed(s, (enum denial)m.denied.denial);
	return s->stage != SESSION_OVER;
}
