/*
 * command_loop.c - the command loop: reads a line, finds its row, checks state,
 * argument and permission in one place for all commands, and runs it; between
 * commands it watches timeouts and the monitor.
 *
 * Runs in: greeter, session.  Never: decides what the user may do with files;
 * worker/tree and the kernel do.
 */
#include "common/base.h"

#include "worker/command_loop.h"

#include "common/clock.h"
#include "common/log/log.h"
#include "common/process/secret.h"
#include "common/process/stack.h"
#include "common/text.h"
#include "worker/command.h"
#include "worker/show.h"

#include <poll.h>

/* Unknown commands that are allowed before login.  A user may mistype a few; a
 * client of another protocol sends more. */
#define MAX_UNKNOWN_BEFORE_LOGIN 10

#define IDLE_MS 1000	/* time without a command after which memory is freed */
#define BUSY_MS 100	/* time without reading the monitor's messages, while
			 * commands keep coming */

/* --- one line */

/* An unknown command.  A browser or mail client that is tricked into connecting
 * sends GET, POST, EHLO...: before login such a session ends at once, so that
 * what follows is not parsed as commands. */
static void
unknown(struct session *s, const char *line, size_t len)
{
	static const char *const foreign[] = { "GET", "POST", "PUT", "HEAD",
		"CONNECT", "TRACE", "PATCH", "DELETE", "OPTIONS", "PRI",
		"EHLO", "HELO", "LHLO", "MAIL", "RCPT", "DATA", "BDAT" };
	const char *blank = memchr(line, ' ', len);
	size_t verb_len = blank == NULL ? len : (size_t)(blank - line);

	reply(&s->reply, 500, "Command not understood.");
	if (s->identity != NULL)
		return;
	for (size_t i = 0; i < ARRAY_SIZE(foreign); i++) {
		if (!text_same(foreign[i], strlen(foreign[i]), line, verb_len))
			continue;
		log_warning("the client sent %s, which is a command of HTTP "
			"or SMTP", foreign[i]);
		session_end(s, OUTCOME_VIOLATION);
	}
	if (++s->login.unknown_commands < MAX_UNKNOWN_BEFORE_LOGIN)
		return;
	log_warning("%d unknown commands before login",
		MAX_UNKNOWN_BEFORE_LOGIN);
	session_end(s, OUTCOME_VIOLATION);
}

/* Is the command allowed before or after login?  Replies to the client if it is
 * not. */
static bool
check_state(struct session *s, const struct command *row)
{
	bool logged_in = s->identity != NULL;

	if (row->run == NULL && row->help[0] != '\0')
		reply(&s->reply, 502, "%s is not supported; %s.", row->verb,
			row->help);
	else if (row->run == NULL || !command_is_offered(s, row))
		reply(&s->reply, 502, "%s is not supported.", row->verb);
	else if (!logged_in && !(row->flags & COMMAND_BEFORE_LOGIN))
		reply(&s->reply, 530, "Please log in with USER and PASS.");
	else if (logged_in && !(row->flags & COMMAND_AFTER_LOGIN))
		reply(&s->reply, 503, "You are already logged in.");
	else
		return true;
	return false;
}

/* Superfluous arguments are ignored, as other servers do. */
static bool
check_argument(struct session *s, const struct command *row,
	const char *argument)
{
	if (!(row->flags & COMMAND_ARGUMENT) || argument[0] != '\0')
		return true;
	BUFFER(usage, 200);
	command_add_usage(&usage, s, row);
	reply(&s->reply, 501, "%s needs an argument: %s", row->verb,
		buffer_text(&usage));
	return false;
}

/* One of the missing permissions, or 0. */
static uint32_t
missing_permission(const struct session *s, uint32_t needed)
{
	for (uint32_t bit = 1; bit <= needed; bit <<= 1)
		if ((needed & bit) && !tree_permits(&s->tree, bit))
			return bit;
	return 0;
}

static bool
check_permission(struct session *s, const struct command *row)
{
	uint32_t missing = missing_permission(s, row->permission);

	if (missing == 0)
		return true;
	log_info("%s refused: the account lacks the permission %c", row->verb,
		permissions_letter(missing));
	reply_errno(&s->reply, permissions_errno(missing));
	return false;
}

/* False if it was not allowed to run. */
static bool
run(struct session *s, const struct command *row, size_t len)
{
	char *argument = s->line + (command_argument(row, s->line, len) -
		s->line);

	if (row->flags & COMMAND_WORDS)
		argument = text_trim(argument);
	s->command = row;
	show_command(row->verb);
	if (!check_state(s, row) || !check_argument(s, row, argument) ||
		!check_permission(s, row))
		return false;
	row->run(s, argument);
	return true;
}

/* REST, RNFR and SITE CPFR apply to the next command only. */
static void
forget_pending(struct session *s, unsigned flags)
{
	if (!(flags & COMMAND_KEEPS_RESTART))
		s->pending.restart = s->pending.range_end =
			s->pending.announced = 0;
	if (!(flags & COMMAND_KEEPS_RENAME))
		s->pending.from[0] = '\0';
}

/* The line as UTF-8, into s->line; its length or -errno. */
static ssize_t
take_line(struct session *s, const char *line, size_t len)
{
	const struct charset *c = s->reply.charset;
	ssize_t n = (ssize_t)len;

	if (c == NULL)
		memcpy(s->line, line, len);
	else
		n = charset_decode(c, line, len, s->line, CONTROL_LINE_MAX);
	s->line[n < 0 ? 0 : n] = '\0';
	control_done(&s->control);
	return n;
}

