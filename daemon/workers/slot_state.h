/*
 * slot_state.h - one worker for the next program (state.h).
 */
#ifndef DAEMON_SLOT_STATE_H
#define DAEMON_SLOT_STATE_H

#include "common/base.h"
#include "daemon/sessions/board.h"
#include "daemon/rates/rates.h"
#include "daemon/sessions/sessions.h"
#include "daemon/state/state.h"

void slot_save(const struct slot *slot, struct state_writer *w);

/* Where a worker is entered. */
struct slot_tables {
	struct sessions *sessions;
	struct board *board;
	struct rates *rates;
};

/* Enter the worker into all tables as it was; its channel is not watched.
 * NULL if that is not possible, and the state has failed. */
struct slot *slot_restore(const struct slot_tables *t,
	struct state_reader *r);

#endif
