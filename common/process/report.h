/*
 * report.h - logs the beginning and the end of a connection.
 */
#ifndef COMMON_PROCESS_REPORT_H
#define COMMON_PROCESS_REPORT_H

#include "common/base.h"
#include "common/process/message.h"
#include "common/process/page.h"

void report_connect(const struct message_client *client);
void report_disconnect(enum outcome outcome, bool ok, int64_t duration_ms);

/* A session that had logged in as this user (NULL: the one of the log context)
 * has ended, and has moved what its page says, also in a transfer that it was
 * killed in. */
void report_logout(const char *user, const struct page_report *page,
	enum outcome outcome, bool ok, int64_t duration_ms);

/* In a monitor, after its session process has ended; `started`: clock_ms() of
 * the connect.  If the client had logged in there are two events, the first
 * with the bytes that the session's page reports. */
void report_end(enum outcome outcome, int64_t started, bool logged_in);

#endif
