/*
 * relay.c - passes control bytes between TLS and the session's socket pair.
 *
 * Runs in: greeter, after login.  Never: parses what it passes on; holds more
 * than one buffer per direction.
 */
#include "common/base.h"

#include "worker/relay.h"

#include "common/clock.h"
#include "common/log/log.h"
#include "common/process/stack.h"
#include "common/tls/tls.h"

#include <malloc.h>
#include <poll.h>
#include <sys/socket.h>

#define UP_SIZE	   4096	/* from the client: about one line */
#define DOWN_SIZE  16384	/* to the client: one TLS record */
#define LAST_MS	   3000	/* to send the last bytes after the session has ended */
#define LAST_READS 64	/* of input that is discarded at a time */
#define TICKETS	   2	/* tickets sent after login, for clients that use each
			 * only once */

/* Bytes in one direction; `at` of `len` were passed on. */
struct pipe_buffer {
	char *data;
	size_t size;
	size_t at, len;
	bool ended;		/* the sending side has ended */
};

/* The steps of CCC: the session asks, the relay answers when everything before
 * that was sent, the session writes its reply, which is the last with TLS. */
enum ending {
	ENDING_NOT,
	ENDING_ASKED,
	ENDING_AFTER_NEXT,
	ENDING_NOW,
};

struct relay {
	struct stream *client;
	struct stream session;
	struct channel *channel;
	struct pipe_buffer up, down;
	int tickets;		/* tickets to be sent before anything else */
	enum ending ending;	/* the end of TLS (CCC) */
	short client_events;	/* poll events of the client's side */
	short read_events;	/* those that its last read waits for */
	bool client_ready, session_ready;	/* a read may succeed */
	bool asked;		/* the session waits for all that has arrived */
	int64_t deadline;	/* set after the session has ended */
};

NORETURN static void
leave(struct relay *r, enum outcome outcome)
{
	stream_close(r->client);
	_exit((int)outcome);
}

static bool
is_empty(const struct pipe_buffer *b)
{
	return b->at == b->len;
}

/* One read, if the buffer is empty, and one write.  The bytes passed on; 0 when
 * a side must be waited for or has ended; or -errno. */
static ssize_t
move(struct pipe_buffer *b, struct stream *from, struct stream *to)
{
	ssize_t n;

	if (is_empty(b)) {
		n = b->ended ? 0 : stream_read(from, b->data, b->size);
		if (n == 0)
			b->ended = true;
		if (n <= 0)
			return n == -EAGAIN ? 0 : n;
		b->at = 0;
		b->len = (size_t)n;
	}
	n = stream_write(to, b->data + b->at, b->len - b->at);
	if (n < 0)
		return n == -EAGAIN ? 0 : n;
	b->at += (size_t)n;
	return n;
}

static void
answer(struct relay *r, enum message_type type)
{
	struct message m UNINITIALIZED;

	message_begin(&m, type);
	/* If the session has exited, the next poll() reports it. */
	(void)!channel_send(r->channel, &m);
}

/* Send as many tickets as possible without blocking; an incomplete one is
 * continued with the next bytes. */
static void
send_tickets(struct relay *r)
{
	while (r->tickets > 0 && r->client->tls != NULL) {
		int error = tls_send_ticket(r->client->tls, &r->client_events);

		if (error == -EAGAIN)
			return;
		r->tickets--;
		if (error < 0 && error != -ENOTSUP)
			log_info("no ticket for the client: %s",
				tls_error(r->client->tls));
	}
}

/* From now on commands are in cleartext. */
static void
end_tls(struct relay *r)
{
	int error = stream_end_tls(r->client);

	if (error == -EAGAIN) {
		r->client_events = r->client->events;
		return;
	}
	if (error == -EPROTO)
		log_info("TLS data received after CCC");
	if (error < 0)
		leave(r, OUTCOME_LOST);
	r->ending = ENDING_NOT;
	r->up.ended = false;
	r->client_ready = true;
}

static void
handle_session(struct relay *r)
{
	struct message m UNINITIALIZED;
	int got = channel_recv(r->channel, &m);

	if (got == 0) {
		/* Bytes written before that are still to be sent. */
		channel_close(r->channel);
		r->deadline = clock_ms() + LAST_MS;
		return;
	}
	if (got == 1 && m.type == MESSAGE_ticket && r->client->tls != NULL) {
		r->tickets++;
	} else if (got == 1 && m.type == MESSAGE_catch_up) {
		r->asked = r->client_ready = true;
	} else if (got == 1 && m.type == MESSAGE_end_tls &&
		r->client->tls != NULL) {
		r->ending = ENDING_ASKED;
	} else {
		leave(r, OUTCOME_VIOLATION);
	}
}

/* Called when everything that the session wrote was sent; `moved`: some of it
 * just now. */
static void
go_on_ending(struct relay *r, bool moved)
{
	if (r->ending == ENDING_ASKED) {
		r->ending = ENDING_AFTER_NEXT;
		answer(r, MESSAGE_end_tls_ready);
	} else if (r->ending == ENDING_AFTER_NEXT && moved) {
		r->ending = ENDING_NOW;
	}
	if (r->ending == ENDING_NOW)
		end_tls(r);
}

