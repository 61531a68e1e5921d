/*
 * report.h - logs the beginning and the end of a connection.
 */
#ifndef PAM_REPORT_H
#define PAM_REPORT_H

#include "common/base.h"
#include "common/process/message.h"

void report_connect(const struct message_client *client);
void report_disconnect(enum outcome outcome, int64_t duration_ms);

#endif
