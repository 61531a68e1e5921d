/*
 * sessions.c - the master's table of workers.
 *
 * Runs in: master.
 */
#include "common/base.h"
#include "daemon/sessions/sessions.h"

#include "common/clock.h"
#include "daemon/master_memory.h"

#define BUCKETS 4096	/* of the hash of pids; a power of two */

TAILQ_HEAD(slot_list, slot);
LIST_HEAD(slot_bucket, slot);

struct sessions {
	struct slot_list state[SLOT_STATES];	/* oldest first */
	size_t count[SLOT_STATES];
	struct slot_list deadlines;		/* earliest first */
	struct slot_bucket pid[BUCKETS];
	struct tally *prefixes, *networks;	/* SLOT_LOGIN, SLOT_SESSION */
	struct tally *accounts, *groups;	/* SLOT_SESSION */
};

struct sessions *
sessions_new(void)
{
	struct sessions *s = master_memory_new(sizeof(*s));

	if (s == NULL)
		return NULL;
	for (size_t i = 0; i < SLOT_STATES; i++)
		TAILQ_INIT(&s->state[i]);
	TAILQ_INIT(&s->deadlines);
	s->prefixes = tally_new();
	s->accounts = tally_new();
	s->networks = tally_new();
	s->groups = tally_new();
	if (s->prefixes != NULL && s->accounts != NULL &&
	    s->networks != NULL && s->groups != NULL)
		return s;
	sessions_free(s);
	return NULL;
}

void
sessions_free(struct sessions *s)
{
	if (s == NULL)
		return;
	for (size_t i = 0; i < SLOT_STATES; i++)
		while (!TAILQ_EMPTY(&s->state[i]))
			sessions_remove(s, TAILQ_FIRST(&s->state[i]));
	tally_free(s->prefixes);
	tally_free(s->accounts);
	tally_free(s->networks);
	tally_free(s->groups);
	master_memory_free(s);
}

struct slot *
sessions_reserve(void)
{
	struct slot *slot = master_memory_new(sizeof(*slot));

	if (slot != NULL)
		slot->held = (struct start_hold){ -1, -1 };
	return slot;
}

