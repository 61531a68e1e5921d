/*
 * workers.h - the master's workers: forks them ahead of demand, passes clients
 * to them, handles their messages, reaps them.
 */
#ifndef DAEMON_WORKERS_H
#define DAEMON_WORKERS_H

#include "common/base.h"
#include "common/process/channel.h"
#include "daemon/sessions/board.h"
#include "daemon/configuration.h"
#include "daemon/loop.h"
#include "daemon/sessions/sessions.h"

struct charges;
struct limits;
struct workers;

/* No workers yet; NULL when out of memory.  `loop` and `configuration` must
 * outlive it. */
struct workers *workers_new(struct loop *loop,
	const struct configuration *configuration);
void workers_free(struct workers *w);

/* At the start, and after a change of the configuration: replace idle workers,
 * which were forked with the old one.  Busy workers keep the configuration that
 * they were forked with. */
void workers_renew(struct workers *w);

/* The limits that their sessions share. */
struct rates *workers_rates(const struct workers *w);

/* Fork one idle worker, if too few are idle and no pause is in effect. True
 * while more are needed. */
bool workers_fill_pool(struct workers *w);

/*
 * Pass a client (MESSAGE_client, with its socket) to a worker, forking one if
 * none is idle.  0; -ENOENT when there is no worker for it, because max_workers
 * is reached or, for a refused client, enough workers are sending refusals;
 * -EAGAIN when none can be forked at the moment; or another -errno.  The socket
 * remains the caller's.
 */
int workers_give(struct workers *w, const struct message *client) MUST_CHECK;

/* Refusals by limits, to be logged. */
struct limits *workers_limits(struct workers *w);

/* Failures and bans of addresses. */
struct charges *workers_charges(const struct workers *w);

/* How many sessions ended by a crash. */
uint64_t workers_crashes(const struct workers *w);

/* The board with the pages of the workers. */
struct board *workers_board(const struct workers *w);

/* The table of workers, for iterating and for workers_kill(). */
const struct sessions *workers_sessions(const struct workers *w);

/* When workers_fill_pool() or overdue_kill() is due next. */
int64_t workers_due(const struct workers *w, int64_t now);

/* Kill a worker; its slot is kept until it is reaped. */
void workers_kill(struct workers *w, struct slot *slot, enum outcome reason);

/* For the shutdown: end all idle workers. */
void workers_close(struct workers *w);

/* Handle the pid from a SIGCHLD: if it is a worker, reap it. */
void workers_reap(struct workers *w, pid_t pid);

/* Reap workers that are known to be ending, because one SIGCHLD may stand for
 * several processes and names only one. */
void workers_reap_ending(struct workers *w);

/* Handle a result of waitpid(); true when it was a worker. */
bool workers_exited(struct workers *w, pid_t pid, int status);

/* --- workers_state.c: for the next program (state.h) */

struct state_reader;
struct state_writer;

/* Stop forking workers, or continue; no client is accepted meanwhile. */
void workers_pause(struct workers *w, bool on);

/* Have all workers with a client reported that they have their descriptors
 * (spawn.h)?  Until then they cannot be handed on. */
bool workers_settled(const struct workers *w);

/* End the idle workers, and save all, the ending ones as well. */
void workers_save(struct workers *w, struct state_writer *state);
void workers_restore(struct workers *w, struct state_reader *state);

#endif
