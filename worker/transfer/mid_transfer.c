/*
 * mid_transfer.c - handles the control connection and the monitor during a
 * transfer command.
 *
 * Runs in: session.
 */
#include "common/base.h"

#include "worker/transfer/mid_transfer.h"

#include "common/clock.h"
#include "worker/command.h"
#include "worker/tls_control.h"
#include "worker/transfer/data_transfer.h"

#include <poll.h>

#define MOST_READS 4	/* of the control connection, after an upload */

/* The row of the next unhandled line, or NULL; *kind is the kind of line. */
static const struct command *
next_row(struct session *s, size_t *at, enum control_line *kind)
{
	char *line;
	size_t len;

	*kind = control_peek(&s->control, at, &line, &len);
	return *kind == CONTROL_LINE ? command_find(s, line, len) : NULL;
}

/* More than max_command_rate wait, like commands of other kinds, but must not
 * hold up the transfer. */
static bool
is_for_now(struct session *s, const struct command *row)
{
	return row != NULL && (row->flags & COMMAND_MID_TRANSFER) &&
		flood_allows(&s->command_budget, clock_ms());
}

/* Empty lines are skipped (command_loop.c) and delay no command. */
static bool
is_nothing(struct session *s)
{
	size_t at = 0, len;
	char *line;

	return control_peek(&s->control, &at, &line, &len) == CONTROL_LINE &&
		len == 0;
}

/* Execute the lines that need not wait. */
static void
run_lines(struct session *s)
{
	enum control_line kind;
	const struct command *row;
	size_t at = 0, len;
	char *line;

	while (is_for_now(s, row = next_row(s, &at, &kind)) ||
		is_nothing(s)) {
		control_next(&s->control, &line, &len);
		if (row != NULL) {
			command_log(s, row, line);
			row->run(s, line + (command_argument(row, line, len) -
				line));
		}
		session_pace(s);
		at = s->transfer->searched = 0;
	}
}

/* Is a command with this flag among the unhandled lines from *at on, which is
 * advanced? */
static bool
has_sent(struct session *s, unsigned flag, size_t *at)
{
	enum control_line kind;

	do {
		const struct command *row = next_row(s, at, &kind);
		if (row != NULL && (row->flags & flag))
			return true;
	} while (kind != CONTROL_NONE);
	return false;
}

/* Other commands wait for the end of the transfer, and before the 150 all do.
 * Reading continues, because ABOR must be noticed also after such a command;
 * it is replied to in its turn, after the transfer.  Each line is searched
 * once, also if they arrive byte by byte. */
static enum transfer_end
handle_lines(struct session *s)
{
	if (s->transfer->announced)
		run_lines(s);
	if (s->reply.lost)
		return TRANSFER_CONTROL_LOST;
	if (has_sent(s, COMMAND_ABORTS, &s->transfer->searched))
		return TRANSFER_ABORTED;
	s->watch.control_events = POLLIN;
	return TRANSFER_RUNNING;
}

/*
 * The client has closed its half of the control connection.  If its last
 * command is QUIT, it still waits for the replies, as simple clients do, and
 * the data connection determines how the transfer ends.  Otherwise the client
 * is lost.
 */
static enum transfer_end
half_closed(struct session *s)
{
	if (!has_sent(s, COMMAND_LAST, &(size_t){ 0 }))
		return TRANSFER_CONTROL_LOST;
	s->watch.control_events = 0;
	return TRANSFER_RUNNING;
}

static enum transfer_end
control_ready(void *context, bool readable)
{
	struct session *s = context;
	bool waited = s->watch.control_events == POLLRDHUP;
	int r = readable ? control_read(&s->control) : -EAGAIN;

	if (r < 0 && r != -EAGAIN && r != -ENOBUFS)
		return TRANSFER_CONTROL_LOST;
	enum transfer_end end = handle_lines(s);
	if (end != TRANSFER_RUNNING)
		return end;
	/* End of file; or it follows more lines than fit into the buffer. */
	if (r == 0 || (r == -ENOBUFS && waited))
		return half_closed(s);
	if (control_is_full(&s->control))
		s->watch.control_events = POLLRDHUP;
	return TRANSFER_RUNNING;
}

/* Read all that is there: what was sent first, and then perhaps the end. */
static enum transfer_end
look_again(struct session *s)
{
	struct pollfd control = { .fd = s->watch.control_fd };
	enum transfer_end end = TRANSFER_RUNNING;

	for (int i = 0; i < MOST_READS && end == TRANSFER_RUNNING; i++) {
		control.events = s->watch.control_events;
		if (i > 0 && poll(&control, 1, 0) <= 0)
			break;
		end = watch_wait(&s->watch, -1, 0, clock_ms());
	}
	return end;
}

void
mid_transfer_check_end(struct session *s)
{
	struct transfer_result *result = &s->transfer->result;
	enum transfer_end end = TRANSFER_CONTROL_LOST;

	if (result->end != TRANSFER_COMPLETE || s->relay.fd < 0)
		return;
	if (tls_control_catch_up(s))
		end = look_again(s);
	result->error = end == TRANSFER_LOCAL_ERROR ? errno : 0;
	result->end = end == TRANSFER_RUNNING ? TRANSFER_COMPLETE : end;
}

static enum transfer_end
monitor_ready(void *context)
{
	return session_receive_monitor(context) ? TRANSFER_RUNNING
						: TRANSFER_STOPPED;
}

static void
idle(void *context)
{
	struct session *s = context;

	data_keepalive(&s->data, s->transfer->stream.fd);
	quota_flush(s->tree.quota);
	/* The client may wait for the reply before it goes on. */
	if (s->transfer->announced)
		run_lines(s);
}

void
mid_transfer_init(struct session *s)
{
	s->watch = (struct watch){
		.control_fd = s->control.stream.fd,
		.monitor_fd = s->monitor.fd,
		.control_events = POLLIN,
		.control = control_ready,
		.monitor = monitor_ready,
		.idle = idle,
		.context = s,
	};
}
