/*
 * clients.c - from the accept queue into a worker.
 *
 * Runs in: master.
 * Never: reads from a client's socket, or writes to it.
 */
#include "common/base.h"
#include "daemon/clients.h"

#include "common/clock.h"
#include "common/log/event.h"
#include "common/io.h"
#include "common/log/log.h"
#include "daemon/admission.h"
#include "daemon/pool.h"
#include "daemon/workers.h"

/* Clients accepted before signals and workers get their turn. */
#define ACCEPT_ROUND 16

/* Beyond the greeter's own timer, so that the client still hears its 421. */
#define LOGIN_SLACK_MS 5000

static enum verdict
judge(const struct master *m, const struct address *peer)
{
	struct address_prefix prefix = address_prefix(peer);
	const struct admission_facts facts = {
		.clients = sessions_clients(m->sessions),
		.from_there = sessions_of_prefix(m->sessions, &prefix),
		.logging_in = sessions_in(m->sessions, SLOT_LOGIN),
		.penalty = m->settings->server.max_penalty > 0 &&
		    penalty_holds(m->penalties, &prefix, clock_ms()),
		.stopping = m->stop != STOP_NOT,
	};

	return admission_decide(&m->settings->server, &facts);
}

/* Here and nowhere else, whoever tells the client. */
static void
report_refusal(const struct message_client *client)
{
	struct event e = event_new(EVENT_refuse);

	e.ok = false;
	e.session = client->session;
	e.peer = client->peer;
	e.local = client->local;
	e.text = admission_reason((enum verdict)client->verdict);
	event_send(&e);
}

/* A flood must not become a flood of lines. */
void
clients_report_full(struct master *m)
{
	int64_t now = clock_ms();

	if (m->full_count == 0 || pause_holds(&m->full_pause, now))
		return;
	log_warning("no worker left (max_workers), connections closed: %"
		PRIu64, m->full_count);
	m->full_count = 0;
	pause_begin(&m->full_pause, now);
}

static void
assign(struct master *m, struct slot *slot, const struct message_client *client)
{
	int64_t now = clock_ms();

	sessions_assign(m->sessions, slot, client, now,
		now + m->settings->server.login_timeout * 1000 +
		LOGIN_SLACK_MS);
}

/* Give the client to a spare worker.  0, -ENOENT when there is none, or the
 * error of sending. */
static int
give_to_spare(struct master *m, const struct message *message)
{
	struct slot *slot;
	int error = -ENOENT;

	while ((slot = sessions_spare(m->sessions)) != NULL) {
		error = channel_send(&slot->channel, message);
		if (error == 0) {
			assign(m, slot, &message->client);
			return 0;
		}
		if (error != -EPIPE)
			return error;
		/* Killed a moment ago; not reaped yet. */
		workers_retire(m, slot);
		error = -ENOENT;
	}
	return error;
}

/* As give_to_spare(), but -EAGAIN: no worker could be forked just now. */
static int
hand_over(struct master *m, const struct message *message)
{
	int error = give_to_spare(m, message);

	/* A refusal is not worth a fork. */
	if (error != -ENOENT || message->client.verdict != VERDICT_WELCOME)
		return error;
	if (!pool_may_grow(&m->settings->server,
	    sessions_workers(m->sessions)))
		return -ENOENT;
	if (pause_holds(&m->fork_pause, clock_ms()) || workers_fork(m) < 0)
		return -EAGAIN;
	return give_to_spare(m, message);
}

/* Hand over, or keep for later, or close.  Takes the socket over. */
static void
place(struct master *m, struct message *message)
{
	int error = hand_over(m, message);

	if (error == -EAGAIN && !m->has_waiting) {
		m->waiting = *message;
		m->has_waiting = true;
		return;
	}
	if (error == -ENOENT && message->client.verdict == VERDICT_WELCOME)
		m->full_count++;	/* told by clients_report_full() */
	else if (error < 0 && error != -ENOENT)
		log_error("cannot hand a client over: %s", log_errno(error));
	if (message->client.verdict != VERDICT_WELCOME)
		report_refusal(&message->client);
	io_close(&message->fds[0]);
}

static void
welcome(struct master *m, int fd, const struct address *peer,
	const struct address *local, int32_t listener)
{
	struct message message;

	message_zero(&message);
	message.type = MESSAGE_client;
	message.fds[0] = fd;
	message.client.session = ++m->last_session;
	message.client.peer = *peer;
	message.client.local = *local;
	message.client.listener = listener;
	message.client.verdict = (int32_t)judge(m, peer);
	place(m, &message);
}

/* accept() failed: is it our own lack of something (rule R33)?  Everything
 * else is over with the one client that it happened to. */
static bool
is_shortage(int error)
{
	return error == -EMFILE || error == -ENFILE || error == -ENOMEM ||
	    error == -ENOBUFS;
}

void
clients_accept(struct master *m, const struct listener *listener)
{
	struct address peer, local;

	for (int i = 0; i < ACCEPT_ROUND && !m->has_waiting; i++) {
		int fd = listener_accept(listener->fd, &peer, &local);
		if (fd == -EAGAIN)
			return;
		if (is_shortage(fd)) {
			if (m->accept_pause.length == 0)
				log_error("cannot accept: %s", log_errno(fd));
			pause_begin(&m->accept_pause, clock_ms());
			return;
		}
		if (fd < 0)
			continue;
		pause_clear(&m->accept_pause);
		welcome(m, fd, &peer, &local, listener->index);
	}
}

void
clients_retry(struct master *m)
{
	if (!m->has_waiting || pause_holds(&m->fork_pause, clock_ms()))
		return;
	struct message message = m->waiting;
	m->has_waiting = false;
	place(m, &message);
}

void
clients_forget(struct master *m)
{
	if (m->has_waiting)
		io_close(&m->waiting.fds[0]);
	m->has_waiting = false;
}
