/*
 * signals.h - the master's signals, read from a descriptor, so that no handler
 * interrupts other code.
 */
#ifndef DAEMON_SIGNALS_H
#define DAEMON_SIGNALS_H

#include "common/base.h"

/* Block SIGTERM, SIGINT, SIGHUP, SIGUSR1, SIGUSR2 and SIGCHLD, and ignore
 * SIGPIPE.  A descriptor that gives a struct signalfd_siginfo for each
 * (signalfd(2)), or -errno. */
int signals_open(void) MUST_CHECK;

#endif
