/*
 * children.h - the monitor's two child processes: the greeter, which after a
 * login under TLS becomes the relay, and the session.
 */
#ifndef PAM_CHILDREN_H
#define PAM_CHILDREN_H

#include "common/base.h"
#include "common/process/channel.h"
#include "common/process/log_source.h"
#include "worker/start.h"

struct child {
	pid_t pid;		/* 0: there is none */
	struct channel channel;	/* fd -1 when it has closed its end */
	struct log_source log;	/* fd -1 when it has none */
};

struct children {
	struct child greeter, session;
	/* -1 where there is none */
	int client;		/* its socket, until the session is ready */
	int handover, relay;	/* what the greeter gets when the login is
				 * granted: its ends of the channel to the
				 * session, and of the pair under TLS */
	int keeper_service;	/* where to attach keeper[0] */
	int keeper[2];		/* a channel: the keeper's end, which stays to
				 * be attached again, and the children's */
	bool ending;		/* they were asked to end */
	bool now;		/* without waiting for a transfer */
	int32_t end_reason;	/* enum end_reason */
	int64_t kill_at;	/* when those that were asked to end now are
				 * killed; CLOCK_NEVER otherwise */
};

/* With a channel to the keeper, unless keeper_service is -1.  0 or -errno. */
int children_init(struct children *c, int keeper_service) MUST_CHECK;

/* Fork the greeter.  0 or -errno.  start->monitor_fd and start->keeper_fd are
 * filled in. */
int children_start_greeter(struct children *c, struct greeter_start *start,
	const enum phase *phase) MUST_CHECK;

/* Give the greeter its client, and keep greet->fds[0] for the session.  A
 * greeter that was killed while it waited is replaced: another one is
 * forked from `start`.  0 or -errno. */
int children_greet(struct children *c, const struct message *greet,
	struct greeter_start *start, const enum phase *phase) MUST_CHECK;

/* Fork the session process, which reports on its channel how its entry went.
 * Under TLS it uses a relay.  0 or -errno.  The descriptors in
 * `start` are filled in. */
int children_start_session(struct children *c, struct session_start *start,
	bool tls, const enum phase *phase) MUST_CHECK;

/* The session is ready: the greeter gets the channel to it.  Under TLS it
 * becomes the relay, of this user, and gets the account's ticket
 * keys[MESSAGE_TICKET_KEYS_SIZE].  0 or -errno. */
int children_grant(struct children *c, const char *user,
	const uint8_t *ticket_keys) MUST_CHECK;

/* There is a new service (enum service_name): the recorder gets the logs of the
 * children, the keeper their channel. */
void children_reattach(const struct children *c, int32_t service);

/* The session could not enter its place: it is reaped. */
void children_drop_session(struct children *c);

/* Send to a child.  0 also when it has exited, which the next poll() shows;
 * -errno. */
int children_send(struct child *child, const struct message *m) MUST_CHECK;

/* Ask them to end, after the running transfer or now, for this enum end_reason;
 * what is forked later is asked at once. */
void children_end(struct children *c, bool now, int32_t reason);

/* Close the channel of one that is about to exit, wait a moment for it to log
 * what it was doing, kill it if it has not exited.  Its outcome. */
enum outcome children_reap(struct child *child);

/* The end of both.  After a protocol violation they are killed at once; a relay
 * may take longer, to send the client's last bytes. */
void children_close(struct children *c, bool violation);

#endif
