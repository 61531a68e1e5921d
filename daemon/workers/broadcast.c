/*
 * broadcast.c - messages of the master to all workers.
 *
 * Runs in: master.
 */
#include "common/base.h"
#include "daemon/workers/broadcast.h"

/* `keeping`: 0 for all. */
static void
send_to(const struct sessions *sessions, enum slot_state state,
	uint64_t keeping, const struct message *m)
{
	struct slot *slot = NULL;

	while ((slot = sessions_next(sessions, state, slot)) != NULL)
		if (slot->channel.fd >= 0 &&
		    (keeping == 0 || slot->keeping == keeping))
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
broadcast_reattach(const struct sessions *sessions, enum service_name service,
	uint64_t keeping)
{
	struct message m UNINITIALIZED;

	message_begin(&m, MESSAGE_reattach);
	m.reattach.service = (int32_t)service;
	for (enum slot_state state = 0; state < SLOT_STATES; state++)
		send_to(sessions, state, keeping, &m);
}
