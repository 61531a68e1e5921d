/*
 * send.c - the step functions for sending files and text.
 *
 * Runs in: session.
 * Never: waits; the copy loop does.
 */
#include "common/base.h"

#include "worker/data/send.h"

#include "common/log/log.h"
#include "worker/data/ascii.h"
#include "worker/data/copy_buffer.h"

#include <poll.h>
#include <sys/stat.h>

#define SENDFILE_PIECE ((size_t)4 << 20) /* the watch is polled between them */
#define SEND_SIZE      ((size_t)64 << 10)

struct sender {
	/* Fills text; sets len and credit.  Returns 1; 0 if this was the last
	 * piece; or -errno. */
	int (*refill)(struct sender *s);
	struct copy_buffer buffer;	/* allocated when needed */
	char *text;		/* part of it */
	size_t text_size;
	size_t len, at;		/* bytes in text, and bytes of these that are
				 * sent */
	size_t credit;		/* bytes of the file in them */
	bool ended;
	/* a listing */
	send_fill *fill;
	void *source;
	/* a file */
	int file;
	off_t offset;
	off_t end;		/* send only up to this offset */
	int64_t size;		/* the announced size */
	size_t piece;		/* transfer_buffer; 0: the sizes above */
	char *raw;		/* ASCII: unconverted, half of text_size */
	struct ascii ascii;
};

static int
refill_text(struct sender *s)
{
	int more = s->fill(s->source, s->text, s->text_size, &s->len);

	s->credit = s->len;
	return more;
}

static ssize_t
read_file(struct sender *s, char *data, size_t size)
{
	ssize_t n;

	if ((off_t)size > s->end - s->offset)
		size = (size_t)(s->end - s->offset);
	do
		n = pread(s->file, data, size, s->offset);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return -errno;
	s->offset += n;
	return n;
}

/* Has the file ended?  If a read that asked for more bytes stopped at the
 * file's size, another read that returns 0 is not needed. */
static bool
met_end(const struct sender *s, size_t got, size_t asked)
{
	return got < asked && s->offset == s->size;
}

static int
refill_binary(struct sender *s)
{
	ssize_t n = read_file(s, s->text, s->text_size);

	if (n <= 0)
		return (int)n;
	s->len = s->credit = (size_t)n;
	return met_end(s, (size_t)n, s->text_size) ? 0 : 1;
}

/* Read half a buffer: it fits even if every byte becomes two. */
static int
refill_ascii(struct sender *s)
{
	ssize_t n = read_file(s, s->raw, s->text_size / 2);

	if (n <= 0)
		return (int)n;
	s->credit = (size_t)n;
	s->len = ascii_to_network(&s->ascii, s->raw, &s->credit, s->text,
		s->text_size);
	if (s->credit != (size_t)n)
		bug("ASCII text outgrew its buffer");
	return 1;
}

/* If the file is smaller than the small buffer, one call reads it and sees its
 * end. */
static bool
find_room(struct sender *s)
{
	size_t size = s->piece > 0 ? s->piece : SEND_SIZE;
	bool fits = s->refill == refill_binary && (size <= COPY_BUFFER_SMALL ||
		s->size - s->offset < (int64_t)COPY_BUFFER_SMALL);

	if (fits)
		s->buffer = copy_buffer_small();
	else if (!copy_buffer_map(&s->buffer, size + size / 2))
		return false;
	s->text = s->buffer.at;
	s->text_size = fits && size > s->buffer.size ? s->buffer.size : size;
	s->raw = s->text + s->text_size;
	return true;
}

static int
refill(struct sender *s)
{
	int more;

	if (s->text == NULL && !find_room(s))
		return -ENOMEM;
	s->len = s->at = s->credit = 0;
	more = s->refill(s);
	s->ended = more <= 0;
	return more < 0 ? more : 0;
}

/* End of file.  If it comes before the announced size, the file was truncated,
 * unless st_size is unchanged: then it does not match the content, as in
 * sysfs. */
