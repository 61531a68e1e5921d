/*
 * sessions.c - the master's table of workers.
 *
 * Runs in: master.
 */
#include "common/base.h"
#include "daemon/sessions.h"

#include "common/clock.h"

#define BUCKETS 1024	/* of each hash; a power of two */

TAILQ_HEAD(slot_list, slot);
LIST_HEAD(slot_bucket, slot);

struct sessions {
	struct slot_list state[SLOT_STATES];	/* oldest first */
	size_t count[SLOT_STATES];
	struct slot_bucket pid[BUCKETS];
	struct slot_bucket prefix[BUCKETS];	/* SLOT_LOGIN, SLOT_SESSION */
	struct slot_bucket uid[BUCKETS];	/* SLOT_SESSION */
};

static size_t
hash_number(uint32_t number)
{
	return (number * 2654435761u >> 16) & (BUCKETS - 1);
}

static size_t
hash_prefix(const struct address_prefix *prefix)
{
	uint32_t word[4];

	memcpy(word, prefix->bytes, sizeof(word));
	return hash_number(((word[0] * 31 + word[1]) * 31 + word[2]) * 31 +
	    word[3]);
}

struct sessions *
sessions_new(void)
{
	struct sessions *s = calloc(1, sizeof(*s));

	if (s == NULL)
		return NULL;
	for (size_t i = 0; i < SLOT_STATES; i++)
		TAILQ_INIT(&s->state[i]);
	return s;
}

void
sessions_free(struct sessions *s)
{
	if (s == NULL)
		return;
	for (size_t i = 0; i < SLOT_STATES; i++)
		while (!TAILQ_EMPTY(&s->state[i]))
			sessions_remove(s, TAILQ_FIRST(&s->state[i]));
	free(s);
}

struct slot *
sessions_reserve(void)
{
	return calloc(1, sizeof(struct slot));
}

static void
enter_state(struct sessions *s, struct slot *slot, enum slot_state state)
{
	slot->state = state;
	TAILQ_INSERT_TAIL(&s->state[state], slot, in_state);
	s->count[state]++;
}

static void
leave_state(struct sessions *s, struct slot *slot)
{
	TAILQ_REMOVE(&s->state[slot->state], slot, in_state);
	s->count[slot->state]--;
}

static bool
is_client(const struct slot *slot)
{
	return slot->state == SLOT_LOGIN || slot->state == SLOT_SESSION;
}

void
sessions_add(struct sessions *s, struct slot *slot)
{
	slot->deadline = CLOCK_NEVER;
	LIST_INSERT_HEAD(&s->pid[hash_number((uint32_t)slot->pid)], slot,
		by_pid);
	enter_state(s, slot, SLOT_SPARE);
}

static void
uncount_client(struct slot *slot)
{
	if (slot->state == SLOT_SESSION)
		LIST_REMOVE(slot, by_uid);
	if (is_client(slot))
		LIST_REMOVE(slot, by_prefix);
}

void
sessions_remove(struct sessions *s, struct slot *slot)
{
	uncount_client(slot);
	LIST_REMOVE(slot, by_pid);
	leave_state(s, slot);
	free(slot->user);
	free(slot);
}

struct slot *
sessions_spare(const struct sessions *s)
{
	return TAILQ_FIRST(&s->state[SLOT_SPARE]);
}

void
sessions_assign(struct sessions *s, struct slot *slot,
	const struct message_client *client, int64_t now, int64_t deadline)
{
	slot->session = client->session;
	slot->peer = client->peer;
	slot->prefix = address_prefix(&client->peer);
	slot->started = now;
	slot->deadline = deadline;
	leave_state(s, slot);
	if (client->verdict != VERDICT_WELCOME) {
		enter_state(s, slot, SLOT_REFUSED);
		return;
	}
	enter_state(s, slot, SLOT_LOGIN);
	LIST_INSERT_HEAD(&s->prefix[hash_prefix(&slot->prefix)], slot,
		by_prefix);
}

void
sessions_login(struct sessions *s, struct slot *slot,
	const struct message_login *login)
{
	slot->uid = login->uid;
	slot->user = strdup(login->user);
	slot->tls = login->tls;
	slot->deadline = CLOCK_NEVER;
	leave_state(s, slot);
	enter_state(s, slot, SLOT_SESSION);
	LIST_INSERT_HEAD(&s->uid[hash_number(slot->uid)], slot, by_uid);
}

void
sessions_retire(struct sessions *s, struct slot *slot)
{
	uncount_client(slot);
	leave_state(s, slot);
	enter_state(s, slot, SLOT_RETIRED);
}

struct slot *
sessions_find(const struct sessions *s, pid_t pid)
{
	struct slot *slot;

	LIST_FOREACH(slot, &s->pid[hash_number((uint32_t)pid)], by_pid)
		if (slot->pid == pid)
			return slot;
	return NULL;
}

size_t
sessions_in(const struct sessions *s, enum slot_state state)
{
	return s->count[state];
}

size_t
sessions_workers(const struct sessions *s)
{
	return sessions_all(s) - s->count[SLOT_RETIRED];
}

size_t
sessions_all(const struct sessions *s)
{
	size_t sum = 0;

	for (size_t i = 0; i < SLOT_STATES; i++)
		sum += s->count[i];
	return sum;
}

size_t
sessions_clients(const struct sessions *s)
{
	return s->count[SLOT_LOGIN] + s->count[SLOT_SESSION];
}

size_t
sessions_of_prefix(const struct sessions *s,
	const struct address_prefix *prefix)
{
	const struct slot *slot;
	size_t n = 0;

	LIST_FOREACH(slot, &s->prefix[hash_prefix(prefix)], by_prefix)
		n += address_prefix_same(&slot->prefix, prefix);
	return n;
}

size_t
sessions_of_user(const struct sessions *s, uid_t uid)
{
	const struct slot *slot;
	size_t n = 0;

	LIST_FOREACH(slot, &s->uid[hash_number(uid)], by_uid)
		n += slot->uid == uid;
	return n;
}

struct slot *
sessions_next(const struct sessions *s, enum slot_state state,
	const struct slot *slot)
{
	return slot == NULL ? TAILQ_FIRST(&s->state[state]) :
	    TAILQ_NEXT(slot, in_state);
}

/* Not simply the oldest one's: a reload may have changed login_timeout. */
int64_t
sessions_deadline(const struct sessions *s)
{
	static const enum slot_state waiting[] = { SLOT_LOGIN, SLOT_REFUSED };
	int64_t earliest = CLOCK_NEVER;
	const struct slot *slot;

	for (size_t i = 0; i < ARRAY_SIZE(waiting); i++)
		TAILQ_FOREACH(slot, &s->state[waiting[i]], in_state)
			earliest = clock_earlier(earliest, slot->deadline);
	return earliest;
}
