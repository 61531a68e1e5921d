/*
 * broadcast.c - messages of the master to all workers.
 *
 * Runs in: master.
 */
#include "common/base.h"
#include "daemon/workers/broadcast.h"

/* `keeper`: 0 for all. */
static void
send_to(const struct sessions *sessions, enum slot_state state,
	uint64_t keeper, const struct message *m)
{
	struct slot *slot = NULL;

	while ((slot = sessions_next(sessions, state, slot)) != NULL)
		if (slot->channel.fd >= 0 &&
		    (keeper == 0 || slot->keeper == keeper))
			(void)!channel_send(&slot->channel, m);
}

void
broadcast_shutdown(const struct sessions *sessions, bool now)
{
	struct message m UNINITIALIZED;

	message_begin(&m, MESSAGE_shutdown);
	m.shutdown.now = now;
	for (enum slot_state state = 0; state < SLOT_STATES; state++)
		if (state != SLOT_SPARE)
			send_to(sessions, state, 0, &m);
}

void
broadcast_log_level(const struct sessions *sessions, struct board *board,
	enum log_level level)
{
	for (enum slot_state state = SLOT_LOGIN; state < SLOT_STATES; state++) {
		struct slot *slot = NULL;

		while ((slot = sessions_next(sessions, state, slot)) != NULL) {
			struct page_order o = board_order(board, slot->place);

			if (o.log_level == 0)
				continue;
			o.log_level = (int32_t)level + 1;
			board_set_order(board, slot->place, &o);
		}
	}
}

void
broadcast_reattach(const struct sessions *sessions, enum service_name service,
	uint64_t keeper)
{
	struct message m UNINITIALIZED;

	message_begin(&m, MESSAGE_reattach);
	m.reattach.service = (int32_t)service;
	for (enum slot_state state = 0; state < SLOT_STATES; state++)
		send_to(sessions, state, keeper, &m);
}
