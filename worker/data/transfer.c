/*
 * transfer.c - the three transfers: what one step of each moves.
 *
 * Runs in: session.
 * Never: waits; the copy loop does.
 */
#include "common/base.h"

#include "worker/data/transfer.h"

#include "common/log/log.h"
#include "worker/data/ascii.h"
#include "worker/data/memory.h"

#include <poll.h>
#include <sys/stat.h>

#define SENDFILE_PIECE ((size_t)4 << 20) /* the watch is polled in between */
#define SEND_SIZE      ((size_t)64 << 10)
#define RECEIVE_SIZE   ((size_t)512 << 10)

static void
fail_before_start(struct transfer_result *result, int error)
{
	*result = (struct transfer_result){
		.end = TRANSFER_LOCAL_ERROR,
		.error = error,
	};
}

/* --- sending */

struct sender {
	/* Fills text; sets len and credit.  1; 0 when there is no more
	 * after that; -errno. */
	int (*refill)(struct sender *s);
	struct memory memory;	/* found when needed */
	char *text;		/* in it */
	size_t text_size;
	size_t len, at;		/* bytes in text, and of these, sent */
	size_t credit;		/* bytes of the file that they represent */
	bool ended;
	/* a listing */
	transfer_fill *fill;
	void *source;
	/* a file */
	int file;
	off_t offset;
	int64_t size;		/* as announced */
	char *raw;		/* ASCII: the host's lines, SEND_SIZE / 2 */
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

	do
		n = pread(s->file, data, size, s->offset);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return -errno;
	s->offset += n;
	return n;
}

/* A file whose announced size was met by a call that asked for more ends there;
 * reading on to see its end is needed only for others. */
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

/* Half a buffer of the file: it fits even if every byte becomes two. */
static int
refill_ascii(struct sender *s)
{
	ssize_t n = read_file(s, s->raw, SEND_SIZE / 2);

	if (n <= 0)
		return (int)n;
	s->credit = (size_t)n;
	s->len = ascii_to_network(&s->ascii, s->raw, &s->credit, s->text,
		SEND_SIZE);
	if (s->credit != (size_t)n)
		bug("ASCII text outgrew its buffer");
	return 1;
}

#define SENDER_SIZE (SEND_SIZE + SEND_SIZE / 2)

/* A file that fits, with a byte more, is read by one call. */
static bool
find_room(struct sender *s)
{
	bool fits = s->refill == refill_binary &&
		s->size - s->offset < (int64_t)MEMORY_SMALL;

	if (fits)
		s->memory = memory_small();
	else if (!memory_map(&s->memory, SENDER_SIZE))
		return false;
	s->text = s->memory.at;
	s->text_size = fits ? s->memory.size : SEND_SIZE;
	s->raw = s->text + SEND_SIZE;
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

/* End of file.  One that comes before the announced size means that the file
 * was truncated, unless its size is no measure of its content, as in sysfs:
 * then the size is still the same. */
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
	if (s->at == s->len)
		return s->ended ? sent(c) : COPY_AGAIN;

	ssize_t n = stream_write(c->data, s->text + s->at, s->len - s->at);
	if (n < 0)
		return copy_loop_fail_stream(c, (int)n);
	s->at += (size_t)n;

	/* Bytes that ASCII added are not the file's.  Where they are in the
	 * buffer is not known; at its end the count is exact again. */
	size_t moved = (size_t)n;
	if (s->at == s->len || moved > s->credit)
		moved = s->credit;
	s->credit -= moved;
	copy_loop_moved(c, moved);
	return COPY_AGAIN;
}

/* Errors that sendfile() can only have from its socket. */
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

/* The file may shrink or grow meanwhile: its end is where it is met. */
static enum copy_step
sendfile_step(struct copy_loop *c)
{
	struct sender *s = c->context;
	size_t piece = SENDFILE_PIECE;

	if (s->offset > INT64_MAX - (off_t)piece)
		piece = (size_t)(INT64_MAX - s->offset);
	ssize_t n = stream_send_file(c->data, s->file, &s->offset, piece);
	if (n > 0) {
		copy_loop_moved(c, (size_t)n);
		return met_end(s, (size_t)n, piece) ? COPY_SENT : COPY_AGAIN;
	}
	if (n == 0)
		return sent(c);
	/* Some file systems have no sendfile(), and TLS is not always the
	 * kernel's: read and write from there on. */
	if (n == -ENOSYS) {
		c->step = send_step;
		return COPY_AGAIN;
	}
	if (n == -EAGAIN || is_from_socket((int)-n))
		return copy_loop_fail_stream(c, (int)n);
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
	memory_free(&s->memory);
}

