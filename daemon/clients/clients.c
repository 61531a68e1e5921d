/*
 * clients.c - accepts clients and passes them to workers.
 *
 * Runs in: master.
 * Never: reads from a client's socket, or writes to it.
 */
#include "common/base.h"
#include "daemon/clients/clients.h"

#include "common/clock.h"
#include "common/io.h"
#include "common/log/event.h"
#include "common/log/log.h"
#include "daemon/admission/admission.h"
#include "daemon/admission/judge.h"
#include "daemon/admission/limits.h"
#include "daemon/master_memory.h"
#include "daemon/pause.h"
#include "daemon/state/state.h"

/* Clients accepted at a time, before signals and workers are handled. */
#define ACCEPT_ROUND 16

/* One listener's registration. */
struct door {
	struct clients *clients;
	size_t listener;	/* index in listeners.list */
	struct watch watch;
};

struct clients {
	struct loop *loop;
	struct workers *workers;
	const struct configuration *configuration;
	const struct notify *notify;
	struct listeners listeners;
	struct door doors[SETTINGS_MAX_LISTENERS];
	bool listening;			/* the listeners are registered */
	bool closed;			/* the server is shutting down */
	bool draining;			/* refuse new clients */
	bool paused;			/* do not accept any */
	uint64_t last_session;		/* the last session number */
	bool has_waiting;		/* a client for which no worker could */
	struct message waiting;		/* be forked yet, with its socket */
	struct pause accept_pause;	/* out of descriptors or memory */
};

struct clients *
clients_new(struct loop *loop, struct workers *workers,
	const struct configuration *configuration)
{
	struct clients *c = master_memory_new(sizeof(*c));

	if (c == NULL)
		return NULL;
	c->loop = loop;
	c->workers = workers;
	c->configuration = configuration;
	for (size_t i = 0; i < SETTINGS_MAX_LISTENERS; i++)
		c->doors[i] = (struct door){
			.clients = c, .listener = i, .watch.fd = -1 };
	return c;
}

void
clients_free(struct clients *c)
{
	if (c == NULL)
		return;
	clients_close(c);
	master_memory_free(c);
}

void
clients_inherit(struct clients *c, struct passed *passed,
	const struct notify *notify)
{
	listener_inherit(&c->listeners, passed);
	c->notify = notify;
}

const struct listeners *
clients_listeners(const struct clients *c)
{
	return &c->listeners;
}

void
clients_announce(const struct clients *c)
{
	char text[LISTENER_TEXT_SIZE];

	for (size_t i = 0; i < c->listeners.count; i++)
		log_info("listening on %s",
			listener_text(&c->listeners.list[i], text));
}

static enum verdict
judge(const struct clients *c, const struct address *peer, int32_t listener)
{
	const struct settings *settings = c->configuration->settings;
	const struct judge j = {
		.settings = settings,
		.sessions = workers_sessions(c->workers),
		.charges = workers_charges(c->workers),
		.draining = c->draining,
	};

	return judge_connection(&j, &settings->listeners[listener], peer);
}

/* Logged here only, whether or not the client gets a reply. */
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

static void
count_limit(struct clients *c, enum limit limit,
	const struct message_client *client)
{
	limits_count(workers_limits(c->workers), limit, &client->peer, "");
}

/* A refused client that needs a TLS handshake before the reply gets no
 * worker. */
static int
give(struct clients *c, const struct message *message)
{
	const struct message_client *client = &message->client;
	const struct settings *settings = c->configuration->settings;

	if (client->verdict != VERDICT_WELCOME &&
	    settings->listeners[client->listener].tls == TLS_IMPLICIT)
		return -ENOENT;
	return workers_give(c->workers, message);
}

/* Pass it to a worker, or keep it for later, or close it.  Takes ownership of
 * the socket. */
static void
place(struct clients *c, struct message *message)
{
	bool refused = message->client.verdict != VERDICT_WELCOME;
	int error = give(c, message);

	if (error == -EAGAIN && !c->has_waiting) {
		c->waiting = *message;
		c->has_waiting = true;
		return;
	}
	if (error == -ENOENT && !refused)
		count_limit(c, LIMIT_WORKERS, &message->client);
	else if (error < 0 && error != -ENOENT)
		log_error("cannot pass a client to a worker: %s",
			log_errno(error));
	if (refused) {
		report_refusal(&message->client);
		count_limit(c, limits_of_verdict(
			(enum verdict)message->client.verdict),
			&message->client);
	}
	io_close(&message->fds[0]);
}

static void
handle_client(struct clients *c, int fd, const struct address *peer,
	const struct address *local, int32_t listener)
{
	struct message message UNINITIALIZED;

	message_begin(&message, MESSAGE_client);
	message.fds[0] = fd;
	message.client.session = ++c->last_session;
	message.client.peer = *peer;
	message.client.local = *local;
	message.client.listener = listener;
	message.client.verdict = (int32_t)judge(c, peer, listener);
	place(c, &message);
}

