/*
 * answer_time.h - when the monitor answers a login attempt, so that response
 * times disclose nothing about an account.
 */
#ifndef COMMON_ACCOUNTS_ANSWER_TIME_H
#define COMMON_ACCOUNTS_ANSWER_TIME_H

#include "common/base.h"
#include "common/settings/settings.h"

/* When to answer the nth failed login of a connection, which began at `began`
 * (both clock_ms()).  `delay` is failed_login_delay, in seconds. */
int64_t answer_time_failed(int64_t began, int64_t delay, int failures);

/*
 * The same for a given current time: the next multiple of `delay` * 2^(n-1)
 * seconds since `began`, plus the jitter.  So the time does not depend on what
 * was checked, even if a check took longer than the delay.  With a delay of 0:
 * now.
 */
int64_t answer_time_after(int64_t began, int64_t now, int64_t delay,
	int failures, int64_t jitter_ms);

/* May this account log in without TLS, as far as known before the password is
 * checked?  Sleeps until the answer has taken the same time for every name. */
bool answer_time_cleartext(const struct settings *settings, const char *user);

#endif
