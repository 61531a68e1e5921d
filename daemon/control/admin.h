/*
 * admin.h - the master's side of sureftpctl: access control and answers.
 *
 * A program that connects to the control socket must run as root or another
 * administrator (access.h), independently of the mode of the socket.  It must
 * send one request before a timeout, gets one answer, and is disconnected.
 * Long answers are in an attached memory file, so that the master never waits
 * for the reader.  No worker holds any of these descriptors.
 */
#ifndef DAEMON_CONTROL_ADMIN_H
#define DAEMON_CONTROL_ADMIN_H

#include "common/base.h"
#include "common/process/channel.h"
#include "daemon/control/control_socket.h"
#include "daemon/loop.h"
#include "daemon/pause.h"
#include "daemon/control/scoreboard.h"

#define ADMIN_PEERS       8	/* served at a time; others wait */
#define ADMIN_PATIENCE_MS 3000	/* for a peer to send its request */

struct admin;

struct admin_peer {
	struct admin *admin;
	struct channel channel;		/* its fd is -1 for a free entry */
	struct watch watch;
	int64_t deadline;
	uid_t uid;
	bool waits;			/* for the result of a reload or an
					 * upgrade */
};

/* Carries an order out for this user: true when *done is the answer, false when
 * it comes later, by admin_answer(). */
typedef bool admin_handler(void *context, uid_t uid,
	const struct message_admin_order *order,
	struct message_admin_done *done);

struct admin {
	struct loop *loop;
	const struct scoreboard_source *source;
	admin_handler *handle;
	void *context;
	struct control_socket socket;
	bool adopted;			/* no path of the settings */
	struct watch watch;		/* of the socket */
	struct admin_peer peers[ADMIN_PEERS];
	struct pause accept_pause;	/* out of descriptors or memory */
	struct pause refusal_pause;	/* until the next line about refused
					 * uids */
};

/* Initialise without a socket.  Answers are made from `source`, orders are
 * passed to `handle`; both, and the loop, must outlive it. */
void admin_init(struct admin *a, struct loop *loop,
	const struct scoreboard_source *source, admin_handler *handle,
	void *context);

/* Open the socket that the settings name, at the start and after a reload; ""
 * closes it.  A failure is logged, and the previous socket is kept. */
void admin_change(struct admin *a, const struct server_settings *settings);

/* For the next program (daemon/state/state.h): the socket, and those who are
 * connected. */
struct state_reader;
struct state_writer;
void admin_save(const struct admin *a, struct state_writer *w);
void admin_restore(struct admin *a, struct state_reader *r);

/* From now on, instead of a path of the settings: this socket, which listens
 * already and does not block.  Takes ownership. */
void admin_adopt(struct admin *a, int fd);

/* Send this answer to all programs that wait for a result. */
void admin_answer(struct admin *a, const struct message_admin_done *done);

/* Disconnect peers that send no request, accept others. */
void admin_step(struct admin *a, int64_t now);

/* When admin_step() is due next without an event. */
int64_t admin_due(const struct admin *a, int64_t now);

/* Close all connections and remove the socket. */
void admin_close(struct admin *a);

#endif
