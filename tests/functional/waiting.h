/*
 * waiting.h - waits of a test, always with a timeout.
 *
 * A reply, a file or the log has a wait of its own (ftp.h, files.h, logged.h).
 * These are for conditions that have no event.
 */
#ifndef TESTS_FUNCTIONAL_WAITING_H
#define TESTS_FUNCTIONAL_WAITING_H

#include "common/base.h"

/* Poll every few milliseconds until holds(context) is true; false on
 * timeout. */
bool wait_until(bool (*holds)(void *context), void *context, int64_t ms);

/* Sleep.  Only if time itself is tested: a timer, a rate, a process that must
 * not wake up.  A comment must say which. */
void wait_for_time(int64_t ms);

#endif
