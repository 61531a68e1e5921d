/*
 * scanner.h - the process that scans one directory tree for the bookkeeper.
 *
 * It runs as the account, may only read directories, and reports the result by
 * a channel to the bookkeeper (messages quota_changed, quota_scan_end and
 * quota_scanned).  When all has been looked at, it says so and waits for
 * quota_scan_end: every change that the bookkeeper has sent before is in the
 * result, and the bookkeeper adds those that come later.  If the bookkeeper
 * closes the channel, the scanner exits.
 */
#ifndef DAEMON_QUOTA_SCANNER_H
#define DAEMON_QUOTA_SCANNER_H

#include "common/base.h"
#include "common/process/message.h"

/* Entries that are looked at in a second, at most. */
#define SCANNER_RATE 50000

/* Seconds in which it must get on; then SIGALRM ends it. */
#define SCANNER_PATIENCE 15

/* `fd`: the scanner's end of the channel. */
void scanner_main(const struct message_quota_scan *order, int fd) NORETURN;

#endif
