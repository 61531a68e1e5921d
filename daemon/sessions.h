/*
 * sessions.h - the master's table of workers, one slot each.
 *
 * A slot lives from the fork until the monitor is reaped, whatever the
 * worker reports (rule R21).  Slots stay where they are in
 * memory; frequent queries use counters, hashes or sorted lists, so that they
 * do not take longer with more sessions.
 *
 * No system call happens here: descriptors are only kept.
 */
#ifndef DAEMON_SESSIONS_H
#define DAEMON_SESSIONS_H

#include "common/address.h"
#include "common/base.h"
#include "common/process/channel.h"
#include "common/process/message.h"
#include "common/process/page.h"
#include "daemon/loop.h"
#include "daemon/tally.h"

#include <sys/queue.h>

enum slot_state {
	SLOT_SPARE,	/* idle, ready for a client */
	SLOT_LOGIN,	/* has a client that has not logged in */
	SLOT_SESSION,	/* has a client that has */
	SLOT_REFUSED,	/* sends a client its refusal */
	SLOT_RETIRED,	/* has no client and gets none; about to end */
	SLOT_STATES
};

struct rate_member;
struct workers;

/* What the master keeps open for a monitor that has just been forked (spawn.h):
 * the monitor's end of the channel, and a copy of the keeper's service socket;
 * -1 when it is not, or no longer, needed. */
struct start_hold {
	int channel;
	int keeper;
};

struct slot {
	enum slot_state state;	/* changed by the functions below only */
	pid_t pid;		/* of the monitor; also its process group */
	size_t place;		/* on the board (board.h) */
	/* from the moment it has a client */
	uint64_t session;
	struct address peer;
	struct address_prefix prefix;
	char *account;		/* SLOT_SESSION: the account's key */
	char *user;		/* likewise: its name, for sureftpctl */
	struct tls_summary tls;	/* likewise */
	char *listener;		/* its name in the settings */
	struct rate_member *rates;	/* SLOT_SESSION; rates.h */
	struct page_order ordered;	/* what the administrator asks of it */
	int64_t started;	/* clock_ms() */
	int64_t deadline;	/* when it must have logged in, or be gone */

	/* for workers.c */
	struct workers *workers;
	struct channel channel;
	struct start_hold held;
	uint64_t keeping;	/* keeping_number() of its certificates */
	struct watch watch;	/* of the channel */
	bool reaped;		/* its pid may be another process's */
	bool killed;		/* the master killed it, */
	enum outcome reason;	/* because of this */
	LIST_ENTRY(slot) in_ending;

	/* for sessions.c */
	TAILQ_ENTRY(slot) in_state, by_deadline;
	LIST_ENTRY(slot) by_pid;
	struct tally_entry *of_prefix, *of_account;
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

/* The spare that has waited longest (its preparations are done), or NULL. */
struct slot *sessions_spare(const struct sessions *s);

/* A spare got a client, accepted or refused.  0, or -ENOMEM when it cannot be
 * counted; then nothing has changed. */
int sessions_assign(struct sessions *s, struct slot *slot,
	const struct message_client *client, int64_t now, int64_t deadline)
	MUST_CHECK;

/* Its client logged in; the slot was SLOT_LOGIN.  Name and TLS are
 * reported by the monitor, for sureftpctl only; no decision depends on them.
 * Returns as above. */
int sessions_login(struct sessions *s, struct slot *slot,
	const struct message_login *login) MUST_CHECK;

/* A spare was asked to end.  It no longer counts. */
void sessions_retire(struct sessions *s, struct slot *slot);

/* Remove its deadline. */
void sessions_end_deadline(struct sessions *s, struct slot *slot);

struct slot *sessions_find(const struct sessions *s, pid_t pid);

/* Slots in a state; all that are in use or may be (not the retired ones,
 * which are about to be removed); all. */
size_t sessions_in(const struct sessions *s, enum slot_state state);
size_t sessions_workers(const struct sessions *s);
size_t sessions_all(const struct sessions *s);

/* Sessions, logged in or not: all, and those of a prefix; those of an account
 * that have logged in. */
size_t sessions_clients(const struct sessions *s);
size_t sessions_of_prefix(const struct sessions *s,
	const struct address_prefix *prefix);
size_t sessions_of_account(const struct sessions *s, const char *account);

/* Walk through a state: NULL gives the first, the oldest; NULL ends.  The
 * slot at hand may be removed or change its state only after asking for the
 * next one. */
struct slot *sessions_next(const struct sessions *s, enum slot_state state,
	const struct slot *slot);

/* The slot whose deadline comes first; NULL when none has one. */
struct slot *sessions_first_deadline(const struct sessions *s);

#endif
