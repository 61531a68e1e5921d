/*
 * rates.h - the limits that sessions share: of an account, a group, a listener
 * and the whole server.
 *
 * A few times a second, while such a limit is in force and more than one
 * session is in it, the report pages of these sessions are read, and each gets
 * its share as an order (board.h, share.h).  Otherwise nothing happens here but
 * at the beginning and the end of a session.
 *
 * A session obeys its own order; no session can change that of another one, or
 * the shares of others by what it reports.
 */
#ifndef DAEMON_RATES_H
#define DAEMON_RATES_H

#include "common/base.h"
#include "common/process/message.h"
#include "common/settings/settings.h"
#include "daemon/board.h"
#include "daemon/rate_pool.h"

struct rates;

/* NULL when out of memory. */
struct rates *rates_new(struct board *board);
void rates_free(struct rates *r);

/* The limits of listeners and server are these from now on. */
void rates_change(struct rates *r, const struct settings *settings);

/* Add a session that has logged in, at this place of the board, on this
 * listener, and give it its first orders.  Its limits for account and group
 * replace those of their other sessions.  NULL when out of memory. */
struct rate_member *rates_join(struct rates *r, size_t place,
	const struct message_login *login, const char *listener);
void rates_leave(struct rates *r, struct rate_member *m);

/* What is in force of its own limits, and for one of its pools. */
struct rate_limits rates_of_session(const struct rate_member *m);
struct rate_limits rates_of_pool(const struct rate_member *m,
	enum rate_scope scope);

/* Limits changed by an administrator: of one session; of an account (by its
 * key), a group, a listener (by its name), the server (name "").  -ENOENT when
 * no session is in it. */
void rates_set_session(struct rates *r, struct rate_member *m,
	struct rate_limits limits);
int rates_set(struct rates *r, enum rate_scope scope, const char *name,
	struct rate_limits limits) MUST_CHECK;

/* Share the limits out, if due.  Returns when it is due next, or
 * CLOCK_NEVER. */
void rates_step(struct rates *r, int64_t now);
int64_t rates_due(const struct rates *r);

#endif
