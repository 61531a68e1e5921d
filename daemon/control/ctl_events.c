/*
 * ctl_events.c - `sureftpctl events`: events as they come.
 *
 * Runs in: sureftpctl.
 */
#include "common/base.h"
#include "daemon/control/ctl_ask.h"

#include "common/io.h"
#include "common/log/event_names.h"
#include "common/log/log.h"
#include "common/text.h"

#include <sys/socket.h>
#include <sysexits.h>

#define LINE_MAX_BYTES (256 * 1024)	/* larger than any line */

/* "error"..."debug", or -1. */
static int
level_of(const char *name)
{
	for (int i = LOG_LEVEL_ERROR; i <= LOG_LEVEL_DEBUG; i++)
		if (strcmp(name, log_level_name((enum log_level)i)) == 0)
			return i;
	return -1;
}

static int
add_event(struct message_ask_events *ask, const char *name)
{
	size_t len = strlen(ask->events);

	if (!event_names_has_label(name, strlen(name)))
		return -ENOENT;
	int n = snprintf(ask->events + len, sizeof(ask->events) - len, "%s%s",
		len > 0 ? " " : "", name);

	return n < 0 || (size_t)n >= sizeof(ask->events) - len ?
		-ENAMETOOLONG : 0;
}

/* One word of the command line: NAME=VALUE, or an event.  0 or -errno. */
static int
add_filter(struct message_ask_events *ask, const char *word)
{
	const char *value = strchr(word, '=');
	int64_t number;

	if (value == NULL)
		return add_event(ask, word);
	size_t len = (size_t)(value++ - word);
	if (text_same(word, len, "user", 4))
		return text_copy(ask->user, sizeof(ask->user), value);
	if (text_same(word, len, "peer", 4))
		return text_copy(ask->peer, sizeof(ask->peer), value);
	if (text_same(word, len, "level", 5)) {
		ask->level = level_of(value);
		return ask->level < 0 ? -EINVAL : 0;
	}
	if (!text_same(word, len, "session", 7) ||
	    text_number(value, strlen(value), &number) < 0)
		return -EINVAL;
	ask->session = (uint64_t)number;
	return 0;
}

static int
show(int fd, FILE *out)
{
	static char line[LINE_MAX_BYTES];
	ssize_t n;

	while ((n = recv(fd, line, sizeof(line), 0)) > 0) {
		fwrite(line, 1, (size_t)n, out);
		putc('\n', out);
		if (fflush(out) != 0)
			return ctl_fail(EX_IOERR, "cannot write the output");
	}
	return EX_OK;
}

/* Returns when the recorder exits: at the server's shutdown, or when a reload
 * replaces it. */
static int
follow(const struct ctl *c, const struct message *question)
{
	struct message answer UNINITIALIZED;
	int status = ctl_ask(c, question, MESSAGE_events, &answer);

	if (status != EX_OK)
		return status;
	status = show(answer.fds[0], c->out);
	io_close(&answer.fds[0]);
	return status;
}

static int
run(const struct ctl *c)
{
	struct message question UNINITIALIZED;
	int status;

	message_begin(&question, MESSAGE_ask_events);
	question.ask_events.json = c->json;
	question.ask_events.level = LOG_LEVEL_INFO;
	for (int i = 0; i < c->argc; i++) {
		int error = add_filter(&question.ask_events, c->argv[i]);

		if (error == -ENOENT)
			return ctl_fail(EX_USAGE, "there is no event %s; see "
				"sureftpd-logs(7)", c->argv[i]);
		if (error < 0)
			return ctl_fail(EX_USAGE, "events: cannot use %s; try "
				"sureftpctl --help", c->argv[i]);
	}
	do {
		status = follow(c, &question);
		/* The next recorder may not be running yet. */
		usleep(200000);
	} while (status == EX_OK);
	return status;
}

const struct ctl_command ctl_events = {
	.name = "events",
	.description = "show events as they come",
	.arguments =
	    "             [--follow] [user=NAME] [peer=ADDRESS] [session=N]\n"
	    "             [level=LEVEL] [EVENT]...\n",
	.options = CTL_JSON | CTL_FOLLOW,
	.run = run,
};
