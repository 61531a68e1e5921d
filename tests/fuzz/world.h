/*
 * world.h - simulates time and peers of a server that runs in this process:
 * time passes, and peers act, only while the server waits, so that the same
 * input is always the same conversation.  Only OpenSSL uses real random
 * numbers.
 *
 * The linker redirects poll(), clock_gettime(), clock_nanosleep(), getrandom()
 * and _exit() to this module (-Wl,--wrap).  The monotonic clock has the same
 * value at the beginning of every input and advances by a millisecond each time
 * that it is read.  A poll() that would wait lets the peers act; if they have
 * nothing to do, it times out.  A wait without a timeout when no peer will act,
 * and ending the process, fail the input.
 */
#ifndef TESTS_FUZZ_WORLD_H
#define TESTS_FUZZ_WORLD_H

#include "common/base.h"

/* Begin an input: what the others do while the server waits; true when it was
 * something. */
void world_begin(bool (*act)(void *context), void *context);

/* From here on poll() and the clock are the system's again. */
void world_end(void);

/* Time passes. */
void world_pass(int64_t ms);

#endif