static enum copy_step
sent(struct copy_loop *c)
{
	struct sender *s = c->context;
	struct stat st;

	if (s->offset < s->size && fstat(s->file, &st) == 0 &&
		st.st_size < s->size)
		return copy_loop_fail_local(c, ENODATA);
	return COPY_SENT;
}

static enum copy_step
send_step(struct copy_loop *c)
{
	struct sender *s = c->context;
	int error = s->at == s->len && !s->ended ? refill(s) : 0;

	if (error < 0)
		return copy_loop_fail_local(c, -error);
	if (s->at == s->len) {	/* a listing is still reading its directory */
		copy_loop_moved(c, 0);
		return s->ended ? sent(c) : COPY_AGAIN;
	}

	ssize_t n = stream_write(c->data, s->text + s->at, s->len - s->at);
	if (n < 0)
		return copy_loop_wait_or_fail(c, (int)n);
	s->at += (size_t)n;

	/* Bytes added by ASCII conversion do not count.  Their position in the
	 * buffer is unknown; at the end of the buffer the count is exact
	 * again. */
	size_t moved = (size_t)n;
	if (s->at == s->len || moved > s->credit)
		moved = s->credit;
	s->credit -= moved;
	copy_loop_moved(c, moved);
	return COPY_AGAIN;
}

/* Errors of sendfile() that can only come from the socket. */
static bool
is_from_socket(int error)
{
	static const int errors[] = {
		EPIPE, ECONNRESET, ECONNABORTED, ETIMEDOUT, EHOSTUNREACH,
		ENETUNREACH, ENETDOWN, ENETRESET, ENOTCONN,
	};

	for (size_t i = 0; i < ARRAY_SIZE(errors); i++)
		if (error == errors[i])
			return true;
	return false;
}

/* The file may shrink or grow meanwhile, so send up to its actual end. */
static enum copy_step
sendfile_step(struct copy_loop *c)
{
	struct sender *s = c->context;
	size_t piece = s->piece > 0 ? s->piece : SENDFILE_PIECE;

	if (s->offset > s->end - (off_t)piece)
		piece = (size_t)(s->end - s->offset);
	ssize_t n = stream_send_file(c->data, s->file, &s->offset, piece);
	if (n > 0) {
		copy_loop_moved(c, (size_t)n);
		return met_end(s, (size_t)n, piece) ? COPY_SENT : COPY_AGAIN;
	}
	if (n == 0 && s->offset > 0)
		return sent(c);
	/* Read and write instead: sendfile() is not available (no kernel TLS),
	 * or the file seems empty, but may not be (/proc). */
	if (n == 0 || n == -ENOSYS) {
		c->step = send_step;
		return COPY_AGAIN;
	}
	if (n == -EAGAIN || is_from_socket((int)-n))
		return copy_loop_wait_or_fail(c, (int)n);
	return copy_loop_fail_local(c, (int)-n);
}

static void
send_with(struct sender *s, enum copy_step (*step)(struct copy_loop *c),
	struct watch *watch, struct stream *data, int64_t stall,
	struct transfer_result *result)
{
	struct copy_loop c = {
		.watch = watch,
		.data = data,
		.events = POLLOUT,
		.step = step,
		.context = s,
		.result = result,
	};

	copy_loop_run(&c, stall);
	copy_buffer_free(&s->buffer);
}

void
send_text(struct watch *watch, struct stream *data,
	send_fill *fill, void *source, int64_t stall,
	struct transfer_result *result)
{
	struct sender s = {
		.refill = refill_text,
		.fill = fill,
		.source = source,
	};

	send_with(&s, send_step, watch, data, stall, result);
}

void
send_file(struct watch *watch, struct stream *data, const struct send *what,
	struct transfer_result *result)
{
	bool range = what->end > 0;
	struct sender s = {
		.refill = what->ascii ? refill_ascii : refill_binary,
		.file = what->file,
		.offset = what->offset,
		.end = range ? what->end : INT64_MAX,
		.size = range ? what->end : what->size,
		.piece = data->piece,
	};

	if (what->offset < 0) {
		copy_loop_fail_before(result, EINVAL);
		return;
	}
	send_with(&s, what->ascii ? send_step : sendfile_step, watch, data,
		what->stall, result);
}
