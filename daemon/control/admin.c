/*
 * admin.c - the master's side of sureftpctl.
 *
 * Runs in: master.  Never: waits for sureftpctl, or trusts anything about it
 * except what the kernel reports.
 */
#include "common/base.h"
#include "daemon/control/admin.h"

#include "common/clock.h"
#include "common/io.h"
#include "common/log/log.h"
#include "common/process/service_socket.h"
#include "daemon/control/access.h"
#include "daemon/control/order_bans.h"
#include "daemon/metering.h"
#include "daemon/recorder/followers.h"
#include "daemon/state/state.h"

#include <sys/socket.h>

#define ACCEPT_ROUND 16	/* at a time, before clients and workers are handled */

void
admin_init(struct admin *a, struct loop *loop,
	const struct scoreboard_source *source, admin_handler *handle,
	void *context)
{
	*a = (struct admin){
		.loop = loop, .source = source,
		.handle = handle, .context = context,
		.socket = { .fd = -1 }, .watch = { .fd = -1 },
	};
	for (size_t i = 0; i < ADMIN_PEERS; i++)
		a->peers[i] = (struct admin_peer){
			.admin = a, .channel.fd = -1, .watch.fd = -1 };
}

static struct admin_peer *
free_place(struct admin *a)
{
	for (size_t i = 0; i < ADMIN_PEERS; i++)
		if (a->peers[i].channel.fd < 0)
			return &a->peers[i];
	return NULL;
}

static void
drop(struct admin_peer *peer)
{
	loop_unwatch(peer->admin->loop, &peer->watch);
	io_close_at_once(&peer->channel.fd);
}

/* Do not wait for a peer that does not read its answer. */
static void
answer(struct admin_peer *peer, const struct message *message)
{
	(void)!channel_send(&peer->channel, message);
}

static void
refuse(struct admin_peer *peer, int error)
{
	struct message message UNINITIALIZED;

	message_begin(&message, MESSAGE_ask_refused);
	message.ask_refused.error = -error;
	answer(peer, &message);
}

/* Answer with a file in memory, or a socket, which is closed; or refuse, for
 * -errno. */
static void
answer_file(struct admin_peer *peer, enum message_type type, int fd)
{
	struct message message UNINITIALIZED;

	if (fd < 0) {
		log_error("cannot send the %s: %s", channel_message_name(type),
			log_errno(fd));
		refuse(peer, fd);
		return;
	}
	message_begin(&message, type);
	message.fds[0] = fd;
	answer(peer, &message);
	io_close(&fd);
}

/* Give one end of a socket pair to the recorder, which writes to it. */
static int
begin_events(const struct message_ask_events *ask, int fds[2])
{
	const int queue = FOLLOW_QUEUE;
	struct follow_request request = {
		.magic = FOLLOW_MAGIC,
		.session = ask->session,
		.json = ask->json,
		.level = ask->level,
	};

	memcpy(request.events, ask->events, sizeof(request.events));
	memcpy(request.user, ask->user, sizeof(request.user));
	memcpy(request.peer, ask->peer, sizeof(request.peer));
	int error = channel_pair(fds);
	if (error < 0)
		return error;
	(void)setsockopt(fds[0], SOL_SOCKET, SO_SNDBUF, &queue, sizeof(queue));
	error = service_socket_send(log_descriptor(), &request, sizeof(request),
		fds[0], 0);
	io_close(&fds[0]);
	if (error < 0)
		io_close(&fds[1]);
	return error;
}

static void
answer_events(struct admin_peer *peer, const struct message_ask_events *ask)
{
	int fds[2];
	int error = begin_events(ask, fds);

	answer_file(peer, MESSAGE_events, error < 0 ? error : fds[1]);
}

static void
send_done(struct admin_peer *peer, const struct message_admin_done *done)
{
	struct message message UNINITIALIZED;

	message_begin(&message, MESSAGE_admin_done);
	message.admin_done = *done;
	answer(peer, &message);
}

