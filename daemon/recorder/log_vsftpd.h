/*
 * log_vsftpd.h - the format of vsftpd's own log (vsftpd.conf(5),
 * xferlog_std_format=NO), for existing log analysers.
 *
 * The only difference is escaping: special bytes, quotes in names, and brackets
 * and blanks in user names become \xNN, so that no client can forge a line.
 */
#ifndef DAEMON_RECORDER_LOG_VSFTPD_H
#define DAEMON_RECORDER_LOG_VSFTPD_H

#include "daemon/recorder/log_line.h"

log_format log_vsftpd_format;

#endif
