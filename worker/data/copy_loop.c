/*
 * copy_loop.c - the loop of a data transfer.
 *
 * Runs in: session.
 */
#include "common/base.h"

#include "worker/data/copy_loop.h"

#include "common/clock.h"
#include "common/process/page.h"
#include "worker/show.h"

#include <linux/sockios.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#define POLL_MS	     50	/* longest work without polling the watch */
#define IDLE_MS	     1000	/* without an event: idle */
#define DRAIN_MS_MAX 10	/* longest pause until the socket is asked again */
/* TCP_FIN_WAIT2 and TCP_CLOSE of <netinet/tcp.h>, which conflicts with
 * <linux/tcp.h>. */
#define STATE_FIN_WAIT2	5
#define STATE_CLOSED	7
#define NO_WAIT	     0	/* any time in the past */

void
copy_loop_moved(struct copy_loop *c, size_t n)
{
	if (__builtin_add_overflow(c->result->bytes, n, &c->result->bytes))
		c->result->bytes = INT64_MAX;
	page_moved(c->result->bytes);
	c->deadline = clock_after(c->stall);
}

static enum copy_step
fail_data(struct copy_loop *c, int error)
{
	c->result->end = TRANSFER_DATA_LOST;
	c->result->error = error;
	return COPY_FAILED;
}

enum copy_step
copy_loop_wait_or_fail(struct copy_loop *c, int error)
{
	if (error != -EAGAIN)
		return fail_data(c, -error);
	/* MODE Z: a few bytes may be a large part of the file. */
	if (c->data->moved)
		copy_loop_moved(c, 0);
	c->data->moved = false;
	c->events = c->data->events;
	return COPY_WAIT;
}

enum copy_step
copy_loop_fail_local(struct copy_loop *c, int error)
{
	c->result->end = TRANSFER_LOCAL_ERROR;
	c->result->error = error;
	return COPY_FAILED;
}

/* Poll the socket and the watch.  Without events to wait for the socket is not
 * polled, because a hang-up would keep poll() from waiting. */
static void
poll_all(struct copy_loop *c, int64_t deadline)
{
	int fd = c->events != 0 ? c->data->fd : -1;

	c->result->end = watch_wait(c->watch, fd, c->events, deadline);
	if (c->result->end == TRANSFER_LOCAL_ERROR)
		c->result->error = errno;
	c->next_poll = clock_ms() + POLL_MS;
	show_progress();
}

/* Read anything, with or without TLS.  With kernel TLS, records other than
 * data, such as close_notify, can only be read through TLS. */
static ssize_t
read_raw(struct stream *s, char *data, size_t size)
{
	ssize_t n = read(s->fd, data, size);

	if (n >= 0)
		return n;
	if (s->tls == NULL || (errno != EIO && errno != EBADMSG))
		return -errno;
	n = stream_read(s, data, size);
	return n == -EBADMSG || n == -EPIPE ? 0 : n;
}

/* Discard what a client sends during a download: closing a socket with unread
 * input resets the connection, and the client would lose data in flight. */
static int
discard_input(struct copy_loop *c)
{
	char scratch[4096];
	ssize_t n;

	if (c->data->wait_end) {
		n = stream_read(c->data, scratch, sizeof(scratch));
		if (n == 0)
			c->data->wait_end = false;
	} else {
		n = read_raw(c->data, scratch, sizeof(scratch));
	}
	if (n == 0)
		c->events = 0;
	return n >= 0 || n == -EAGAIN || n == -EINTR ? 0 : (int)n;
}

/* The kernel's TCP state of the connection.  Other sockets have none, and lose
 * nothing. */
static bool
tcp_view(const struct copy_loop *c, struct tcp_info *info)
{
	socklen_t size = sizeof(*info);

	memset(info, 0, sizeof(*info));
	return getsockopt(c->data->fd, IPPROTO_TCP, TCP_INFO, info,
		&size) == 0;
}

/* Has the client already ended its half?  It may still be reading, or have
 * disconnected. */
static bool
has_ended(const struct copy_loop *c)
{
	struct pollfd fd = { .fd = c->data->fd, .events = POLLRDHUP };

	return poll(&fd, 1, 0) == 1 && (fd.revents & POLLRDHUP) != 0;
}

