/*
 * world.h - the world around a server that runs in this process: time passes
 * and others act only while the server waits, so the same input is always the
 * same conversation.  Only OpenSSL takes random numbers of its own.
 *
 * The linker leads poll(), clock_gettime(), clock_nanosleep(), getrandom() and
 * _exit() here (-Wl,--wrap).  The monotonic clock stands at the same moment at
 * the beginning of every input and moves on by a millisecond each time that it
 * is read.  A poll() that would wait lets the others act; when they have
 * nothing to do, its time has passed.  Waiting for ever for those who do
 * nothing any more, and ending the process, fail the input.
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
