/*
 * workers_state.c - the master's workers for the next program.
 *
 * Runs in: master.
 */
#include "common/base.h"
#include "daemon/workers/workers.h"

#include "common/clock.h"
#include "daemon/workers/slot_state.h"
#include "daemon/workers/workers_internal.h"

#define MAX_WORKERS (1 << 20)

void
workers_pause(struct workers *w, bool on)
{
	w->paused = on;
}

bool
workers_settled(const struct workers *w)
{
	for (enum slot_state state = 0; state < SLOT_STATES; state++) {
		const struct slot *slot = NULL;

		while ((slot = sessions_next(w->sessions, state, slot)))
			if (state != SLOT_SPARE && slot->channel.fd >= 0 &&
			    slot->held.channel >= 0)
				return false;
	}
	return true;
}

void
workers_save(struct workers *w, struct state_writer *state)
{
	uint64_t count;

	workers_retire_spares(w);
	count = sessions_all(w->sessions);
	state_begin(state, STATE_WORKERS);
	reports_save(&w->reports, state);
	charges_save(w->charges, state);
	board_save(w->board, state);
	STATE_PUT(state, count);
	for (enum slot_state s = 0; s < SLOT_STATES; s++) {
		const struct slot *slot = NULL;

		while ((slot = sessions_next(w->sessions, s, slot)))
			slot_save(slot, state);
	}
	state_end(state);
}

/* One that has ended meanwhile is reaped by the sweep (reaper.h). */
static void
watch(struct workers *w, struct slot *slot)
{
	slot->workers = w;
	if (slot->channel.fd < 0)
		LIST_INSERT_HEAD(&w->ending, slot, in_ending);
	else if (workers_watch(w, slot) < 0)
		workers_kill(w, slot, OUTCOME_ERROR);
}

void
workers_restore(struct workers *w, struct state_reader *state)
{
	const struct slot_tables tables = {
		.sessions = w->sessions, .board = w->board, .rates = w->rates,
	};

	rates_change(w->rates, w->configuration->settings);
	state_enter(state, STATE_WORKERS);
	reports_restore(&w->reports, state);
	charges_restore(w->charges, state);
	board_restore(w->board, state);
	size_t count = state_get_count(state, MAX_WORKERS);
	while (count-- > 0 && state_error(state) == 0) {
		struct slot *slot = slot_restore(&tables, state);
		if (slot != NULL)
			watch(w, slot);
	}
	state_leave(state);
}
