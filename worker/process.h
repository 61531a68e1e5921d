/*
 * process.h - the first steps of a freshly forked worker process.
 */
#ifndef WORKER_PROCESS_H
#define WORKER_PROCESS_H

#include "common/base.h"

/* Keep these descriptors and the standard ones only (rule R26), and put the
 * signals in order: none blocked, SIGPIPE and SIGXFSZ ignored so that the
 * call reports the error, the terminal's signals left to the master. */
void process_begin(const int *keep, size_t n);

#endif
