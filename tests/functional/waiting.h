/*
 * waiting.h - waits of a test: for an event, and never longer than so long.
 *
 * A reply, a file or the log has a wait of its own (ftp.h, files.h, logged.h).
 * These are for what nobody announces.
 */
#ifndef TESTS_FUNCTIONAL_WAITING_H
#define TESTS_FUNCTIONAL_WAITING_H

#include "common/base.h"

/* Look every few milliseconds until holds(context); false when it did not
 * within ms. */
bool wait_until(bool (*holds)(void *context), void *context, int64_t ms);

/* Let time pass.  Only where time itself is what the test is about: a timer, a
 * rate, somebody who must not wake up.  A comment says which. */
void wait_for_time(int64_t ms);

#endif
