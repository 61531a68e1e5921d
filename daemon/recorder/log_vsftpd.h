/*
 * log_vsftpd.h - the format of vsftpd's own log (vsftpd.conf(5),
 * xferlog_std_format=NO), for existing log analysers.
 *
 * What differs is escaping: odd bytes show as \xNN, and so do quotes in
 * names, and brackets and blanks in user names, so that no client can make
 * up a line.
 */
#ifndef DAEMON_RECORDER_LOG_VSFTPD_H
#define DAEMON_RECORDER_LOG_VSFTPD_H

#include "daemon/recorder/log_line.h"

log_format log_vsftpd_format;

#endif
