/*
 * log_xferlog.h - the transfer log of wu-ftpd, xferlog(5): one line for each
 * download and upload, with fields separated by single blanks.
 */
#ifndef DAEMON_RECORDER_LOG_XFERLOG_H
#define DAEMON_RECORDER_LOG_XFERLOG_H

#include "daemon/recorder/log_line.h"

/* Blanks and special bytes in names become '_', because readers split lines at
 * blanks. */
log_format log_xferlog_format;

#endif
