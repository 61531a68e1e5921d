/*
 * state_reader.c - what a master hands on to the program that replaces it:
 * reads the file.
 *
 * Runs in: master, at its start.  Never: believes what it reads.
 */
#include "common/base.h"
#include "daemon/state/state.h"

#include "common/io.h"
#include "common/process/sandbox.h"
#include "common/process/secret.h"
#include "common/text.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>

struct state_reader {
	char *data;		/* the parts */
	size_t len, at, end;	/* of the current part */
	int *fds;		/* -1: taken */
	size_t fd_count;
	bool failed;
};

static bool
is_head_valid(const struct state_head *head, off_t size)
{
	char format[STATE_FORMAT_SIZE] = "";
	uint64_t most = (uint64_t)size - sizeof(*head);

	state_format(format);
	return memcmp(head->format, format, sizeof(format)) == 0 &&
	    head->pid == getpid() &&
	    head->descriptors <= most / sizeof(int) &&
	    head->bytes == most - head->descriptors * sizeof(int);
}

/* Is it one that a master has written and sealed? */
static bool
is_sealed(int fd, off_t *size)
{
	struct stat st;

	if (fcntl(fd, F_GET_SEALS) != STATE_SEALS || fstat(fd, &st) < 0)
		return false;
	*size = st.st_size;
	return st.st_size >= (off_t)sizeof(struct state_head) &&
	    st.st_size <= STATE_MAX_SIZE;
}

static bool
read_at(int fd, void *data, size_t len, size_t at)
{
	size_t done = 0;

	while (done < len) {
		ssize_t n = pread(fd, (char *)data + done, len - done,
			(off_t)(at + done));
		if (n <= 0)
			return false;
		done += (size_t)n;
	}
	return true;
}

/* All open, and none a standard one. */
static bool
own_descriptors(struct state_reader *r)
{
	for (size_t i = 0; i < r->fd_count; i++) {
		if (r->fds[i] <= STDERR_FILENO ||
		    fcntl(r->fds[i], F_SETFD, FD_CLOEXEC) < 0) {
			r->fd_count = i;
			return false;
		}
	}
	return true;
}

static int
load(struct state_reader *r, int fd)
{
	struct state_head head;
	off_t size;

	if (!is_sealed(fd, &size) || !read_at(fd, &head, sizeof(head), 0) ||
	    !is_head_valid(&head, size))
		return -EBADMSG;
	r->fds = calloc(head.descriptors + 1, sizeof(*r->fds));
	r->data = calloc(1, head.bytes + 1);
	if (r->fds == NULL || r->data == NULL)
		return -ENOMEM;
	size_t fd_bytes = head.descriptors * sizeof(*r->fds);
	r->len = head.bytes;
	if (!read_at(fd, r->fds, fd_bytes, sizeof(head)) ||
	    !read_at(fd, r->data, r->len, sizeof(head) + fd_bytes))
		return -EBADMSG;
	r->fd_count = head.descriptors;
	return own_descriptors(r) ? 0 : -EBADMSG;
}

int
state_read(struct state_reader **r, int fd)
{
	*r = calloc(1, sizeof(**r));
	int error = *r == NULL ? -ENOMEM : load(*r, fd);

	io_close(&fd);
	if (error == 0)
		return 0;
	state_reader_free(*r);
	*r = NULL;
	return error;
}

int
state_open(struct state_reader **r)
{
	const char *text = getenv(STATE_VARIABLE);
	int64_t fd;

	*r = NULL;
	if (text == NULL)
		return 0;
	if (text_number(text, strlen(text), &fd) < 0 || fd <= STDERR_FILENO ||
	    fd > INT_MAX)
		return -EBADMSG;
#ifndef SANDBOX_SANITIZED	/* the leak checker attaches as a debugger */
	/* The file contains a secret. */
	(void)prctl(PR_SET_DUMPABLE, 0);
#endif
	int error = state_read(r, (int)fd);
	if (error == 0)
		io_close_all_except((*r)->fds, (*r)->fd_count);
	return error;
}

void
state_reader_free(struct state_reader *r)
{
	if (r == NULL)
		return;
	for (size_t i = 0; i < r->fd_count; i++)
		io_close(&r->fds[i]);
	if (r->data != NULL)
		secret_wipe(r->data, r->len);
	free(r->data);
	free(r->fds);
	free(r);
}

void
state_fail(struct state_reader *r)
{
	r->failed = true;
}

int
state_error(const struct state_reader *r)
{
	return r->failed ? -EBADMSG : 0;
}

void
state_get(struct state_reader *r, void *data, size_t len)
{
	if (r->failed || len > r->end - r->at) {
		memset(data, 0, len);
		r->failed = true;
		return;
	}
	memcpy(data, r->data + r->at, len);
	r->at += len;
}

void
state_enter(struct state_reader *r, enum state_part part)
{
	struct state_part_head head;

	r->end = r->len;
	STATE_GET(r, head);
	if (r->failed || head.part != part || head.bytes > r->len - r->at)
		r->failed = true;
	else
		r->end = r->at + head.bytes;
}

void
state_leave(struct state_reader *r)
{
	if (r->at != r->end)
		r->failed = true;
}

size_t
state_get_count(struct state_reader *r, size_t most)
{
	uint64_t count;

	STATE_GET(r, count);
	if (count <= most)
		return count;
	r->failed = true;
	return 0;
}

void
state_get_text(struct state_reader *r, char *text, size_t size)
{
	size_t len = state_get_count(r, size - 1);

	memset(text, 0, size);
	state_get(r, text, len);
	if (memchr(text, '\0', size) != text + len && !r->failed)
		r->failed = true;
	if (r->failed)
		text[0] = '\0';
}

int
state_get_fd(struct state_reader *r)
{
	int64_t number;

	STATE_GET(r, number);
	if (r->failed || number == -1)
		return -1;
	for (size_t i = 0; i < r->fd_count; i++)
		if (r->fds[i] >= 0 && r->fds[i] == number) {
			r->fds[i] = -1;
			return (int)number;
		}
	r->failed = true;
	return -1;
}