/* All content is written, but not the end of the stream: record where that will
 * be. */
static void
note_content_end(struct copy_loop *c)
{
	struct tcp_info info;
	int waiting = 0;

	/* Not needed for an empty file, or without TLS, where the bytes
	 * acknowledged can be compared with those sent. */
	if (c->result->bytes == 0 || c->data->tls == NULL ||
		!tcp_view(c, &info) ||
		ioctl(c->data->fd, SIOCOUTQ, &waiting) < 0)
		return;
	c->content_end = info.tcpi_bytes_acked + (uint64_t)waiting;
}

/* Where the content ends among the bytes that can be acknowledged. */
static uint64_t
end_of_content(const struct copy_loop *c)
{
	return c->data->tls != NULL ? c->content_end : c->data->sent;
}

/* After a reset, when the kernel has discarded unsent data: had all content
 * been sent before?  The SYN of an active connection is acknowledged, but does
 * not count as sent. */
static bool
all_was_sent(const struct copy_loop *c, const struct tcp_info *info)
{
	return info->tcpi_bytes_sent - info->tcpi_bytes_retrans + 1 >=
		end_of_content(c);
}

/*
 * Clients that know the size may close without reading the end of the stream,
 * which resets the connection; that is not an error.  Up to two segments may
 * have been received without an acknowledgement (RFC 1122 4.2.3.2), but not if
 * the client had left before the first.  An empty file is always complete.
 */
static enum copy_step
lost_at_the_end(struct copy_loop *c, int error)
{
	struct tcp_info info;

	if (c->left && c->result->bytes > 0)
		return fail_data(c, error);
	if (!c->data->wait_end && tcp_view(c, &info) &&
		all_was_sent(c, &info) &&
		info.tcpi_bytes_acked + 2 * info.tcpi_snd_mss >=
			end_of_content(c))
		return COPY_DONE;
	return fail_data(c, error);
}

/* Has the client's kernel acknowledged everything, including our FIN?  *silent:
 * and the client has sent neither data nor its FIN; *reset: it has reset the
 * connection instead, which read(2) does not report after its FIN. */
static bool
acknowledged(struct copy_loop *c, bool *silent, bool *reset)
{
	struct tcp_info info;

	*silent = *reset = false;
	if (!tcp_view(c, &info))
		return true;
	*reset = info.tcpi_state == STATE_CLOSED &&
		info.tcpi_bytes_acked < end_of_content(c);
	*silent = info.tcpi_state == STATE_FIN_WAIT2 &&
		info.tcpi_bytes_received == 0;
	if (info.tcpi_bytes_acked != c->acknowledged)
		c->deadline = clock_after(c->stall);
	c->acknowledged = info.tcpi_bytes_acked;
	return info.tcpi_unacked == 0 && info.tcpi_notsent_bytes == 0;
}

/*
 * The step after the end was written.  There is no event for its
 * acknowledgement, so the socket is queried, with growing pauses; most clients
 * close at once, which ends the wait.
 */
static enum copy_step
drain(struct copy_loop *c)
{
	bool silent, reset;
	bool all = acknowledged(c, &silent, &reset);
	int error = c->events != 0 && !silent ? discard_input(c) : 0;

	if (error < 0 || reset)
		return lost_at_the_end(c, error < 0 ? -error : ECONNRESET);
	if (all && !c->data->wait_end)
		return COPY_DONE;
	c->retry = c->retry == 0 ? 1 : c->retry * 2;
	if (c->retry > DRAIN_MS_MAX)
		c->retry = DRAIN_MS_MAX;
	return COPY_WAIT;
}

/* close_notify may block, so ending is a separate step. */
static enum copy_step
end_stream(struct copy_loop *c)
{
	int error = stream_end(c->data);

	if (error == -EAGAIN)
		return copy_loop_wait_or_fail(c, error);
	if (error < 0)
		return lost_at_the_end(c, ECONNRESET);
	c->step = drain;
	c->events = POLLIN;
	return COPY_AGAIN;
}