/* True when it was answered. */
static bool
carry_out(struct admin_peer *peer, const struct message_admin_order *order)
{
	const struct admin *a = peer->admin;
	struct message_admin_done done;

	if (a->handle(a->context, peer->uid, order, &done)) {
		send_done(peer, &done);
		return true;
	}
	peer->waits = true;
	peer->deadline = CLOCK_NEVER;
	return false;
}

void
admin_answer(struct admin *a, const struct message_admin_done *done)
{
	for (size_t i = 0; i < ADMIN_PEERS; i++) {
		struct admin_peer *peer = &a->peers[i];

		if (peer->channel.fd < 0 || !peer->waits)
			continue;
		send_done(peer, done);
		drop(peer);
	}
}

/* True when it was answered. */
static bool
handle(struct admin_peer *peer, struct message *message)
{
	const struct scoreboard_source *source = peer->admin->source;

	switch (message->type) {
	case MESSAGE_ask_scoreboard:
		answer_file(peer, MESSAGE_scoreboard, scoreboard_make(source));
		return true;
	case MESSAGE_ask_metrics:
		answer_file(peer, MESSAGE_metrics, metering_make(source));
		return true;
	case MESSAGE_ask_bans:
		answer_file(peer, MESSAGE_bans,
			order_bans_list(source->charges));
		return true;
	case MESSAGE_ask_events:
		answer_events(peer, &message->ask_events);
		return true;
	case MESSAGE_admin_order:
		return carry_out(peer, &message->admin_order);
	default:
		return true;
	}
}

/* loop.h */
static void
receive(void *context)
{
	struct admin_peer *peer = context;
	struct message message UNINITIALIZED;

	io_hurry(true);
	int r = channel_recv(&peer->channel, &message);
	io_hurry(false);
	if (r == -EAGAIN)
		return;
	/* A program that waits for its answer sends nothing more. */
	if (r == 1 && !peer->waits && !handle(peer, &message))
		return;
	drop(peer);
}

static void
deny(struct admin_peer *peer, uid_t uid)
{
	struct pause *pause = &peer->admin->refusal_pause;
	int64_t now = clock_ms();

	if (!pause_holds(pause, now)) {
		log_warning("control socket: refused uid %u, which is neither "
			"root nor in admin_users or admin_groups", uid);
		pause_begin(pause, now);
	}
	refuse(peer, -EPERM);
	io_close_at_once(&peer->channel.fd);
}

static void
admit(struct admin_peer *peer, int fd)
{
	channel_open(&peer->channel, fd, PARTY_MASTER, PARTY_CONTROL,
		&channel_any_phase);
	peer->waits = false;
	if (!access_allows(peer->admin->source->configuration, fd,
	    &peer->uid)) {
		deny(peer, peer->uid);
		return;
	}
	peer->deadline = clock_ms() + ADMIN_PATIENCE_MS;
	int error = loop_watch(peer->admin->loop, &peer->watch, fd, receive,
		peer);
	if (error < 0) {
		refuse(peer, error);
		channel_close(&peer->channel);
	}
}

/* loop.h */
static void
accept_peers(void *context)
{
	struct admin *a = context;
	struct admin_peer *peer;

	for (int i = 0; i < ACCEPT_ROUND; i++) {
		if ((peer = free_place(a)) == NULL)
			return;
		int fd = accept4(a->socket.fd, NULL, NULL,
			SOCK_CLOEXEC | SOCK_NONBLOCK);
		if (fd < 0 && errno == ECONNABORTED)
			continue;
		if (fd < 0) {
			if (errno != EAGAIN && errno != EINTR)
				pause_begin(&a->accept_pause, clock_ms());
			return;
		}
		pause_clear(&a->accept_pause);
		admit(peer, fd);
	}
}