static size_t
bucket_of(pid_t pid)
{
	return ((uint32_t)pid * 2654435761u >> 16) & (BUCKETS - 1);
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

/* Most belong at the end; not those of refused clients, nor the first ones
 * after a reload that made login_timeout shorter. */
static void
begin_deadline(struct sessions *s, struct slot *slot, int64_t deadline)
{
	struct slot *before = TAILQ_LAST(&s->deadlines, slot_list);

	slot->deadline = deadline;
	if (deadline == CLOCK_NEVER)
		return;
	while (before != NULL && before->deadline > deadline)
		before = TAILQ_PREV(before, slot_list, by_deadline);
	if (before == NULL)
		TAILQ_INSERT_HEAD(&s->deadlines, slot, by_deadline);
	else
		TAILQ_INSERT_AFTER(&s->deadlines, before, slot, by_deadline);
}

void
sessions_end_deadline(struct sessions *s, struct slot *slot)
{
	if (slot->deadline != CLOCK_NEVER)
		TAILQ_REMOVE(&s->deadlines, slot, by_deadline);
	slot->deadline = CLOCK_NEVER;
}

struct slot *
sessions_first_deadline(const struct sessions *s)
{
	return TAILQ_FIRST(&s->deadlines);
}

void
sessions_add(struct sessions *s, struct slot *slot)
{
	slot->deadline = CLOCK_NEVER;
	LIST_INSERT_HEAD(&s->pid[bucket_of(slot->pid)], slot, by_pid);
	enter_state(s, slot, SLOT_SPARE);
}

static void
uncount(struct tally_entry **entry)
{
	if (*entry != NULL)
		tally_remove(*entry);
	*entry = NULL;
}

static void
end_client(struct sessions *s, struct slot *slot)
{
	sessions_end_deadline(s, slot);
	uncount(&slot->of_prefix);
	uncount(&slot->of_network);
	uncount(&slot->of_account);
	uncount(&slot->of_group);
}

void
sessions_remove(struct sessions *s, struct slot *slot)
{
	end_client(s, slot);
	LIST_REMOVE(slot, by_pid);
	leave_state(s, slot);
	master_memory_free(slot->account);
	master_memory_free(slot->user);
	master_memory_free(slot->listener);
	master_memory_free(slot);
}

struct slot *
sessions_spare(const struct sessions *s)
{
	return TAILQ_FIRST(&s->state[SLOT_SPARE]);
}

static struct tally_entry *
add_prefix(struct tally *t, const struct address_prefix *prefix)
{
	return tally_add(t, prefix->bytes, sizeof(prefix->bytes));
}

/* Count an accepted client for its address. */
static int
count_address(struct sessions *s, struct slot *slot, const struct address *peer)
{
	struct address_prefix network = address_network(peer);

	slot->prefix = address_prefix(peer);
	slot->of_prefix = add_prefix(s->prefixes, &slot->prefix);
	slot->of_network = add_prefix(s->networks, &network);
	if (slot->of_prefix != NULL && slot->of_network != NULL)
		return 0;
	uncount(&slot->of_prefix);
	uncount(&slot->of_network);
	return -ENOMEM;
}

void
sessions_await_name(struct slot *slot)
{
	slot->unnamed = true;
	uncount(&slot->of_prefix);
	uncount(&slot->of_network);
}

int
sessions_name(struct sessions *s, struct slot *slot,
	const struct address *peer, bool accepted)
{
	slot->unnamed = false;
	slot->peer = *peer;
	slot->prefix = address_prefix(peer);
	if (accepted)
		return count_address(s, slot, peer);
	leave_state(s, slot);
	enter_state(s, slot, SLOT_REFUSED);
	return 0;
}

int
sessions_assign(struct sessions *s, struct slot *slot,
	const struct message_client *client, int64_t now, int64_t deadline)
{
	bool accepted = client->verdict == VERDICT_WELCOME;

	slot->prefix = address_prefix(&client->peer);
	if (accepted && count_address(s, slot, &client->peer) < 0)
		return -ENOMEM;
	slot->session = client->session;
	slot->peer = client->peer;
	slot->started = now;
	begin_deadline(s, slot, deadline);
	leave_state(s, slot);
	enter_state(s, slot, accepted ? SLOT_LOGIN : SLOT_REFUSED);
	return 0;
}

int
sessions_login(struct sessions *s, struct slot *slot,
	const struct message_login *login)
{
	slot->account = master_memory_text(login->account);
	slot->user = master_memory_text(login->user);
	if (slot->account != NULL && slot->user != NULL)
		slot->of_account = tally_add(s->accounts, login->account,
			strlen(login->account));
	if (slot->of_account != NULL && login->limits.group[0] != '\0') {
		slot->of_group = tally_add(s->groups, login->limits.group,
			strlen(login->limits.group));
		if (slot->of_group == NULL)
			uncount(&slot->of_account);
	}
	if (slot->of_account == NULL) {
		master_memory_free(slot->account);
		master_memory_free(slot->user);
		slot->account = slot->user = NULL;
		return -ENOMEM;
	}
	slot->tls = login->tls;
	sessions_end_deadline(s, slot);
	leave_state(s, slot);
	enter_state(s, slot, SLOT_SESSION);
	return 0;
}

void
sessions_retire(struct sessions *s, struct slot *slot)
{
	end_client(s, slot);
	leave_state(s, slot);
	enter_state(s, slot, SLOT_RETIRED);
}

struct slot *
sessions_find(const struct sessions *s, pid_t pid)
{
	struct slot *slot;

	LIST_FOREACH(slot, &s->pid[bucket_of(pid)], by_pid)
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
	return tally_count(s->prefixes, prefix->bytes, sizeof(prefix->bytes));
}

size_t
sessions_of_account(const struct sessions *s, const char *account)
{
	return tally_count(s->accounts, account, strlen(account));
}

size_t
sessions_of_network(const struct sessions *s,
	const struct address_prefix *network)
{
	return tally_count(s->networks, network->bytes,
		sizeof(network->bytes));
}

size_t
sessions_of_group(const struct sessions *s, const char *group)
{
	return tally_count(s->groups, group, strlen(group));
}

struct slot *
sessions_next(const struct sessions *s, enum slot_state state,
	const struct slot *slot)
{
	return slot == NULL ? TAILQ_FIRST(&s->state[state]) :
	    TAILQ_NEXT(slot, in_state);
}
