/*
 * pump.c - moves a transfer's bytes until it has ended, one way or another.
 *
 * Runs in: session.
 */
#include "common/base.h"

#include "worker/data/pump.h"

#include "common/clock.h"

#include <linux/sockios.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#define LOOK_MS	      50	/* longest work without a look at the watch */
#define SETTLE_MS_MAX 10	/* longest pause between looks at the socket */
/* TCP_CLOSE of <netinet/tcp.h>, which cannot stand beside <linux/tcp.h>. */
#define STATE_CLOSED  7
#define LOOK_ONLY     0		/* a deadline that has passed */

void
pump_moved(struct pump *p, size_t n)
{
	if (__builtin_add_overflow(p->result->bytes, n, &p->result->bytes))
		p->result->bytes = INT64_MAX;
	p->deadline = clock_after(p->stall);
}

static enum pump_step
fail_data(struct pump *p, int error)
{
	p->result->end = TRANSFER_DATA_LOST;
	p->result->error = error;
	return PUMP_FAILED;
}

enum pump_step
pump_stream_failed(struct pump *p, int error)
{
	if (error != -EAGAIN)
		return fail_data(p, -error);
	p->events = p->data->events;
	return PUMP_WAIT;
}

enum pump_step
pump_fail_local(struct pump *p, int error)
{
	p->result->end = TRANSFER_LOCAL_ERROR;
	p->result->error = error;
	return PUMP_FAILED;
}

/* Look at the socket and the watch.  A client that has ended its stream while
 * it still receives would keep poll() from waiting. */
static void
look(struct pump *p, int64_t deadline)
{
	int fd = p->events != 0 ? p->data->fd : -1;

	p->result->end = watch_wait(p->watch, fd, p->events, deadline);
	if (p->result->end == TRANSFER_LOCAL_ERROR)
		p->result->error = errno;
	p->look_at = clock_ms() + LOOK_MS;
}

/* A read of whatever comes, TLS or not.  The kernel's TLS gives what is no
 * data, such as the client's end, to TLS alone. */
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

/* Throw away what a client sends where it should only read: closing a socket
 * with unread input resets it, and the client would lose what is under way. */
static int
discard_input(struct pump *p)
{
	char scratch[4096];
	ssize_t n;

	if (p->data->wait_end) {
		n = stream_read(p->data, scratch, sizeof(scratch));
		if (n == 0)
			p->data->wait_end = false;
	} else {
		n = read_raw(p->data, scratch, sizeof(scratch));
	}
	if (n == 0)
		p->events = 0;
	return n >= 0 || n == -EAGAIN || n == -EINTR ? 0 : (int)n;
}

/* The kernel's view of the connection.  Only sockets that are not TCP have
 * none, and they lose nothing. */
static bool
tcp_view(const struct pump *p, struct tcp_info *info)
{
	socklen_t size = sizeof(*info);

	memset(info, 0, sizeof(*info));
	return getsockopt(p->data->fd, IPPROTO_TCP, TCP_INFO, info,
		&size) == 0;
}

/* After a reset the kernel has forgotten what it could not send. */
static void
note_unsent(struct pump *p, const struct tcp_info *info)
{
	if (info->tcpi_state != STATE_CLOSED)
		p->unsent = info->tcpi_notsent_bytes > 0;
}

/* All content is written, and the end is not: note where that will be. */
static void
note_content_end(struct pump *p)
{
	struct tcp_info info;
	int waiting = 0;

	/* An empty file is with the client from the beginning. */
	if (p->result->bytes == 0 || !tcp_view(p, &info) ||
		ioctl(p->data->fd, SIOCOUTQ, &waiting) < 0)
		return;
	p->content_end = info.tcpi_bytes_acked + (uint64_t)waiting;
	note_unsent(p, &info);
}

/*
 * Clients that know the size close when they have it, over an end that they
 * have not read: that resets the connection, and harms nothing.  The last two
 * segments may be with the client though unacknowledged (RFC 1122 4.2.3.2).
 */
