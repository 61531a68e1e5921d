/*
 * monitor_requests.h - the few things a session cannot do as the user.
 */
#ifndef PAM_MONITOR_REQUESTS_H
#define PAM_MONITOR_REQUESTS_H

#include "common/address.h"
#include "common/base.h"
#include "common/process/channel.h"
#include "common/process/message.h"
#include "common/settings/settings.h"

/*
 * A TCP socket for an active-mode connection to `to`, bound to our end of the
 * control connection and active_source_port; or -EAFNOSUPPORT, -EPERM for a
 * foreign address, -EACCES for a port below 1024 or active mode switched off,
 * or another -errno.
 *
 * The socket comes back bound and not connected, because connecting takes
 * time, and the session is who watches the client meanwhile.  A session that
 * was taken over could use it for another peer, or listen on it: that lends
 * the account a source port below 1024, which proves nothing to anybody on
 * today's networks, and nothing else of root's.  Sites that do not want it
 * leave active_source_port at 0, and the monitor is never asked.
 */
int monitor_requests_bind(const struct message_client *client,
	const struct listener_settings *rules, const struct address *to)
	MUST_CHECK;

/*
 * Is this the client's socket?  0; -ENOTCONN: nobody is at its other end any
 * more; -EPERM: it is another one.
 */
int monitor_requests_check_client(const struct message_client *client, int fd)
	MUST_CHECK;

/* Give the client's socket, which is taken over, back to the master, for
 * another worker; `greeted` as in message_client.  0 or -errno. */
int monitor_requests_return(struct channel *master, int fd, bool greeted)
	MUST_CHECK;

#endif
