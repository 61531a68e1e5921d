/*
 * login.h - from a user name and a password to an open PAM session.
 */
#ifndef PAM_LOGIN_H
#define PAM_LOGIN_H

#include "common/base.h"
#include "pam/monitor_state.h"

/* MESSAGE_auth is in m->inbox, which is wiped.  The answer follows now, after
 * the delay for failures, or after the master's verdict. */
void login_try(struct monitor *m);

/* MESSAGE_clear_login is in m->inbox: answer it. */
void login_in_clear(struct monitor *m);

/* The master's answer about max_per_user. */
void login_verdict(struct monitor *m, bool granted);

/* The client's address has failed too often: this connection gets no further
 * attempt. */
void login_enough(struct monitor *m);

/* Send the answer that was held back, if its time has come. */
void login_answer_due(struct monitor *m);

/*
 * When to answer the nth failure: the next multiple of `delay` * 2^(n-1)
 * seconds since `began` that is after `now`, plus the jitter.  So the time
 * says nothing about what was checked (rule R17), even where a check took
 * longer than the delay.  No delay: now.
 */
int64_t login_answer_time(int64_t began, int64_t now, int64_t delay,
	int failures, int64_t jitter_ms);

#endif
