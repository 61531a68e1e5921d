/*
 * fuzz.h - what every fuzzer includes: its entry points, for libFuzzer and for
 * replay.c, and how it reports an error.
 */
#ifndef TESTS_FUZZ_FUZZ_H
#define TESTS_FUZZ_FUZZ_H

#include "common/base.h"

/* Called once, before all inputs: NULL, or why the fuzzer cannot run.  Each
 * fuzzer defines it. */
const char *fuzz_prepare(void);

/* Run one input; returns 0.  Each fuzzer defines it. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The input shows a mistake of the program: say which, and abort. */
void fuzz_fail(const char *format, ...) PRINTF_LIKE(1, 2) NORETURN;

/* Something that the fuzzer itself needs does not work: say what, and why
 * (errno), and abort. */
void fuzz_must(bool done, const char *what);

/* What is to be done before that, and before a sanitizer's report: leave the
 * jail, so that the input can be kept. */
extern void (*fuzz_before_report)(void);

#endif
