/*
 * state.c - what a master hands on to the program that replaces it: writes the
 * file.
 *
 * Runs in: master.
 */
#include "common/base.h"
#include "daemon/state/state.h"

#include "common/io.h"
#include "common/process/channel.h"
#include "common/process/log_source.h"
#include "common/process/page.h"
#include "common/process/quota_attach.h"
#include "common/process/radius_request.h"
#include "common/process/runner_request.h"
#include "common/process/secret.h"
#include "daemon/recorder/metrics.h"

#include <fcntl.h>
#include <sys/mman.h>

/* Raise it with every change of what a module writes, or of the meaning of a
 * message, event or page. */
#define VERSION 7

struct state_writer {
	char *data;
	size_t len, room;
	size_t part;		/* where the current one begins */
	int *fds;
	size_t fd_count, fd_room;
	int file;
	bool failed;
};

const char *
state_format(char text[STATE_FORMAT_SIZE])
{
	snprintf(text, STATE_FORMAT_SIZE, "%d/%zu/%d/%zu/%d/%zu/%zu/%zu/%zu/"
		"%zu/%zu/%zu/%zu/%zu/%zu",
		VERSION, sizeof(struct message), MESSAGE_TYPES,
		sizeof(struct event), EVENT_TYPES, sizeof(struct page_report),
		sizeof(struct page_order), sizeof(struct log_identity),
		sizeof(struct metrics), sizeof(struct radius_login),
		sizeof(struct radius_answer), sizeof(struct radius_accounting),
		sizeof(struct quota_attach),
		sizeof(struct message_quota_report),
		sizeof(struct runner_check));
	return text;
}

struct state_writer *
state_writer_new(void)
{
	struct state_writer *w = calloc(1, sizeof(*w));

	if (w != NULL)
		w->file = -1;
	return w;
}

static void
set_close_on_exec(int fd, bool on)
{
	(void)fcntl(fd, F_SETFD, on ? FD_CLOEXEC : 0);
}

void
state_writer_free(struct state_writer *w)
{
	if (w == NULL)
		return;
	for (size_t i = 0; i < w->fd_count; i++)
		set_close_on_exec(w->fds[i], true);
	if (w->data != NULL)
		secret_wipe(w->data, w->room);
	free(w->data);
	free(w->fds);
	io_close(&w->file);
	free(w);
}

/* Not realloc(), which would leave a copy of a secret behind. */
static bool
make_room(struct state_writer *w, size_t len)
{
	size_t room = 2 * (w->len + len) + 4096;

	if (w->failed || len <= w->room - w->len)
		return !w->failed;
	char *data = calloc(1, room);
	if (data == NULL) {
		w->failed = true;
		return false;
	}
	if (w->len > 0) {
		memcpy(data, w->data, w->len);
		secret_wipe(w->data, w->room);
	}
	free(w->data);
	w->data = data;
	w->room = room;
	return true;
}

void
state_put(struct state_writer *w, const void *data, size_t len)
{
	if (!make_room(w, len))
		return;
	memcpy(w->data + w->len, data, len);
	w->len += len;
}

void
state_begin(struct state_writer *w, enum state_part part)
{
	const struct state_part_head head = { .part = part };

	w->part = w->len;
	STATE_PUT(w, head);
}

void
state_end(struct state_writer *w)
{
	uint64_t bytes = w->len - w->part - sizeof(struct state_part_head);

	if (!w->failed)
		memcpy(w->data + w->part +
			offsetof(struct state_part_head, bytes), &bytes,
			sizeof(bytes));
}

void
state_put_text(struct state_writer *w, const char *text)
{
	uint64_t len = text == NULL ? 0 : strlen(text);

	STATE_PUT(w, len);
	if (len > 0)
		state_put(w, text, len);
}

void
state_put_fd(struct state_writer *w, int fd)
{
	int64_t number = fd;

	STATE_PUT(w, number);
	if (fd < 0 || w->failed)
		return;
	if (w->fd_count == w->fd_room) {
		int *more = reallocarray(w->fds, 2 * w->fd_room + 64,
			sizeof(*more));
		if (more == NULL) {
			w->failed = true;
			return;
		}
		w->fds = more;
		w->fd_room = 2 * w->fd_room + 64;
	}
	w->fds[w->fd_count++] = fd;
	set_close_on_exec(fd, false);
}

int
state_seal(struct state_writer *w)
{
	struct state_head head = { .pid = getpid(), .descriptors = w->fd_count,
		.bytes = w->len };

	if (w->failed)
		return -ENOMEM;
	state_format(head.format);
	w->file = memfd_create("state", MFD_ALLOW_SEALING);
	if (w->file < 0)
		return -errno;
	int error = io_write_all(w->file, &head, sizeof(head), INT64_MAX);
	if (error == 0)
		error = io_write_all(w->file, w->fds,
			w->fd_count * sizeof(*w->fds), INT64_MAX);
	if (error == 0)
		error = io_write_all(w->file, w->data, w->len, INT64_MAX);
	if (error == 0 && fcntl(w->file, F_ADD_SEALS, STATE_SEALS) < 0)
		error = -errno;
	return error < 0 ? error : w->file;
}

/* Process titles overwrite arguments and environment (title.h): zeros before
 * the number leave them as much space as before. */
void
state_assign(int fd, char text[STATE_ASSIGN_SIZE])
{
	snprintf(text, STATE_ASSIGN_SIZE, STATE_VARIABLE "=%0200d", fd);
}
