/*
 * admin.c - the master's side of sureftpctl.
 *
 * Runs in: master.
 * Never: waits for sureftpctl, or believes it anything but what the kernel
 * says of it.
 */
#include "common/base.h"
#include "daemon/control/admin.h"

#include "common/clock.h"
#include "common/io.h"
#include "common/log/log.h"
#include "daemon/master.h"
#include "daemon/scoreboard.h"

#include <sys/socket.h>

#define ACCEPT_ROUND 16	/* before clients and workers get their turn */

void
admin_init(struct admin *a)
{
	*a = (struct admin){ .socket = { .fd = -1 } };
	for (size_t i = 0; i < ADMIN_PEERS; i++)
		a->peers[i].channel.fd = -1;
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
listen_to(struct master *m, bool on)
{
	struct admin *a = &m->admin;

	if (a->listening == on)
		return;
	if (!on) {
		master_unwatch(m, a->socket.fd);
		a->listening = false;
		return;
	}
	int error = master_watch(m, a->socket.fd, MASTER_CONTROL_SOCKET, 0);
	if (error < 0)
		pause_begin(&a->accept_pause, clock_ms());
	else
		a->listening = true;
}

static void
drop(struct master *m, struct admin_peer *peer)
{
	master_unwatch(m, peer->channel.fd);
	channel_close(&peer->channel);
}

/* One that does not take its answer is not waited for. */
static void
answer(struct admin_peer *peer, struct message *message)
{
	(void)!channel_send(&peer->channel, message);
}

static void
refuse(struct admin_peer *peer, int error)
{
	struct message message;

	message_zero(&message);
	message.type = MESSAGE_ask_refused;
	message.ask_refused.error = -error;
	answer(peer, &message);
}

static void
show_scoreboard(struct master *m, struct admin_peer *peer)
{
	struct message message;
	int fd = scoreboard_make(m);

	if (fd < 0) {
		log_error("cannot make a scoreboard: %s", log_errno(fd));
		refuse(peer, fd);
		return;
	}
	message_zero(&message);
	message.type = MESSAGE_scoreboard;
	message.fds[0] = fd;
	answer(peer, &message);
	io_close(&fd);
}

void
admin_hear(struct master *m, uint32_t which)
{
	struct admin_peer *peer = &m->admin.peers[which % ADMIN_PEERS];
	struct message message;

	if (peer->channel.fd < 0)
		return;
	int r = channel_recv(&peer->channel, &message);
	if (r == -EAGAIN)
		return;
	if (r == 1 && message.type == MESSAGE_ask_scoreboard)
		show_scoreboard(m, peer);
	else if (r == 1)
		bug("a question without an answer");
	drop(m, peer);
}

/* What the kernel says of the program at the other end. */
static bool
is_root(int fd, uid_t *uid)
{
	struct ucred who = { .uid = (uid_t)-1 };
	socklen_t size = sizeof(who);

	bool known = getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &who, &size) == 0;
	*uid = who.uid;
	return known && who.uid == 0;
}

static void
turn_away(struct master *m, struct admin_peer *peer, uid_t uid)
{
	struct pause *pause = &m->admin.refusal_pause;
	int64_t now = clock_ms();

	if (!pause_holds(pause, now)) {
		log_warning("control socket: user %u is not root", uid);
		pause_begin(pause, now);
	}
	refuse(peer, -EPERM);
	channel_close(&peer->channel);
}

static void
seat(struct master *m, struct admin_peer *peer, int fd)
{
	uid_t uid;

	channel_open(&peer->channel, fd, PARTY_MASTER, PARTY_CONTROL,
		&channel_any_phase);
	if (!is_root(fd, &uid)) {
		turn_away(m, peer, uid);
		return;
	}
	peer->deadline = clock_ms() + ADMIN_PATIENCE_MS;
	int error = master_watch(m, fd, MASTER_CONTROL,
		(uint32_t)(peer - m->admin.peers));
	if (error < 0) {
		refuse(peer, error);
		channel_close(&peer->channel);
	}
}

void
admin_accept(struct master *m)
{
	struct admin *a = &m->admin;
	struct admin_peer *peer;

	if (!a->listening)
		return;
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
		seat(m, peer, fd);
	}
}

void
admin_step(struct master *m, int64_t now)
{
	struct admin *a = &m->admin;

	for (size_t i = 0; i < ADMIN_PEERS; i++)
		if (a->peers[i].channel.fd >= 0 &&
		    now >= a->peers[i].deadline)
			drop(m, &a->peers[i]);
	listen_to(m, a->socket.fd >= 0 && free_place(a) != NULL &&
		!pause_holds(&a->accept_pause, now));
}

int64_t
admin_due(const struct master *m, int64_t now)
{
	const struct admin *a = &m->admin;
	int64_t at = pause_end(&a->accept_pause, now);

	for (size_t i = 0; i < ADMIN_PEERS; i++)
		if (a->peers[i].channel.fd >= 0)
			at = clock_earlier(at, a->peers[i].deadline);
	return at;
}

static void
close_socket(struct master *m)
{
	listen_to(m, false);
	control_socket_close(&m->admin.socket);
}

void
admin_change(struct master *m)
{
	const char *path = m->settings->server.control_socket;
	struct control_socket new;
	const char *why;

	if (*path == '\0') {
		close_socket(m);
		return;
	}
	if (control_socket_stands(&m->admin.socket, path))
		return;
	if (control_socket_open(&new, path, &why) < 0) {
		log_warning("control_socket %s: %s; sureftpctl will not find "
			"this server there", path, why);
		return;
	}
	close_socket(m);
	m->admin.socket = new;
	listen_to(m, true);
}

void
admin_close(struct master *m)
{
	close_socket(m);
	for (size_t i = 0; i < ADMIN_PEERS; i++)
		if (m->admin.peers[i].channel.fd >= 0)
			drop(m, &m->admin.peers[i]);
}
