/*
 * monitor_internal.h - the state of a monitor.
 *
 * For monitor*.c and who_request.c only.
 */
#ifndef PAM_MONITOR_INTERNAL_H
#define PAM_MONITOR_INTERNAL_H

#include "common/base.h"
#include "common/process/upload_owner.h"
#include "pam/children.h"
#include "pam/login_flow.h"
#include "pam/monitor_start.h"
#include "pam/radius_session.h"

struct monitor {
	const struct monitor_start *start;
	enum phase phase;		/* of all its channels */
	struct channel master;
	int signals;			/* signalfd */
	struct children children;
	struct login_flow flow;
	struct message *inbox;		/* in locked memory */
	struct message_client client;
	struct tls_binding binding;
	struct upload_owner owner;
	struct radius_session accounting;
	int awaited;			/* descriptor of an answer from radius;
					 * -1 */
	int64_t session_until;		/* max_session_time */
	bool expired;			/* it has passed */
	bool unnamed;			/* a proxy has not named it yet */
	int64_t started;		/* clock_ms() of the connect */
	int64_t answer_until;		/* of the answer to a PAM question */
	bool who_asked;			/* the master is, for SITE WHO; */
	int64_t who_next;		/* the next time that it may be */
	bool over;			/* end the loop with this outcome */
	enum outcome outcome;
};

/* End the loop with this outcome; only the first call has an effect. */
void monitor_end(struct monitor *m, enum outcome outcome);

/* Wait for one event, and handle it. */
void monitor_serve_once(struct monitor *m);

/* What a new greeter needs. */
struct greeter_start monitor_greeter_start(const struct monitor *m);

#endif
