/*
 * limits.h - logs that limits have refused clients or logins.
 *
 * The first refusal by a limit is logged at once.  Those that follow are
 * counted, and logged together at most once a second for each limit: a flood of
 * clients must not cause a flood of log lines.
 */
#ifndef DAEMON_LIMITS_H
#define DAEMON_LIMITS_H

#include "common/address.h"
#include "common/base.h"
#include "common/log/event.h"
#include "common/process/session_limits.h"
#include "daemon/admission/admission.h"

#define LIMITS_MS 1000	/* between two lines about a limit */

enum limit {
	LIMIT_NONE,
	LIMIT_WORKERS,
	LIMIT_CLIENTS,
	LIMIT_UNAUTHENTICATED,
	LIMIT_PER_IP,
	LIMIT_PER_NETWORK,
	LIMIT_CONNECTION_RATE,
	LIMIT_LOGIN_RATE,
	LIMIT_PER_USER,
	LIMIT_PER_GROUP,
	LIMITS
};

/* The refusals that are not logged yet.  A zeroed struct has none. */
struct limits {
	struct limit_count {
		uint64_t count;
		struct address peer;		/* of the last one */
		char user[EVENT_USER_MAX];	/* likewise; "": a client */
		int64_t next;			/* line, not before */
	} list[LIMITS];
};

/* Which limit refuses a client or a login; LIMIT_NONE if none does. */
enum limit limits_of_verdict(enum verdict verdict);
enum limit limits_of_login(enum login_limit limit);

/* Count a refusal of this client, or of a login as this user.  Nothing for
 * LIMIT_NONE. */
void limits_count(struct limits *l, enum limit limit,
	const struct address *peer, const char *user);

/* Log what is due. */
void limits_step(struct limits *l, int64_t now);
int64_t limits_due(const struct limits *l);

#endif
