/*
 * lines.h - for suites of the line reader: a control connection over a socket
 * pair.
 */
#ifndef TESTS_UNIT_LINES_H
#define TESTS_UNIT_LINES_H

#include "common/base.h"
#include "tests/unit/unit.h"
#include "worker/control.h"

#include <sys/socket.h>

struct wire {
	int client;
	struct control control;
};

static UNUSED void
wire_open(struct wire *w)
{
	int fds[2];

	CU_ASSERT_FATAL(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0,
				fds) == 0);
	memset(w, 0, sizeof(*w));
	w->client = fds[0];
	control_init(&w->control, fds[1]);
}

static UNUSED void
wire_close(struct wire *w)
{
	close(w->client);
	close(w->control.stream.fd);
}

static UNUSED void
say(struct wire *w, const char *data, size_t len)
{
	CU_ASSERT_EQUAL(write(w->client, data, len), (ssize_t)len);
}

/* The next line, reading as often as it takes. */
static UNUSED enum control_line
listen_for(struct wire *w, char **line, size_t *len)
{
	enum control_line kind;

	while ((kind = control_next(&w->control, line, len)) == CONTROL_NONE) {
		if (control_read(&w->control) != 1)
			return CONTROL_NONE;
	}
	return kind;
}

static UNUSED void
expect(struct wire *w, const char *text)
{
	char *line = NULL;
	size_t len = 0;

	CU_ASSERT_EQUAL_FATAL(listen_for(w, &line, &len), CONTROL_LINE);
	CU_ASSERT_EQUAL(len, strlen(text));
	CU_ASSERT_STRING_EQUAL(line, text);
}

static UNUSED void
expect_kind(struct wire *w, enum control_line kind)
{
	char *line;
	size_t len;

	CU_ASSERT_EQUAL(listen_for(w, &line, &len), kind);
}

#endif