static enum pump_step
lost_at_the_end(struct pump *p, int error)
{
	struct tcp_info info;

	if (!p->data->wait_end && !p->unsent && tcp_view(p, &info) &&
		info.tcpi_bytes_acked + 2 * info.tcpi_snd_mss >=
		p->content_end)
		return PUMP_DONE;
	return fail_data(p, error);
}

/* Has the client's kernel acknowledged everything, the end included? */
static bool
acknowledged(struct pump *p)
{
	struct tcp_info info;

	if (!tcp_view(p, &info))
		return true;
	note_unsent(p, &info);
	if (info.tcpi_bytes_acked != p->acknowledged)
		p->deadline = clock_after(p->stall);
	p->acknowledged = info.tcpi_bytes_acked;
	return info.tcpi_unacked == 0 && info.tcpi_notsent_bytes == 0;
}

/*
 * The step after the last byte was written.  No event tells that it was
 * acknowledged, so the socket is asked, less and less often; most clients
 * close at once, and that wakes us.
 */
static enum pump_step
settle(struct pump *p)
{
	bool all = acknowledged(p);
	int error = p->events != 0 ? discard_input(p) : 0;

	if (error < 0)
		return lost_at_the_end(p, -error);
	if (all && !p->data->wait_end)
		return PUMP_DONE;
	p->retry = p->retry == 0 ? 1 : p->retry * 2;
	if (p->retry > SETTLE_MS_MAX)
		p->retry = SETTLE_MS_MAX;
	return PUMP_WAIT;
}

/* close_notify may have to wait for room, so ending is a step of its own. */
static enum pump_step
end_stream(struct pump *p)
{
	int error = stream_end(p->data);

	if (error == -EAGAIN)
		return pump_stream_failed(p, error);
	if (error < 0)
		return lost_at_the_end(p, ECONNRESET);
	p->step = settle;
	p->events = POLLIN;
	return PUMP_AGAIN;
}

/* A client that gives an upload up sends ABOR, or goes, and ends its data
 * stream as if it were complete: the end counts only after a last look. */
static void
accept_end_of_stream(struct pump *p)
{
	look(p, LOOK_ONLY);
	if (p->result->end == TRANSFER_RUNNING)
		p->result->end = TRANSFER_COMPLETE;
}

/* The deadline is judged only here, after a step that moved nothing. */
static void
wait_for_socket(struct pump *p)
{
	int64_t until = p->deadline;

	if (clock_passed(p->deadline)) {
		p->result->end = TRANSFER_STALLED;
		return;
	}
	if (p->retry > 0)
		until = clock_earlier(until, clock_ms() + p->retry);
	look(p, until);
}

static void
go_on(struct pump *p, enum pump_step step)
{
	switch (step) {
	case PUMP_AGAIN:
		if (clock_ms() >= p->look_at)
			look(p, LOOK_ONLY);
		break;
	case PUMP_WAIT:
		wait_for_socket(p);
		break;
	case PUMP_SENT:
		note_content_end(p);
		p->step = end_stream;
		break;
	case PUMP_RECEIVED:
		accept_end_of_stream(p);
		break;
	case PUMP_DONE:
		p->result->end = TRANSFER_COMPLETE;
		break;
	case PUMP_FAILED:
		break;
	}
}

/* Let close() reset the connection: an orderly end of stream would tell the
 * client that it has everything. */
static void
reset_when_closed(int data)
{
	struct linger now = { .l_onoff = 1, .l_linger = 0 };

	(void)setsockopt(data, SOL_SOCKET, SO_LINGER, &now, sizeof(now));
}

void
pump_run(struct pump *p, int64_t stall)
{
	int64_t began = clock_ms();
	bool sends = p->events == POLLOUT;

	*p->result = (struct transfer_result){ .end = TRANSFER_RUNNING };
	p->stall = stall;
	p->deadline = clock_after(stall);
	p->look_at = began + LOOK_MS;

	while (p->result->end == TRANSFER_RUNNING)
		go_on(p, p->step(p));

	if (sends && p->result->end != TRANSFER_COMPLETE &&
	    p->result->end != TRANSFER_ABORTED)
		reset_when_closed(p->data->fd);
	p->result->duration_ms = clock_ms() - began;
}
