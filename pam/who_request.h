/*
 * who_request.h - a session's request for the list of sessions (SITE WHO).
 */
#ifndef PAM_WHO_REQUEST_H
#define PAM_WHO_REQUEST_H

#include "pam/monitor_internal.h"

/* Pass the request to the master, if the account may list sessions; at most
 * once per second, to limit the master's work.  0 or -errno. */
int who_request_ask(struct monitor *m) MUST_CHECK;

/* The master's answer is in m->inbox: pass it to the session.  0 or -errno. */
int who_request_answer(struct monitor *m) MUST_CHECK;

#endif
