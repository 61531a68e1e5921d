/*
 * workers.h - the master's workers: forking them ahead of demand, giving them
 * clients, receiving what they report, reaping them.
 */
#ifndef DAEMON_WORKERS_H
#define DAEMON_WORKERS_H

#include "common/base.h"
#include "common/process/channel.h"
#include "daemon/board.h"
#include "daemon/configuration.h"
#include "daemon/loop.h"
#include "daemon/sessions.h"

struct workers;

/* No workers yet; NULL when out of memory.  `loop` and `configuration` must
 * live longer. */
struct workers *workers_new(struct loop *loop,
	const struct configuration *configuration);
void workers_free(struct workers *w);

/* At the start, and whenever the configuration has changed: replace spares,
 * which were forked with the former one.  Busy workers keep what they were
 * forked with. */
void workers_renew(struct workers *w);

/* The limits that their sessions share. */
struct rates *workers_rates(const struct workers *w);

/* Fork one spare, if the pool lacks any and no pause holds.  True while it
 * lacks more. */
bool workers_fill_pool(struct workers *w);

/*
 * Give a client (MESSAGE_client, with its socket) to a worker, forking one
 * when no spare is left.  0; -ENOENT when there is no worker for it, because
 * max_workers is reached or, for a refused client, enough are busy with those;
 * -EAGAIN when none can be forked just now; or another -errno.  The socket
 * stays the caller's.
 */
int workers_give(struct workers *w, const struct message *client) MUST_CHECK;

/* Is this prefix refused for earlier failures? */
bool workers_refuse(const struct workers *w,
	const struct address_prefix *prefix);

/* The pages shared with them, by the places of their slots. */
struct board *workers_board(const struct workers *w);

/* The table of workers; its slots may be walked through, and given to
 * workers_kill(). */
const struct sessions *workers_sessions(const struct workers *w);

/* Kill workers whose client has not logged in, or is still being refused, at
 * their deadline.  The greeter's own timer is earlier: one that ignores it
 * cannot be trusted. */
void workers_kill_late(struct workers *w, int64_t now);

/* When workers_fill_pool() or workers_kill_late() is due. */
int64_t workers_due(const struct workers *w, int64_t now);

/* End a worker at once; its slot stays until it is reaped. */
void workers_kill(struct workers *w, struct slot *slot, enum outcome reason);

/* The server shuts down: end all spares. */
void workers_close(struct workers *w);

/* SIGCHLD names this process: if it is a worker, reap it. */
void workers_reap(struct workers *w, pid_t pid);

/* Reap those that are known to be ending: one SIGCHLD stands for all processes
 * that end before it is read, and names only one. */
void workers_reap_ending(struct workers *w);

/* waitpid() returned this: true when it was a worker. */
bool workers_exited(struct workers *w, pid_t pid, int status);

#endif
