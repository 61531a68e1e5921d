/*
 * logins.h - the logins that wait for a RADIUS server, each with the socket of
 * its monitor.
 */
#ifndef DAEMON_RADIUS_LOGINS_H
#define DAEMON_RADIUS_LOGINS_H

#include "common/base.h"
#include "common/process/radius_request.h"
#include "daemon/radius/attributes.h"
#include "daemon/radius/servers.h"

#include <poll.h>

struct radius_logins;

/* Room for `max` logins at a time, in memory for secrets.  NULL when out of
 * memory. */
struct radius_logins *radius_logins_new(size_t max,
	const struct radius_attributes *attributes,
	struct radius_servers *servers);

/* Is there room for one more? */
bool radius_logins_room(const struct radius_logins *l);
size_t radius_logins_count(const struct radius_logins *l);

/* Begin a login; `monitor` is now the module's. */
void radius_logins_add(struct radius_logins *l,
	const struct radius_login *request, int monitor, int64_t now);

/* Fill in fds[2 * max] for poll(); how many. */
size_t radius_logins_watch(const struct radius_logins *l, struct pollfd *fds);

/* Handle the events in the same fds[], and the deadlines that have passed. */
void radius_logins_step(struct radius_logins *l, const struct pollfd *fds,
	int64_t now);

/* The next deadline; CLOCK_NEVER. */
int64_t radius_logins_due(const struct radius_logins *l);

#endif
