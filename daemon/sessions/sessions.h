/*
 * sessions.h - the master's table of workers, one slot each.
 *
 * A slot exists from the fork until the monitor is reaped, whatever the worker
 * reports.  Slots are not moved in memory; frequent queries use counters,
 * hashes or sorted lists, so that their time does not grow with the number of
 * sessions.
 *
 * Makes no system calls; descriptors are only stored.
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
	SLOT_SESSION,	/* has a client that has logged in */
	SLOT_REFUSED,	/* sends a refusal to a client */
	SLOT_RETIRED,	/* has no client and gets none; about to exit */
	SLOT_STATES
};

struct rate_member;
struct workers;

/* Descriptors that the master keeps open for a monitor that was just forked
 * (spawn.h): the monitor's end of the channel, and a copy of the keeper's
 * service socket; -1 if not, or no longer, needed. */
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
	bool unnamed;		/* peer is a proxy that has not named its client
				 * yet */
	struct address_prefix prefix;
	char *account;		/* SLOT_SESSION: the account's key */
	char *user;		/* likewise: its name, for sureftpctl */
	struct tls_summary tls;	/* likewise */
	char *listener;		/* its name in the settings */
	struct rate_member *rates;	/* SLOT_SESSION; rates.h */
	struct page_order ordered;	/* the administrator's orders */
	int64_t started;	/* clock_ms() */
	int64_t deadline;	/* when the worker is killed if its client has
				 * not logged in */

	/* for workers.c */
	struct workers *workers;
	struct channel channel;
	struct start_hold held;
	uint64_t keeper;	/* keeper_service_number() of its keeper */
	struct watch watch;	/* of the channel */
	bool reaped;		/* reaped: the pid may belong to another
				 * process */
	bool kicked;		/* an administrator has ended the session */
	bool killed;		/* the master killed it, */
	enum outcome reason;	/* for this reason */
	LIST_ENTRY(slot) in_ending;

	/* for sessions.c */
	TAILQ_ENTRY(slot) in_state, by_deadline;
	LIST_ENTRY(slot) by_pid;
	struct tally_entry *of_prefix, *of_network, *of_account, *of_group;
};

struct sessions;

/* An empty table; NULL when out of memory.  Freeing it frees the slots. */
struct sessions *sessions_new(void);
void sessions_free(struct sessions *s);

/* Allocate a slot, before the fork, which could not be undone; NULL when out of
 * memory.  Until sessions_add() it belongs to the caller, who frees it by
 * master_memory_free() if the fork fails. */
struct slot *sessions_reserve(void);

/* Add the slot of a forked worker, with pid and channel filled in, as idle. */
void sessions_add(struct sessions *s, struct slot *slot);

/* After the monitor was reaped: remove the slot and free it. */
void sessions_remove(struct sessions *s, struct slot *slot);

/* The worker that has been idle longest, and so is ready; or NULL. */
struct slot *sessions_spare(const struct sessions *s);

/* An idle worker got a client, accepted or refused.  0; or -ENOMEM if it cannot
 * be counted, with nothing changed. */
int sessions_assign(struct sessions *s, struct slot *slot,
	const struct message_client *client, int64_t now, int64_t deadline)
	MUST_CHECK;

/* The peer of a SLOT_LOGIN is a proxy: count it for no address until its client
 * is named. */
void sessions_await_name(struct slot *slot);

/* The client was named, and is accepted or refused.  0; or -ENOMEM if it cannot
 * be counted. */
int sessions_name(struct sessions *s, struct slot *slot,
	const struct address *peer, bool accepted) MUST_CHECK;

/* Its client logged in; the slot was SLOT_LOGIN.  Name and TLS are reported by
 * the monitor, for sureftpctl only; no decision depends on them.  0; or -ENOMEM
 * if it cannot be counted, with nothing changed. */
int sessions_login(struct sessions *s, struct slot *slot,
	const struct message_login *login) MUST_CHECK;

/* An idle worker was asked to exit, and is no longer counted. */
void sessions_retire(struct sessions *s, struct slot *slot);

/* Remove its deadline. */
void sessions_end_deadline(struct sessions *s, struct slot *slot);

struct slot *sessions_find(const struct sessions *s, pid_t pid);

/* The number of slots in a state; of all that are or may be used (without
 * retired ones, which are about to exit); of all. */
size_t sessions_in(const struct sessions *s, enum slot_state state);
size_t sessions_workers(const struct sessions *s);
size_t sessions_all(const struct sessions *s);

/* The number of sessions, logged in or not; of those from a prefix; of those
 * that are logged in to an account. */
size_t sessions_clients(const struct sessions *s);
size_t sessions_of_prefix(const struct sessions *s,
	const struct address_prefix *prefix);
size_t sessions_of_account(const struct sessions *s, const char *account);

/* The number of sessions of a network (address_network()), logged in or not;
 * and of logged-in sessions of a group with a limit. */
size_t sessions_of_network(const struct sessions *s,
	const struct address_prefix *network);
size_t sessions_of_group(const struct sessions *s, const char *group);

/* Iterate over a state: NULL gives the first, the oldest; returns NULL at the
 * end.  Ask for the next slot before removing one or changing its state. */
struct slot *sessions_next(const struct sessions *s, enum slot_state state,
	const struct slot *slot);

/* The slot with the earliest deadline; NULL if none has one. */
struct slot *sessions_first_deadline(const struct sessions *s);

#endif
