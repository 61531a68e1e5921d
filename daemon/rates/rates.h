/*
 * rates.h - rate limits that several sessions share: those of an account, a
 * group, a listener and the whole server.
 *
 * While a limit is shared by more than one session, the report pages of these
 * sessions are read a few times per second, and each session gets its share as
 * an order (board.h, share.h).  Otherwise work is done only when a session
 * begins or ends.
 *
 * Each session enforces its own order.  No session can change the order of
 * another one, or reduce the shares of others by what it reports.
 */
#ifndef DAEMON_RATES_H
#define DAEMON_RATES_H

#include "common/base.h"
#include "common/process/message.h"
#include "common/settings/settings.h"
#include "daemon/sessions/board.h"
#include "daemon/rates/rate_pool.h"

struct rates;

/* NULL when out of memory. */
struct rates *rates_new(struct board *board);
void rates_free(struct rates *r);

/* Use these limits of listeners and server from now on. */
void rates_change(struct rates *r, const struct settings *settings);

/* Add a session that has logged in, at this place of the board, on this
 * listener, and give it its first orders.  Its limits for account and group
 * replace the current ones of these pools.  NULL when out of memory. */
struct rate_member *rates_join(struct rates *r, size_t place,
	const struct message_login *login, const char *listener);
void rates_leave(struct rates *r, struct rate_member *m);

/* The limits of a session as its login had them; and after rates_join() with
 * these in the next program (state.h): what it has transferred so far was not
 * transferred in this round. */
void rates_save(const struct rate_member *m, struct session_limits *limits);
void rates_continue(const struct rates *r, struct rate_member *m);

/* The limits in force: its own, and those of one of its pools. */
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

/* Share the limits out, if due; and when it is due next, or CLOCK_NEVER. */
void rates_step(struct rates *r, int64_t now);
int64_t rates_due(const struct rates *r);

#endif