void
transfer_send_text(struct watch *watch, struct stream *data,
	transfer_fill *fill, void *source, int64_t stall,
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
transfer_send_file(struct watch *watch, struct stream *data, int file,
	int64_t offset, int64_t size, bool ascii, int64_t stall,
	struct transfer_result *result)
{
	struct sender s = {
		.refill = ascii ? refill_ascii : refill_binary,
		.file = file,
		.offset = offset,
		.size = size,
	};

	if (offset < 0) {
		fail_before_start(result, EINVAL);
		return;
	}
	send_with(&s, ascii ? send_step : sendfile_step, watch, data, stall,
		result);
}

/* --- receiving */

struct receiver {
	int file;
	int64_t room;		/* bytes that may still be stored */
	bool is_ascii;
	bool filled;		/* the last read: there may be much more */
	struct ascii ascii;
	struct memory memory;
	char *data;		/* in it: what comes from the network */
	size_t size;
	char *text;		/* ASCII: one more, for a held CR */
};

/* Store all of it.  What was stored before an error counts. */
static int
store(struct copy_loop *c, const char *data, size_t len)
{
	struct receiver *r = c->context;

	while (len > 0) {
		ssize_t n = write(r->file, data, len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n < 0 ? -errno : -EIO;
		copy_loop_moved(c, (size_t)n);
		data += n;
		len -= (size_t)n;
	}
	return 0;
}

static enum copy_step
store_within_limit(struct copy_loop *c, const char *data, size_t len,
	enum copy_step next)
{
	struct receiver *r = c->context;
	bool fits = r->room >= (int64_t)len;
	size_t part = fits ? len : (size_t)r->room;
	int error = store(c, data, part);

	if (error < 0)
		return copy_loop_fail_local(c, -error);
	r->room -= (int64_t)part;
	if (fits)
		return next;
	c->result->end = TRANSFER_TOO_LARGE;
	return COPY_FAILED;
}

static enum copy_step
receive_end(struct copy_loop *c)
{
	struct receiver *r = c->context;
	char held[1];
	size_t len = r->is_ascii ? ascii_from_network_end(&r->ascii, held) : 0;

	return store_within_limit(c, held, len, COPY_RECEIVED);
}

#define RECEIVER_SIZE (2 * RECEIVE_SIZE + 1)

/* What had filled the small buffer may be large.  Where there is no memory, the
 * small one does as well. */
static void
make_room(struct receiver *r)
{
	if (r->filled && !r->memory.mapped &&
		!memory_map(&r->memory, RECEIVER_SIZE))
		return;
	r->size = (r->memory.size - 1) / 2;
	r->data = r->memory.at;
	r->text = r->data + r->size;
}

static enum copy_step
receive_step(struct copy_loop *c)
{
	struct receiver *r = c->context;

	make_room(r);
	ssize_t n = stream_read(c->data, r->data, r->size);
	const char *text = r->data;
	size_t len = (size_t)n;

	if (n < 0)
		return copy_loop_fail_stream(c, (int)n);
	r->filled = len == r->size;
	if (n == 0)
		return receive_end(c);
	if (r->is_ascii) {
		len = ascii_from_network(&r->ascii, r->data, len, r->text);
		text = r->text;
	}
	copy_loop_moved(c, 0);	/* also when all of it is a held CR */
	return store_within_limit(c, text, len, COPY_AGAIN);
}

void
transfer_receive_file(struct watch *watch, struct stream *data, int file,
	bool ascii, int64_t room, int64_t stall,
	struct transfer_result *result)
{
	struct receiver r = {
		.file = file,
		.is_ascii = ascii,
		.room = room,
		.memory = memory_small(),
	};
	struct copy_loop c = {
		.watch = watch,
		.data = data,
		.events = POLLIN,
		.step = receive_step,
		.context = &r,
		.result = result,
	};
	copy_loop_run(&c, stall);
	memory_free(&r.memory);
}
