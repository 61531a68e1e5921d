/*
 * cmd_who.c - SITE WHO.
 *
 * Runs in: session.
 */
#include "common/base.h"

#include "worker/command.h"

#define PIECE 4096

/* Reply with the complete lines of text[len]; returns their length. */
static size_t
add_lines(struct reply_lines *l, const char *text, size_t len)
{
	const char *at = text, *end;

	while ((end = memchr(at, '\n', len - (size_t)(at - text))) != NULL) {
		reply_line(l, "%.*s", (int)(end - at), at);
		at = end + 1;
	}
	return (size_t)(at - text);
}

static void
send_list(struct session *s, int fd)
{
	char text[PIECE] UNINITIALIZED;
	struct reply_lines l;
	off_t at = 0;
	ssize_t n;

	reply_begin(&l, &s->reply, 211,
		"User, address, seconds since the connection, command:");
	while ((n = pread(fd, text, sizeof(text), at)) > 0) {
		size_t used = add_lines(&l, text, (size_t)n);
		if (used == 0)
			break;
		at += (off_t)used;
	}
	reply_finish(&l, "End");
}

static void
site_who(struct session *s, char *none UNUSED)
{
	int fd = s->authority.ask_who(s->authority.context);

	if (fd == -EAGAIN) {
		reply(&s->reply, 450, "At most once per second.");
	} else if (fd < 0) {
		if (fd != -ECANCELED)
			reply_errno(&s->reply, -fd);
	} else {
		send_list(s, fd);
		close(fd);
	}
}

const struct command cmd_who_rows[] = {
	{ "SITE WHO", COMMAND_AFTER_LOGIN | COMMAND_WHO, 0, "", NULL,
		"lists all sessions", site_who },
	{ .verb = NULL },
};
