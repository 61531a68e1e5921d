/*
 * sessions.h - the master's table of workers, one slot each.
 *
 * A slot lives from the fork until the monitor is reaped, not until the
 * worker says that it is done (rule R21).  Slots stay where they are in
 * memory; everything that is asked for often is counted or hashed.
 *
 * No system call happens here: descriptors are only kept.
 */
#ifndef DAEMON_SESSIONS_H
#define DAEMON_SESSIONS_H

#include "common/address.h"
#include "common/base.h"
#include "common/process/channel.h"
#include "common/process/message.h"

#include <sys/queue.h>

enum slot_state {
	SLOT_SPARE,	/* ready for a client */
	SLOT_LOGIN,	/* has a client that has not logged in */
	SLOT_SESSION,	/* has one that has */
	SLOT_REFUSED,	/* tells a client that it is not welcome */
	SLOT_RETIRED,	/* has no client and gets none; about to end */
	SLOT_STATES
};

struct slot {
	enum slot_state state;	/* changed by the functions below only */
	pid_t pid;		/* of the monitor; also its process group */
	struct channel channel;
	/* once it has a client */
	uint64_t session;
	struct address peer;
	struct address_prefix prefix;
	uid_t uid;		/* SLOT_SESSION */
	char *user;		/* likewise; NULL when out of memory */
	struct tls_summary tls;	/* likewise */
	int64_t started;	/* clock_ms() */
	int64_t deadline;	/* when it must have logged in */
	bool reaped;		/* its pid may be another process's */
	bool killed;		/* the master killed it, */
	enum outcome reason;	/* because of this */
	/* private to sessions.c */
	TAILQ_ENTRY(slot) in_state;
	LIST_ENTRY(slot) by_pid, by_prefix, by_uid;
};

struct sessions;

/* An empty table; NULL when out of memory.  Freeing it frees the slots. */
struct sessions *sessions_new(void);
void sessions_free(struct sessions *s);

/* Memory for a slot, before the fork that could not be undone; NULL when there
 * is none.  It belongs to the caller until sessions_add(); free() it if the
 * fork fails. */
struct slot *sessions_reserve(void);

/* A worker was forked: its slot, with pid and channel filled in, becomes a
 * spare. */
void sessions_add(struct sessions *s, struct slot *slot);

/* The monitor was reaped: forget the slot and free it. */
void sessions_remove(struct sessions *s, struct slot *slot);

/* The spare that waits longest (its preparations are done), or NULL. */
struct slot *sessions_spare(const struct sessions *s);

/* A spare got a client: welcome or refused. */
void sessions_assign(struct sessions *s, struct slot *slot,
	const struct message_client *client, int64_t now, int64_t deadline);

/* Its client logged in; the slot was SLOT_LOGIN.  User and TLS are the
 * monitor's word, for sureftpctl only; nothing is decided by them. */
void sessions_login(struct sessions *s, struct slot *slot,
	const struct message_login *login);

/* A spare was told to go, or a worker's client went on in another one (REIN).
 * It counts no longer. */
void sessions_retire(struct sessions *s, struct slot *slot);

struct slot *sessions_find(const struct sessions *s, pid_t pid);

/* Slots in a state; all that are in use or may be (not the retired ones,
 * which are about to vanish); all. */
size_t sessions_in(const struct sessions *s, enum slot_state state);
size_t sessions_workers(const struct sessions *s);
size_t sessions_all(const struct sessions *s);

/* Sessions, logged in or not: all, and those of a prefix or an account. */
size_t sessions_clients(const struct sessions *s);
size_t sessions_of_prefix(const struct sessions *s,
	const struct address_prefix *prefix);
size_t sessions_of_user(const struct sessions *s, uid_t uid);

/* Walk through a state: NULL gives the first, the oldest; NULL ends.  The
 * slot at hand may be removed or change its state only after asking for the
 * next one. */
struct slot *sessions_next(const struct sessions *s, enum slot_state state,
	const struct slot *slot);

/* The earliest login deadline, or CLOCK_NEVER. */
int64_t sessions_deadline(const struct sessions *s);

#endif
