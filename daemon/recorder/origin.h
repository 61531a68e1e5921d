/*
 * origin.h - unpacks a datagram into an event with its identity.
 *
 * Root's processes fill in session, peer, user and role themselves.  For a
 * greeter or a session they are taken from its identity (log_source.h); its
 * datagram supplies only type, texts, paths and numbers.
 */
#ifndef DAEMON_RECORDER_ORIGIN_H
#define DAEMON_RECORDER_ORIGIN_H

#include "common/base.h"
#include "daemon/recorder/datagram.h"
#include "daemon/recorder/sources.h"

/* Unpack the identity of a socket to be attached; false, logged, when the
 * datagram is malformed or not from a process of `trusted`. */
bool origin_identity(const struct datagram *d, uid_t trusted,
	struct log_identity *identity) MUST_CHECK;

/* Unpack an event of the service socket; false, logged, when it is malformed or
 * not from a process of `trusted`.  `wall`: clock_wall_ns(). */
bool origin_root(struct datagram *d, uid_t trusted, int64_t wall) MUST_CHECK;

/* Unpack an event of an attached socket.  If it is malformed, or this process
 * may not send it, it becomes an EVENT_violation. */
void origin_attached(struct datagram *d, int64_t wall);

/* Make the event that reports dropped and lost events of this source, and reset
 * the counts.  Its text is in text[size]. */
struct event origin_report(struct source *source, char *text, size_t size,
	int64_t wall);

#endif
