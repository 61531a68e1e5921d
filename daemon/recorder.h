/*
 * recorder.h - the process that writes every log (design section 2).
 */
#ifndef DAEMON_RECORDER_H
#define DAEMON_RECORDER_H

#include "common/base.h"
#include "common/settings.h"

/* In a freshly forked child of the master: read events from fd until every
 * process that can send has gone, then exit. */
void recorder_main(int fd, const struct settings *settings) NORETURN;

#endif
