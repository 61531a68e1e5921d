/*
 * log_xferlog.h - the transfer log of wu-ftpd, xferlog(5): a line for every
 * download and upload, fields between single blanks.
 */
#ifndef DAEMON_RECORDER_LOG_XFERLOG_H
#define DAEMON_RECORDER_LOG_XFERLOG_H

#include "daemon/recorder/log_line.h"

/* Blanks and odd bytes in names become '_', because readers split at
 * blanks. */
log_format log_xferlog_format;

#endif
