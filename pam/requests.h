/*
 * requests.h - the few things a session cannot do as the user.
 */
#ifndef PAM_REQUESTS_H
#define PAM_REQUESTS_H

#include "common/address.h"
#include "common/base.h"
#include "common/process/channel.h"
#include "common/settings/settings.h"

/*
 * Check that the session has received the answers to its earlier requests.  If
 * it does not, more and more of root's sockets would be in flight, until no
 * process of root's could send any (unix(7), ETOOMANYREFS): false, logged.
 * While the session is ending, the request to end may also be unread.
 */
bool requests_in_order(const struct channel *session, bool ending);

/*
 * A TCP socket for an active-mode connection to `to`, bound to our end of the
 * control connection and active_source_port.  *reply is the answer to send,
 * MESSAGE_active_socket with the socket, which the caller closes, or
 * MESSAGE_active_refused: EAFNOSUPPORT, EPERM for another address than the
 * client's, EACCES for a port below 1024 or active mode switched off.  The
 * session logs what was refused, within log.max_rate.
 *
 * The socket is bound and not connected, because connecting takes time and it
 * is the session that watches the client meanwhile.  A session that was taken
 * over could use it for another peer, or listen on it: that lends the account
 * a source port below 1024, which proves nothing on today's networks, and
 * nothing else of root's.  Sites that do not want it leave active_source_port
 * at 0; then the monitor gets no such request.
 */
void requests_bind(const struct message_client *client,
	const struct listener_settings *rules, const struct address *to,
	struct message *reply);

/* The owner of this account's uploads. */
struct upload_owner {
	bool wanted;		/* upload_user is set */
	bool known;		/* and is an account */
	uid_t uid;
	mode_t mode;
};

/* What the settings say; before rights are given up, as it asks the name
 * services.  True when there is an upload_user. */
bool requests_find_owner(struct upload_owner *owner,
	const struct user_settings *settings);

/*
 * Give this open file to the owner, if it is what an upload of the session is:
 * a regular file with one link, owned by the session's user.  The session may
 * have been taken over: it could do this with any such file of its own, and
 * with nothing else.  Closes fd; *reply is the answer to send.
 */
void requests_give(const struct upload_owner *owner, uid_t session, int fd,
	struct message *reply);

#endif
