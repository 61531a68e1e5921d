/*
 * children.h - the monitor's two child processes: the greeter, which after a
 * login under TLS becomes the relay, and the session.
 */
#ifndef PAM_CHILDREN_H
#define PAM_CHILDREN_H

#include "common/base.h"
#include "common/process/child_process.h"
#include "pam/quota_link.h"
#include "worker/start.h"

struct children {
	struct child_process greeter, session;
	/* -1: none */
	int client;		/* the client's socket, until the session is
				 * ready */
	int handover, relay;	/* sent to the greeter when the login is
				 * granted: its end of the channel to the
				 * session and, with TLS, of the socket pair */
	int keeper_service;	/* the service to attach keeper[0] to */
	int keeper[2];		/* a channel: the keeper's end, kept to attach
				 * it again, and the children's */
	struct quota_link quota;	/* of the session; or none */
	bool ending;		/* they were asked to end */
	bool now;		/* without waiting for the running transfer */
	int32_t end_reason;	/* enum end_reason */
	int64_t kill_at;	/* when children that were asked to exit at once
				 * are killed; or CLOCK_NEVER */
};

/* Initialise *c, with a channel to the keeper unless keeper_service is -1.  0
 * or -errno. */
int children_init(struct children *c, int keeper_service) MUST_CHECK;

/* Fork the greeter.  0 or -errno.  start->monitor_fd and start->keeper_fd are
 * filled in. */
int children_start_greeter(struct children *c, struct greeter_start *start,
	const enum phase *phase) MUST_CHECK;

/* Send the client to the greeter, and keep greet->fds[0] for the session.  If
 * the greeter was killed while it was idle, fork another one from `start`.  0
 * or -errno. */
int children_greet(struct children *c, const struct message *greet,
	struct greeter_start *start, const enum phase *phase) MUST_CHECK;

/* Fork the session process, which reports on its channel whether it could enter
 * its directories.  With TLS it uses a relay.  The descriptors in `start` are
 * filled in.  0 or -errno. */
int children_start_session(struct children *c, struct session_start *start,
	bool tls, const enum phase *phase) MUST_CHECK;

/* The session is ready: send the greeter the channel to it.  With TLS the
 * greeter becomes the relay of this user, and also gets the account's ticket
 * keys[MESSAGE_TICKET_KEYS_SIZE].  0 or -errno. */
int children_grant(struct children *c, const char *user,
	const uint8_t *ticket_keys) MUST_CHECK;

/* A proxy has named its client: log the greeter's lines for that client, and
 * send the greeter the master's proxied_verdict.  0 or -errno. */
int children_send_proxied(struct children *c,
	const struct message_client *client, const struct message *verdict)
	MUST_CHECK;

/* A service (enum service_name) was restarted: attach the children's log
 * sockets to the recorder, or their channel to the keeper, again. */
void children_reattach(const struct children *c, int32_t service);

/* Reap a session process that could not enter its directories. */
void children_drop_session(struct children *c);

/* Ask them to end, after the running transfer or now, for this enum end_reason;
 * children that are forked later are asked right away. */
void children_end(struct children *c, bool now, int32_t reason);

/* Close the channel of a child that is about to exit, give it a moment to log
 * what it was doing, kill it if it is still running.  Returns its outcome. */
enum outcome children_reap(struct child_process *child);

/* End both children.  After a protocol violation they are killed at once;
 * otherwise a relay may take longer, to send the remaining bytes to the
 * client. */
void children_close(struct children *c, bool violation);

#endif
