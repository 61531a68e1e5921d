/*
 * log_protocol.h - the log of commands and replies, one line each.
 */
#ifndef DAEMON_RECORDER_LOG_PROTOCOL_H
#define DAEMON_RECORDER_LOG_PROTOCOL_H

#include "daemon/recorder/log_line.h"

/* "TIME sureftpd[PID] session=N peer=ADDRESS user=NAME command: LINE", or
 * "reply: CODE TEXT". */
log_format log_protocol_format;

#endif
