/*
 * monitor_wait.c - waits inside a login.
 *
 * Runs in: monitor.
 */
#include "common/base.h"
#include "pam/monitor_wait.h"

#include "common/clock.h"
#include "common/process/secret.h"
#include "common/text.h"
#include "pam/monitor_internal.h"

int
monitor_wait_answer(void *context, const char *text, char *answer, size_t size)
{
	struct monitor *m = context;
	struct message *attempt = m->inbox;
	struct message *inbox = secret_new(sizeof(*inbox));
	int error = inbox == NULL ? -ENOMEM : m->over ? -ECANCELED :
		login_flow_prompt(&m->flow, text);

	if (error == 0)
		m->inbox = inbox;
	while (error == 0 && !m->over && m->phase == PHASE_PROMPT)
		monitor_serve_once(m);
	m->inbox = attempt;
	if (error == 0 && (m->over || inbox->answer.given != 1 ||
	    text_copy(answer, size, inbox->answer.text) < 0))
		error = -ECANCELED;
	if (m->phase == PHASE_PROMPT)
		m->phase = PHASE_CHECKING;
	secret_free(inbox, sizeof(*inbox));
	return error;
}

int
monitor_wait_radius(void *context, int fd)
{
	struct monitor *m = context;
	struct message *attempt = m->inbox;
	struct message *inbox = secret_new(sizeof(*inbox));
	int error = inbox == NULL ? -ENOMEM : 0;

	m->awaited = error == 0 ? fd : -1;
	m->inbox = inbox;
	/* A shutdown does not wait for a server either. */
	while (m->awaited >= 0 && !m->over && !m->children.ending &&
	    !clock_passed(m->answer_until))
		monitor_serve_once(m);
	m->inbox = attempt;
	if (error == 0 && m->awaited >= 0)
		error = m->over || m->children.ending ? -ECANCELED :
			-ETIMEDOUT;
	m->awaited = -1;
	secret_free(inbox, sizeof(*inbox));
	return error;
}
