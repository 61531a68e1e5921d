/*
 * slot_state.c - one worker for the next program.
 *
 * Runs in: master.  Never: accepts a process that is not its child.
 */
#include "common/base.h"
#include "daemon/workers/slot_state.h"

#include "common/process/child.h"
#include "common/text.h"
#include "daemon/master_memory.h"

struct saved {
	int32_t state;		/* enum slot_state */
	int32_t reason, killed, kicked, unnamed;
	int64_t limited;	/* it has a place in rates.h */
	int64_t pid;
	uint64_t place, session;
	int64_t started, deadline;
	struct address peer;
	struct page_order ordered;
	uint32_t received[MESSAGE_TYPES];
	struct message_login login;	/* SLOT_SESSION */
};

static void
save_login(struct saved *s, const struct slot *slot)
{
	(void)!text_copy(s->login.account, sizeof(s->login.account),
		slot->account);
	(void)!text_copy(s->login.user, sizeof(s->login.user), slot->user);
	s->login.tls = slot->tls;
	s->limited = slot->rates != NULL;
	if (slot->rates != NULL)
		rates_save(slot->rates, &s->login.limits);
}

void
slot_save(const struct slot *slot, struct state_writer *w)
{
	struct saved s;

	memset(&s, 0, sizeof(s));
	s.state = (int32_t)slot->state;
	s.reason = (int32_t)slot->reason;
	s.killed = slot->killed;
	s.kicked = slot->kicked;
	s.unnamed = slot->unnamed;
	s.pid = slot->pid;
	s.place = slot->place;
	s.session = slot->session;
	s.started = slot->started;
	s.deadline = slot->deadline;
	s.peer = slot->peer;
	s.ordered = slot->ordered;
	memcpy(s.received, slot->channel.received, sizeof(s.received));
	if (slot->state == SLOT_SESSION)
		save_login(&s, slot);
	STATE_PUT(w, s);
	state_put_text(w, slot->listener);
	state_put_fd(w, slot->channel.fd);
}

/* --- reading */

static bool
is_valid(const struct slot_tables *t, const struct saved *s)
{
	const struct message_login *l = &s->login;

	if (s->state <= SLOT_SPARE || s->state >= SLOT_STATES ||
	    !child_exists(s->pid) ||
	    sessions_find(t->sessions, (pid_t)s->pid) != NULL)
		return false;
	return s->state == SLOT_RETIRED || (s->session != 0 &&
	    address_is_set(&s->peer) && TEXT_ENDS(l->account) &&
	    TEXT_ENDS(l->user) && TEXT_ENDS(l->limits.group) &&
	    TEXT_ENDS(l->tls.version) && TEXT_ENDS(l->tls.cipher));
}

static void
fill(struct slot *slot, const struct saved *s, int fd)
{
	slot->pid = (pid_t)s->pid;
	slot->place = s->place;
	slot->killed = s->killed != 0;
	slot->kicked = s->kicked != 0;
	slot->reason = (enum outcome)s->reason;
	slot->ordered = s->ordered;
	channel_open(&slot->channel, fd, PARTY_MASTER, PARTY_MONITOR,
		&channel_any_phase);
	memcpy(slot->channel.received, s->received, sizeof(s->received));
}

static int
join(const struct slot_tables *t, struct slot *slot, const struct saved *s)
{
	int error = sessions_login(t->sessions, slot, &s->login);

	if (error < 0 || !s->limited)
		return error;
	slot->rates = rates_join(t->rates, slot->place, &s->login,
		slot->listener);
	if (slot->rates == NULL)
		return -ENOMEM;
	rates_continue(t->rates, slot->rates);
	return 0;
}

/* Through the same steps as it took before. */
static int
advance(const struct slot_tables *t, struct slot *slot,
	const struct saved *s, const char *listener)
{
	const struct message_client client = {
		.session = s->session,
		.peer = s->peer,
		.verdict = s->state == SLOT_REFUSED ? VERDICT_FULL :
			VERDICT_WELCOME,
	};

	if (s->state == SLOT_RETIRED) {
		sessions_retire(t->sessions, slot);
		return 0;
	}
	slot->listener = master_memory_text(listener);
	if (slot->listener == NULL)
		return -ENOMEM;
	int error = sessions_assign(t->sessions, slot, &client, s->started,
		s->deadline);
	if (error == 0 && s->unnamed != 0)
		sessions_await_name(slot);
	return error < 0 || s->state != SLOT_SESSION ? error :
		join(t, slot, s);
}

struct slot *
slot_restore(const struct slot_tables *t, struct state_reader *r)
{
	char listener[256];
	struct saved s;

	STATE_GET(r, s);
	state_get_text(r, listener, sizeof(listener));
	int fd = state_get_fd(r);
	struct slot *slot = state_error(r) == 0 && is_valid(t, &s) ?
		sessions_reserve() : NULL;
	if (slot == NULL || board_claim(t->board, s.place) < 0) {
		master_memory_free(slot);
		state_fail(r);
		if (fd >= 0)
			close(fd);
		return NULL;
	}
	fill(slot, &s, fd);
	sessions_add(t->sessions, slot);
	if (advance(t, slot, &s, listener) == 0)
		return slot;
	state_fail(r);
	return NULL;
}
