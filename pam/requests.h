/*
 * requests.h - the few operations that a session needs root for.
 */
#ifndef PAM_REQUESTS_H
#define PAM_REQUESTS_H

#include "common/address.h"
#include "common/base.h"
#include "common/process/channel.h"
#include "common/settings/settings.h"
#include "pam/request_case.h"

/*
 * Check that the session, which has sent a message of this type, has received
 * the answers to its earlier requests; false, logged, if not.  Otherwise a
 * session could leave answers unread until root has too many descriptors in
 * flight to send any (unix(7), ETOOMANYREFS).  While the session is ending, the
 * request to end may be unread as well.
 */
bool requests_in_order(const struct channel *session, enum message_type type,
	bool ending);

/*
 * A TCP socket for an active-mode connection to `to`, bound to our end of the
 * control connection and active_source_port.  *reply is the answer to send,
 * MESSAGE_active_socket with the socket, which the caller closes, or
 * MESSAGE_active_refused: EAFNOSUPPORT, EPERM for another address than the
 * client's, EACCES for a port below 1024 or active mode switched off.  The
 * session logs what was refused, within log.max_rate.
 *
 * The socket is bound and not connected, because connecting takes time and it
 * is the session that watches the client meanwhile.  A compromised session
 * could use it for another peer, or listen on it: that gives the account a
 * source port below 1024, which proves nothing on today's networks, and no
 * other right of root's.  Sites that do not want it leave active_source_port at
 * 0; then the monitor gets no such request.
 */
void requests_bind(const struct message_client *client,
	const struct listener_settings *rules, const struct address *to,
	struct message *reply);

/* Answer active_bind, give_upload, change_owner or check_upload; *reply is the
 * answer to send.  A descriptor in it is the caller's, one in the request is
 * closed. */
void requests_answer(const struct request_case *c, const struct message *m,
	struct message *reply);

#endif