/* It resets REST and RNFR like a command. */
static void
refuse_line(struct session *s, ssize_t error)
{
	forget_pending(s, 0);
	if (error == -EMSGSIZE)
		reply(&s->reply, 500, "Line too long: at most %d bytes.",
			CONTROL_LINE_MAX);
	else if (error == -EBADMSG)
		reply(&s->reply, 501, "Command contains a NUL or bare CR.");
	else
		reply(&s->reply, 501, "Command is not valid in %s "
			"(filename_charset).", s->reply.charset->name);
	if (s->reply.lost)
		session_end(s, OUTCOME_LOST);
}

void
command_loop_line(struct session *s, const char *line, size_t wire_len)
{
	ssize_t n = take_line(s, line, wire_len);

	session_follow_orders(s);
	if (n < 0) {
		refuse_line(s, n);
		return;
	}
	/* Some NAT devices and simple clients send empty lines, which are no
	 * commands: a reply to one would be taken for that of the next. */
	if (n == 0)
		return;
	size_t len = (size_t)n;
	const struct command *row = command_find(s, s->line, len);
	command_log(s, row, s->line);
	bool ran = row != NULL && run(s, row, len);
	if (row == NULL)
		unknown(s, s->line, len);
	show_idle();
	/* A refused RNFR has selected nothing. */
	forget_pending(s, ran ? row->flags : row == NULL ? 0 :
		row->flags & ~(unsigned)COMMAND_KEEPS_RENAME);
	secret_wipe(s->line, len);
	if (s->reply.lost)
		session_end(s, OUTCOME_LOST);
}

/* --- the loop */

/* The monitor has asked for it, or has exited. */
static void
stop(struct session *s)
{
	if (s->stage == SESSION_OVER)
		return;
	reply(&s->reply, 421, "%s Closing.", session_stop_text(s));
	session_end(s, OUTCOME_STOPPED);
}

static void
read_input(struct session *s, int (*read)(struct control *c))
{
	int r = read(&s->control);

	if (r <= 0 && r != -EAGAIN && r != -EINTR) {
		session_client_gone(s);
	} else if (s->identity == NULL && control_begins_tls(&s->control)) {
		log_warning("the client began with TLS, but this listener is "
			"not one with tls = implicit");
		session_end(s, OUTCOME_NO_LOGIN);
	}
}

static void
fall_idle(struct session *s)
{
	quota_idle(s->tree.quota);
	stack_release();
}

/* Wait for the client, the monitor, or a deadline.  If the client is silent for
 * IDLE_MS, wake up once to free memory. */
static void
wait_for_input(struct session *s, int64_t deadline)
{
	struct pollfd fds[] = {
		{ .fd = s->control.stream.fd, .events = POLLIN },
		{ .fd = s->monitor.fd, .events = POLLIN },
		{ .fd = quota_poll_fd(s->tree.quota), .events = POLLIN },
		{ .fd = data_poll_fd(&s->data), .events = POLLIN },
	};
	int64_t until = s->idle ? deadline :
		clock_earlier(deadline, clock_ms() + IDLE_MS);
	int n = poll(fds, ARRAY_SIZE(fds), clock_poll(until));

	s->monitor_polled = clock_ms();
	if (n < 0 && errno != EINTR) {
		session_end(s, OUTCOME_ERROR);
		return;
	}
	if (n <= 0) {
		if (clock_passed(deadline))
			session_time_out(s);
		else if (n == 0)
			fall_idle(s);
		s->idle = n == 0;
		return;
	}
	s->idle = false;
	if (fds[1].revents != 0)
		(void)session_receive_monitor(s);
	if (fds[2].revents != 0)
		quota_receive(s->tree.quota);
	if (fds[3].revents != 0)
		data_accept_early(&s->data);
	if (fds[0].revents != 0 && s->stage != SESSION_OVER)
		read_input(s, control_read);
}

static void
no_line(struct session *s, int64_t deadline)
{
	bool busy = s->busy;

	s->busy = false;
	if (stream_pending(&s->control.stream))
		read_input(s, control_read);
	else if (busy)
		read_input(s, control_read_soon);
	else
		wait_for_input(s, clock_earlier(deadline, s->login.deadline));
}

/* no_line() does that only when the client is silent. */
static void
poll_monitor(struct session *s)
{
	struct pollfd fd = { .fd = s->monitor.fd, .events = POLLIN };

	if (!s->busy || !clock_passed(s->monitor_polled + BUSY_MS))
		return;
	s->monitor_polled = clock_ms();
	if (poll(&fd, 1, 0) > 0)
		(void)session_receive_monitor(s);
}

enum command_loop_end
command_loop_run(struct session *s)
{
	int64_t deadline = clock_after(session_idle_timeout(s));
	char *line;
	size_t len;

	while (s->stage != SESSION_OVER && !s->login.requested) {
		poll_monitor(s);
		if (s->stage != SESSION_SERVING) {
			stop(s);
			break;
		}
		enum control_line kind = control_next(&s->control, &line, &len);

		if (kind == CONTROL_NONE) {
			no_line(s, deadline);
			continue;
		}
		if (clock_passed(s->login.deadline)) {
			session_time_out(s);
			break;
		}
		if (kind == CONTROL_LINE)
			command_loop_line(s, line, len);
		else
			refuse_line(s, kind == CONTROL_TOO_LONG ? -EMSGSIZE :
				-EBADMSG);
		s->busy = true;
		session_pace(s);
		session_pace_commands(s);
		deadline = clock_after(session_idle_timeout(s));
	}
	return s->stage == SESSION_OVER ? COMMAND_LOOP_OVER :
		COMMAND_LOOP_LOGIN;
}
