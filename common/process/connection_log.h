/*
 * connection_log.h - logs the beginning and the end of a connection.
 */
#ifndef COMMON_PROCESS_CONNECTION_LOG_H
#define COMMON_PROCESS_CONNECTION_LOG_H

#include "common/base.h"
#include "common/process/message.h"
#include "common/process/page.h"

struct connection_end {
	enum outcome outcome;
	bool ok;		/* neither a crash nor a violation */
	int64_t duration_ms;	/* since the connect */
};

void connection_log_connect(const struct message_client *client);
void connection_log_disconnect(const struct connection_end *end);

/* The end of a session that had logged in as this user (NULL: that of the log
 * context).  Its page has the bytes that it transferred, also those of a
 * transfer during which it was killed. */
void connection_log_logout(const char *user, const struct page_report *page,
	const struct connection_end *end);

/* In a monitor, after its session process has ended; `started`: clock_ms() of
 * the connect.  If the client had logged in, there are two events: the logout,
 * with the bytes of this process's page, and the disconnect. */
void connection_log_end(enum outcome outcome, int64_t started, bool logged_in);

#endif