/* Pass bytes from the session to the client.  True if any were passed on. */
static bool
work_down(struct relay *r)
{
	struct pipe_buffer *b = &r->down;
	bool moved = false;
	ssize_t n = 0;

	/* A read that fills no buffer was the last. */
	while ((!is_empty(b) || r->session_ready) &&
	    (n = move(b, &r->session, r->client)) > 0) {
		r->session_ready = b->len == b->size;
		moved = true;
	}
	if (n < 0 && !is_empty(&r->down))
		leave(r, OUTCOME_LOST);
	/* If the session exits with unread input, the read fails. */
	if (n < 0)
		r->down.ended = true;
	if (!is_empty(&r->down))
		r->client_events = r->client->events;
	return moved;
}

/* Pass bytes from the client to the session, and the end of the stream. After a
 * read error the client is lost, and gets no replies: the session must not
 * mistake that for a half that was closed after QUIT. */
static void
work_up(struct relay *r)
{
	bool had_ended = r->up.ended;
	ssize_t n = 0;

	while ((!is_empty(&r->up) || r->client_ready) &&
	    (n = move(&r->up, r->client, &r->session)) > 0) {
		r->client_ready = r->asked || stream_pending(r->client);
		r->read_events = POLLIN;
	}
	if (n == 0 && r->client_ready && is_empty(&r->up))
		r->read_events = r->client->events;
	if (n < 0 && is_empty(&r->up))
		leave(r, OUTCOME_LOST);
	if (n < 0) {
		r->up.ended = true;
		r->up.at = r->up.len;
	}
	if (is_empty(&r->up) && !r->up.ended)
		r->client_events |= r->read_events;
	if (r->up.ended && !had_ended)
		(void)shutdown(r->session.fd, SHUT_WR);
}

/* Do everything that is possible without blocking. */
static void
work(struct relay *r)
{
	r->client_events = 0;
	if (r->tickets > 0 && is_empty(&r->down))
		send_tickets(r);
	bool moved = work_down(r);
	if (r->ending != ENDING_NOT && is_empty(&r->down))
		go_on_ending(r, moved);
	if (r->ending != ENDING_NOW)
		work_up(r);
	if (r->asked)
		answer(r, MESSAGE_caught_up);
	r->asked = false;
}

static void
wait_for_work(struct relay *r)
{
	struct pollfd fds[] = {
		{ .fd = r->client->fd, .events = r->client_events },
		{ .fd = r->session.fd },
		{ .fd = r->channel->fd, .events = POLLIN },
	};

	if (!is_empty(&r->up))
		fds[1].events |= POLLOUT;
	if (is_empty(&r->down))
		fds[1].events |= POLLIN;
	/* A side without events to wait for is not polled, because its hang-up
	 * would keep poll() from waiting.  The client's hang-up is a reset,
	 * possibly after it has ended its half. */
	if (fds[1].events == 0)
		fds[1].fd = -1;
	if (poll(fds, ARRAY_SIZE(fds), clock_poll(r->deadline)) < 0 &&
		errno != EINTR)
		leave(r, OUTCOME_ERROR);
	if (clock_passed(r->deadline) ||
	    (fds[0].events == 0 && fds[0].revents != 0))
		leave(r, OUTCOME_LOST);
	r->client_ready = fds[0].revents != 0 || stream_pending(r->client);
	r->session_ready = fds[1].revents != 0;
	if (fds[2].revents != 0)
		handle_session(r);
}

/* The session's last bytes were sent: send close_notify, and read what the
 * client still sends, because closing a socket with unread input resets the
 * connection, and the client might lose the last bytes. */
NORETURN static void
finish(struct relay *r)
{
	int64_t deadline = clock_earlier(r->deadline, clock_ms() + LAST_MS);

	while (stream_end(r->client) == -EAGAIN &&
		stream_wait(r->client, deadline) == 0)
		;
	for (int i = 0; i < LAST_READS; i++)
		if (read(r->client->fd, r->up.data, r->up.size) <= 0)
			break;
	leave(r, OUTCOME_QUIT);
}

void
relay_run(struct stream *client, int session, struct channel *channel)
{
	static char up[UP_SIZE], down[DOWN_SIZE];
	struct relay r = {
		.client = client,
		.session = stream_plain(session),
		.up = { .data = up, .size = sizeof(up) },
		.down = { .data = down, .size = sizeof(down) },
		.channel = channel,
		.deadline = CLOCK_NEVER,
		.tickets = TICKETS,
		.read_events = POLLIN,
		.client_ready = true, .session_ready = true,
	};

	/* Complete commands are executed; a client that ends its half without
	 * close_notify may still wait for the replies. */
	if (client->tls != NULL)
		tls_accept_cut(client->tls);
	work(&r);
	/* Free memory that handshake and tickets needed, and an idle relay does
	 * not. */
	(void)malloc_trim(0);
	stack_release();
	while (!r.down.ended) {
		wait_for_work(&r);
		work(&r);
	}
	finish(&r);
}
