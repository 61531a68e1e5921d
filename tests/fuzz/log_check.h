/*
 * log_check.h - checks that an event is at most one line in every log, without
 * control characters.
 */
#ifndef TESTS_FUZZ_LOG_CHECK_H
#define TESTS_FUZZ_LOG_CHECK_H

#include "common/base.h"
#include "common/log/event.h"

/* Fails the input when it is not. */
void log_check(const struct event *e);

/* Is this one line without control characters, all of it UTF-8? */
bool log_check_is_clean(const char *text, size_t len);

#endif