static void
set_listening(struct admin *a, bool on)
{
	if (!on)
		loop_unwatch(a->loop, &a->watch);
	else if (a->watch.fd < 0 && loop_watch(a->loop, &a->watch,
	    a->socket.fd, accept_peers, a) < 0)
		pause_begin(&a->accept_pause, clock_ms());
}

void
admin_step(struct admin *a, int64_t now)
{
	for (size_t i = 0; i < ADMIN_PEERS; i++) {
		struct admin_peer *peer = &a->peers[i];

		if (peer->channel.fd < 0 || now < peer->deadline)
			continue;
		receive(peer);	/* what came while the master was busy */
		if (peer->channel.fd >= 0 && !peer->waits)
			drop(peer);
	}
	set_listening(a, a->socket.fd >= 0 && free_place(a) != NULL &&
		!pause_holds(&a->accept_pause, now));
}

int64_t
admin_due(const struct admin *a, int64_t now)
{
	int64_t at = pause_end(&a->accept_pause, now);

	for (size_t i = 0; i < ADMIN_PEERS; i++)
		if (a->peers[i].channel.fd >= 0)
			at = clock_earlier(at, a->peers[i].deadline);
	return at;
}

static void
close_socket(struct admin *a)
{
	set_listening(a, false);
	control_socket_close(&a->socket);
}

void
admin_change(struct admin *a, const struct server_settings *settings)
{
	const char *path = settings->control_socket;
	bool shared = access_is_shared(settings);
	struct control_socket new;
	const char *why;

	if (a->adopted)
		return;
	if (*path == '\0') {
		close_socket(a);
		return;
	}
	if (control_socket_is_at(&a->socket, path)) {
		control_socket_share(&a->socket, shared);
		return;
	}
	if (control_socket_open(&new, path, shared, &why) < 0) {
		log_warning("control_socket %s: %s; sureftpctl cannot reach "
			"the server there", path, why);
		return;
	}
	close_socket(a);
	a->socket = new;
	set_listening(a, true);
}

void
admin_adopt(struct admin *a, int fd)
{
	close_socket(a);
	a->socket = (struct control_socket){ .fd = fd };
	a->adopted = true;
	set_listening(a, true);
}

void
admin_close(struct admin *a)
{
	close_socket(a);
	for (size_t i = 0; i < ADMIN_PEERS; i++)
		if (a->peers[i].channel.fd >= 0)
			drop(&a->peers[i]);
}

void
admin_save(const struct admin *a, struct state_writer *w)
{
	state_begin(w, STATE_ADMIN);
	control_socket_save(&a->socket, w);
	for (size_t i = 0; i < ADMIN_PEERS; i++) {
		state_put_fd(w, a->peers[i].channel.fd);
		STATE_PUT(w, a->peers[i].uid);
		STATE_PUT(w, a->peers[i].waits);
	}
	state_end(w);
}

/* It waits for the answer to its order, or has not sent its request yet. */
static void
restore_peer(struct admin_peer *peer, struct state_reader *r)
{
	int fd = state_get_fd(r);

	STATE_GET(r, peer->uid);
	STATE_GET(r, peer->waits);
	if (fd < 0)
		return;
	channel_open(&peer->channel, fd, PARTY_MASTER, PARTY_CONTROL,
		&channel_any_phase);
	peer->deadline = peer->waits ? CLOCK_NEVER :
		clock_ms() + ADMIN_PATIENCE_MS;
	if (loop_watch(peer->admin->loop, &peer->watch, fd, receive, peer) < 0)
		channel_close(&peer->channel);
}

void
admin_restore(struct admin *a, struct state_reader *r)
{
	state_enter(r, STATE_ADMIN);
	control_socket_restore(&a->socket, r);
	for (size_t i = 0; i < ADMIN_PEERS; i++)
		restore_peer(&a->peers[i], r);
	state_leave(r);
	set_listening(a, a->socket.fd >= 0);
}
