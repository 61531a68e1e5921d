/*
 * overdue.c - kills workers whose client takes too long to log in.
 *
 * Runs in: master.
 */
#include "common/base.h"
#include "daemon/workers/overdue.h"

#include "common/log/log.h"
#include "daemon/bans/charges.h"

void
overdue_kill(struct workers *w, int64_t now)
{
	const struct sessions *sessions = workers_sessions(w);
	struct slot *slot;

	while ((slot = sessions_first_deadline(sessions)) != NULL &&
	    slot->deadline <= now) {
		bool refused = slot->state == SLOT_REFUSED;

		charges_log_about(slot);
		log_warning("%s timed out: worker killed",
			refused ? "refused client" : "login");
		workers_kill(w, slot, refused ? OUTCOME_REFUSED :
			OUTCOME_LOGIN_TIMEOUT);
	}
	charges_log_about(NULL);
}
