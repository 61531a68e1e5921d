/*
 * admin.h - the master's side of sureftpctl: who may ask, and the answers.
 *
 * Whoever connects to the control socket has to be root, whatever the mode of
 * the socket; he asks one question in time, gets one answer, and is gone.  All
 * of an answer that can be long is in a file that goes along with it, so that
 * the master never waits for a reader (rule R33).  No worker holds any of these
 * descriptors (rule R26).
 */
#ifndef DAEMON_CONTROL_ADMIN_H
#define DAEMON_CONTROL_ADMIN_H

#include "common/base.h"
#include "common/process/channel.h"
#include "daemon/control/control_socket.h"
#include "daemon/pause.h"

#define ADMIN_PEERS       8	/* served at a time; others wait */
#define ADMIN_PATIENCE_MS 3000	/* with one that does not ask */

struct admin_peer {
	struct channel channel;		/* its fd is -1 for a free place */
	int64_t deadline;
};

struct admin {
	struct control_socket socket;
	struct admin_peer peers[ADMIN_PEERS];
	bool listening;			/* the socket is in the epoll set */
	struct pause accept_pause;	/* out of descriptors or memory */
	struct pause refusal_pause;	/* between two lines about others */
};

struct master;

/* A state without a socket. */
void admin_init(struct admin *a);

/* Have the socket where the settings say, at the start and after a reload.  A
 * failure is logged, and what there was stays. */
void admin_change(struct master *m);

/* Somebody connected; number `which` asks or has gone. */
void admin_accept(struct master *m);
void admin_hear(struct master *m, uint32_t which);

/* Part with those that do not ask, listen for others. */
void admin_step(struct master *m, int64_t now);

/* When admin_step() has to be called next though nothing happens. */
int64_t admin_due(const struct master *m, int64_t now);

/* No more questions; the socket is removed. */
void admin_close(struct master *m);

#endif
