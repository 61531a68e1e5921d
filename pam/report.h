/*
 * report.h - logs the beginning and the end of a connection.
 */
#ifndef PAM_REPORT_H
#define PAM_REPORT_H

#include "common/base.h"
#include "common/process/message.h"

void report_connect(const struct message_client *client);
/* `started`: clock_ms() of its begin.  Two events if the client had logged
 * in. */
void report_end(enum outcome outcome, int64_t started, bool logged_in);

#endif
