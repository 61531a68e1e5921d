/*
 * session_start.h - from the monitor to a process that is the user.
 */
#ifndef PAM_SESSION_START_H
#define PAM_SESSION_START_H

#include "common/base.h"
#include "common/identity.h"
#include "pam/monitor_state.h"

/* Can the account enter its home directory, with its own rights? */
bool session_start_may_enter(const struct identity *identity);

/* Is this what an honest greeter hands over? */
bool session_start_is_sound(const struct message_handover *handover,
	int stream_fd);

/*
 * Fork the session process; it takes the greeter's place as m->partner.  The
 * greeter is seen off, or, with a relay_fd other than -1, stays as the relay.
 * The descriptors stay the caller's.  0 or -errno.
 */
int session_start_fork(struct monitor *m,
	const struct message_handover *handover, int stream_fd, int relay_fd)
	MUST_CHECK;

#endif