/* accept() failed: is it a lack of resources?  All other errors
 * concern a single client. */
static bool
is_shortage(int error)
{
	return error == -EMFILE || error == -ENFILE || error == -ENOMEM ||
	    error == -ENOBUFS;
}

/* loop.h */
static void
accept_clients(void *context)
{
	const struct door *door = context;
	struct clients *c = door->clients;
	const struct listener *listener = &c->listeners.list[door->listener];
	struct address peer, local;

	for (int i = 0; i < ACCEPT_ROUND && !c->has_waiting; i++) {
		int fd = listener_accept(listener->fd, &peer, &local);
		if (fd == -EAGAIN)
			return;
		if (is_shortage(fd)) {
			if (c->accept_pause.length == 0)
				log_error("cannot accept connections: %s",
					log_errno(fd));
			pause_begin(&c->accept_pause, clock_ms());
			return;
		}
		if (fd < 0)
			continue;
		pause_clear(&c->accept_pause);
		handle_client(c, fd, &peer, &local, listener->index);
	}
}

/* Start or stop watching the listening sockets. */
static void
set_listening(struct clients *c, bool on)
{
	if (c->listening == on)
		return;
	c->listening = on;
	for (size_t i = 0; i < c->listeners.count; i++) {
		struct door *door = &c->doors[i];
		int fd = c->listeners.list[i].fd;

		if (!on)
			loop_unwatch(c->loop, &door->watch);
		if (!on || fd < 0)
			continue;
		int error = loop_watch(c->loop, &door->watch, fd,
			accept_clients, door);
		if (error < 0)
			log_error("cannot watch a listening socket: %s",
				log_errno(error));
	}
}

int
clients_listen(struct clients *c, const struct settings *settings)
{
	set_listening(c, false);
	int error = listener_change(&c->listeners, settings);
	if (c->notify != NULL)
		listener_store(&c->listeners, c->notify);
	return error;
}

/* A reload may have changed the index of the waiting client's listener, or
 * removed the listener. */
static bool
find_listener(struct clients *c, struct message_client *client)
{
	const struct listener *listener = listener_of(&c->listeners,
		&client->local);

	if (listener == NULL)
		return false;
	client->listener = listener->index;
	return true;
}

NOINLINE static void
retry(struct clients *c)
{
	struct message message = c->waiting;

	c->has_waiting = false;
	if (find_listener(c, &message.client)) {
		place(c, &message);
		return;
	}
	log_info("a waiting client was closed: its listener was removed");
	io_close(&message.fds[0]);
}

void
clients_step(struct clients *c, int64_t now)
{
	limits_step(workers_limits(c->workers), now);
	if (c->closed)
		return;
	if (!c->paused && c->has_waiting)
		retry(c);
	set_listening(c, !c->paused && !c->has_waiting &&
		!pause_holds(&c->accept_pause, now));
}

int64_t
clients_due(const struct clients *c, int64_t now)
{
	return clock_earlier(pause_end(&c->accept_pause, now),
		limits_due(workers_limits(c->workers)));
}

void
clients_drain(struct clients *c, bool on)
{
	c->draining = on;
}

bool
clients_draining(const struct clients *c)
{
	return c->draining;
}

void
clients_close(struct clients *c)
{
	c->closed = true;
	set_listening(c, false);
	listener_close_all(&c->listeners);
	if (c->has_waiting)
		io_close(&c->waiting.fds[0]);
	c->has_waiting = false;
}

void
clients_pause(struct clients *c, bool on)
{
	c->paused = on;
	if (on)
		set_listening(c, false);
}

void
clients_save(const struct clients *c, struct state_writer *w)
{
	uint8_t draining = c->draining;

	state_begin(w, STATE_CLIENTS);
	STATE_PUT(w, c->last_session);
	STATE_PUT(w, draining);
	STATE_PUT(w, c->waiting.client);
	state_put_fd(w, c->has_waiting ? c->waiting.fds[0] : -1);
	state_end(w);
}

void
clients_restore(struct clients *c, struct state_reader *r)
{
	uint8_t draining;

	state_enter(r, STATE_CLIENTS);
	STATE_GET(r, c->last_session);
	STATE_GET(r, draining);
	message_begin(&c->waiting, MESSAGE_client);
	STATE_GET(r, c->waiting.client);
	c->waiting.fds[0] = state_get_fd(r);
	c->has_waiting = c->waiting.fds[0] >= 0;
	c->draining = draining != 0;
	state_leave(r);
	if ((unsigned)c->waiting.client.verdict >= VERDICTS)
		state_fail(r);
}
