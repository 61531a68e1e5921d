/*
 * ctl_board.c - the server's scoreboard, as sureftpctl reads it.
 *
 * Runs in: sureftpctl.  Never: uses a number or a text of it before checking
 * it.
 */
#include "common/base.h"
#include "daemon/control/ctl_board.h"

#include "common/io.h"
#include "common/log/log.h"
#include "daemon/control/ctl_ask.h"

#include <sysexits.h>

#define SESSIONS_MAX 1000000	/* far beyond max_workers */

/* Read exactly len bytes from *at, which is advanced.  0, -EPROTO or -errno. */
static int
get(int fd, void *data, size_t len, off_t *at)
{
	char *to = data;

	while (len > 0) {
		ssize_t n = pread(fd, to, len, *at);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n < 0 ? -errno : -EPROTO;
		to += n;
		len -= (size_t)n;
		*at += n;
	}
	return 0;
}

static void *
get_list(int fd, size_t count, size_t size, off_t *at, int *error)
{
	void *list = calloc(count + 1, size);

	*error = list == NULL ? -ENOMEM : get(fd, list, count * size, at);
	return list;
}

#define END(text) ((text)[sizeof(text) - 1] = '\0')

static void
end_texts(struct ctl_board *b)
{
	END(b->head.missing_caps);
	END(b->head.radius_silent);
	END(b->head.file);
	for (size_t i = 0; i < b->head.listeners; i++)
		END(b->listeners[i].text);
	for (size_t i = 0; i < b->head.sessions; i++) {
		END(b->sessions[i].account);
		END(b->sessions[i].user);
		END(b->sessions[i].tls.version);
		END(b->sessions[i].tls.cipher);
		END(b->sessions[i].verb);
		END(b->sessions[i].path);
	}
}

static int
by_number(const void *a, const void *b)
{
	const struct scoreboard_session *x = a, *y = b;

	return (x->session > y->session) - (x->session < y->session);
}

static bool
is_ours(const struct scoreboard *head)
{
	return strcmp(head->version, PACKAGE_VERSION) == 0 &&
	    head->size == sizeof(*head) &&
	    head->listener_size == sizeof(struct scoreboard_listener) &&
	    head->session_size == sizeof(struct scoreboard_session) &&
	    head->listeners <= SETTINGS_MAX_LISTENERS &&
	    head->sessions <= SESSIONS_MAX;
}

static int
read_lists(struct ctl_board *b, int fd, off_t at)
{
	int error;

	b->listeners = get_list(fd, b->head.listeners,
		sizeof(*b->listeners), &at, &error);
	if (error < 0)
		return error;
	b->sessions = get_list(fd, b->head.sessions, sizeof(*b->sessions),
		&at, &error);
	if (error < 0)
		return error;
	end_texts(b);
	qsort(b->sessions, b->head.sessions, sizeof(*b->sessions), by_number);
	return 0;
}

int
ctl_board_read(struct ctl_board *b, int fd)
{
	off_t at = 0;

	memset(b, 0, sizeof(*b));
	/* These fields are the same in every version. */
	int error = get(fd, b->head.version, sizeof(b->head.version), &at);
	END(b->head.version);
	at = 0;
	if (error == 0)
		error = get(fd, &b->head, sizeof(b->head), &at);
	END(b->head.version);
	if (error == 0)
		error = is_ours(&b->head) ? read_lists(b, fd, at) : -EPROTO;
	return error;
}

void
ctl_board_clear(struct ctl_board *b)
{
	free(b->listeners);
	free(b->sessions);
	memset(b, 0, sizeof(*b));
}

int
ctl_board_get(const struct ctl *c, struct ctl_board *b)
{
	struct message question, answer;

	message_begin(&question, MESSAGE_ask_scoreboard);
	int status = ctl_ask(c, &question, MESSAGE_scoreboard, &answer);
	if (status != EX_OK)
		return status;
	int error = ctl_board_read(b, answer.fds[0]);
	io_close(&answer.fds[0]);
	if (error == 0)
		return EX_OK;
	if (error == -EPROTO)
		status = ctl_ask_other_version(c, b->head.version);
	else
		status = ctl_fail(EX_OSERR, "cannot read the answer: %s",
			log_errno(error));
	ctl_board_clear(b);
	return status;
}

int
ctl_board_show(const struct ctl *c,
	void (*show)(const struct ctl *c, const struct ctl_board *b))
{
	struct ctl_board board;
	int status = ctl_board_get(c, &board);

	if (status != EX_OK)
		return status;
	show(c, &board);
	ctl_board_clear(&board);
	return EX_OK;
}