/* MODE Z: part of the content may not have been compressed and sent yet. */
static enum copy_step
finish_stream(struct copy_loop *c)
{
	int error = stream_finish(c->data);

	if (error < 0)
		return copy_loop_wait_or_fail(c, error);
	note_content_end(c);
	c->step = end_stream;
	return COPY_AGAIN;
}

/* A client that cancels an upload sends ABOR, or disconnects, and ends its data
 * stream as if it were complete.  So poll the control connection once more
 * before the upload counts as complete. */
static void
accept_end_of_stream(struct copy_loop *c)
{
	c->events = 0;
	poll_all(c, NO_WAIT);
	if (c->result->end == TRANSFER_RUNNING)
		c->result->end = TRANSFER_COMPLETE;
}

/* Waiting for the rate limit does not count as a stall of the client. */
static void
wait_for_rate(struct copy_loop *c)
{
	poll_all(c, c->data->due);
	c->deadline = clock_after(c->stall);
}

/* Wait for the socket, at most until then.  A long wait ends early once, to
 * notify the watch. */
static void
wait_until(struct copy_loop *c, int64_t until)
{
	int64_t began = clock_ms();

	if (!c->idle)
		until = clock_earlier(until, began + IDLE_MS);
	poll_all(c, until);
	if (c->idle || clock_ms() - began < IDLE_MS)
		return;
	c->idle = true;
	if (c->watch->idle != NULL && c->result->end == TRANSFER_RUNNING)
		c->watch->idle(c->watch->context);
}

/* The deadline is checked only here, after a step without progress. */
static void
wait_for_socket(struct copy_loop *c)
{
	int64_t until = c->deadline;

	if (c->data->due != 0) {
		wait_for_rate(c);
		return;
	}
	if (clock_passed(c->deadline)) {
		c->result->end = TRANSFER_STALLED;
		return;
	}
	if (c->retry > 0)
		until = clock_earlier(until, clock_ms() + c->retry);
	wait_until(c, until);
}

static void
go_on(struct copy_loop *c, enum copy_step step)
{
	switch (step) {
	case COPY_AGAIN:
		if (clock_ms() >= c->next_poll)
			poll_all(c, NO_WAIT);
		break;
	case COPY_WAIT:
		wait_for_socket(c);
		break;
	case COPY_SENT:
		c->step = finish_stream;
		break;
	case COPY_RECEIVED:
		accept_end_of_stream(c);
		break;
	case COPY_DONE:
		c->result->end = TRANSFER_COMPLETE;
		break;
	case COPY_FAILED:
		break;
	}
}

/* A client that has left without waiting for the reply may have sent all: store
 * what arrives within a second.  With a rate limit, only what it allows now. */
static void
store_arrived(struct copy_loop *c)
{
	int64_t until = clock_after(1);
	enum copy_step step;

	do
		step = c->step(c);
	while ((step == COPY_AGAIN && !clock_passed(until)) ||
		(step == COPY_WAIT && c->data->due == 0 &&
		stream_wait(c->data, until) == 0));
	c->result->end = TRANSFER_CONTROL_LOST;
}

void
copy_loop_run(struct copy_loop *c, int64_t stall)
{
	int64_t began = clock_ms();
	bool sends = c->events == POLLOUT;

	*c->result = (struct transfer_result){ .end = TRANSFER_RUNNING };
	c->stall = stall;
	c->deadline = clock_after(stall);
	c->next_poll = began + POLL_MS;
	c->left = sends && has_ended(c);
	if (sends)
		stream_gather(c->data);

	while (c->result->end == TRANSFER_RUNNING)
		go_on(c, c->step(c));

	if (!sends && c->events != 0 &&	/* 0: all was received */
		c->result->end == TRANSFER_CONTROL_LOST)
		store_arrived(c);
	if (sends && c->result->end != TRANSFER_COMPLETE &&
	    c->result->end != TRANSFER_ABORTED)
		stream_reset(c->data);
	c->result->duration_ms = clock_ms() - began;
}

void
copy_loop_fail_before(struct transfer_result *result, int error)
{
	*result = (struct transfer_result){
		.end = TRANSFER_LOCAL_ERROR,
		.error = error,
	};
}
