/*
 * reports.h - the queue of reports for the accounting servers, which are
 * repeated until a server has confirmed them.
 */
#ifndef DAEMON_RADIUS_REPORTS_H
#define DAEMON_RADIUS_REPORTS_H

#include "common/base.h"
#include "common/process/radius_request.h"
#include "daemon/radius/attributes.h"
#include "daemon/radius/servers.h"

#include <poll.h>

#define RADIUS_REPORTS_SENT 16	/* at the same time */
#define RADIUS_REPORTS_MAX  10000	/* in the queue */

struct radius_reports;

/* NULL when out of memory.  *waiting shows how many are not confirmed. */
struct radius_reports *radius_reports_new(
	const struct radius_attributes *attributes,
	struct radius_servers *servers, uint32_t *waiting);

/* Queue one.  If the queue is full, it is dropped, which is logged. */
void radius_reports_add(struct radius_reports *r,
	const struct radius_accounting *report, int64_t now);

/* How many are not confirmed yet. */
size_t radius_reports_count(const struct radius_reports *r);

/* There are only some seconds left: do not wait longer for a server that does
 * not answer. */
void radius_reports_hurry(struct radius_reports *r);

/* As for logins (logins.h), with fds[RADIUS_REPORTS_SENT]. */
size_t radius_reports_watch(const struct radius_reports *r,
	struct pollfd *fds);
void radius_reports_step(struct radius_reports *r, const struct pollfd *fds,
	int64_t now);
int64_t radius_reports_due(const struct radius_reports *r);

#endif
