/*
 * transfer.c - the three transfers: what one step of each moves.
 *
 * Runs in: session.
 * Never: waits; that is the pump's part.
 */
#include "common/base.h"

#include "worker/data/transfer.h"

#include "common/log/log.h"
#include "worker/data/ascii.h"
#include "worker/data/pump.h"

#include <poll.h>
#include <sys/mman.h>

#define SENDFILE_PIECE ((size_t)4 << 20) /* a look at the watch in between */
#define SEND_SIZE      ((size_t)64 << 10)
#define RECEIVE_SIZE   ((size_t)512 << 10)

/* A transfer's buffers, mapped for as long as it runs, so that a session that
 * moved a file once does not keep the memory. */
static char *
buffers_map(size_t size)
{
	char *at = mmap(NULL, size, PROT_READ | PROT_WRITE,
		MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return at == MAP_FAILED ? NULL : at;
}

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
	/* Fills text; sets len and credit.  1, 0 at the end, -errno. */
	int (*refill)(struct sender *s);
	char *text;		/* SEND_SIZE bytes */
	size_t len, at;		/* bytes in text, and of these, sent */
	size_t credit;		/* bytes of the file that they stand for */
	bool ended;
	/* a listing */
	transfer_fill *fill;
	void *source;
	/* a file */
	int file;
	off_t offset;
	char *raw;		/* ASCII: the host's lines, SEND_SIZE / 2 */
	struct ascii ascii;
};

static int
refill_text(struct sender *s)
{
	int more = s->fill(s->source, s->text, SEND_SIZE, &s->len);

	s->credit = s->len;
	return more;
}

static ssize_t
read_file(int file, char *data, size_t size)
{
	ssize_t n;

	do
		n = read(file, data, size);
	while (n < 0 && errno == EINTR);
	return n < 0 ? -errno : n;
}

static int
refill_binary(struct sender *s)
{
	ssize_t n = read_file(s->file, s->text, SEND_SIZE);

	if (n <= 0)
		return (int)n;
	s->len = s->credit = (size_t)n;
	return 1;
}

/* Half a buffer of the file: it fits even if every byte becomes two. */
static int
refill_ascii(struct sender *s)
{
	ssize_t n = read_file(s->file, s->raw, SEND_SIZE / 2);

	if (n <= 0)
		return (int)n;
	s->credit = (size_t)n;
	s->len = ascii_to_network(&s->ascii, s->raw, &s->credit, s->text,
		SEND_SIZE);
	if (s->credit != (size_t)n)
		bug("ASCII text outgrew its buffer");
	return 1;
}

static int
refill(struct sender *s)
{
	int more;

	s->len = s->at = s->credit = 0;
	more = s->refill(s);
	s->ended = more <= 0;
	return more < 0 ? more : 0;
}

static enum pump_step
send_step(struct pump *p)
{
	struct sender *s = p->context;
	int error = s->at == s->len && !s->ended ? refill(s) : 0;

	if (error < 0)
		return pump_fail_local(p, -error);
	if (s->at == s->len)
		return s->ended ? PUMP_SENT : PUMP_AGAIN;

	ssize_t n = stream_write(p->data, s->text + s->at, s->len - s->at);
	if (n < 0)
		return pump_stream_failed(p, (int)n);
	s->at += (size_t)n;

	/* Bytes that ASCII added are none of the file's.  Where they stand in
	 * the buffer is not known; at its end the count is exact again. */
	size_t moved = (size_t)n;
	if (s->at == s->len || moved > s->credit)
		moved = s->credit;
	s->credit -= moved;
	pump_moved(p, moved);
	return PUMP_AGAIN;
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

/* Some file systems have no sendfile(): read and write from there on. */
static enum pump_step
leave_sendfile(struct pump *p)
{
	struct sender *s = p->context;

	if (lseek(s->file, s->offset, SEEK_SET) < 0)
		return pump_fail_local(p, errno);
	p->step = send_step;
	return PUMP_AGAIN;
}

/* The file may shrink or grow meanwhile: its end is where it is met. */
static enum pump_step
sendfile_step(struct pump *p)
{
	struct sender *s = p->context;
	size_t piece = SENDFILE_PIECE;

	if (s->offset > INT64_MAX - (off_t)piece)
		piece = (size_t)(INT64_MAX - s->offset);
	ssize_t n = stream_send_file(p->data, s->file, &s->offset, piece);
	if (n > 0) {
		pump_moved(p, (size_t)n);
		return PUMP_AGAIN;
	}
	if (n == 0)
		return PUMP_SENT;
	if (n == -ENOSYS)
		return leave_sendfile(p);
	if (n == -EAGAIN || is_from_socket((int)-n))
		return pump_stream_failed(p, (int)n);
	return pump_fail_local(p, (int)-n);
}

static void
send_with(struct sender *s, enum pump_step (*step)(struct pump *p),
	struct watch *watch, struct stream *data, int64_t stall,
	struct transfer_result *result)
{
	struct pump p = {
		.watch = watch,
		.data = data,
		.events = POLLOUT,
		.step = step,
		.context = s,
		.result = result,
	};
	size_t size = SEND_SIZE + SEND_SIZE / 2;

	s->text = buffers_map(size);
	if (s->text == NULL) {
		fail_before_start(result, ENOMEM);
		return;
	}
	s->raw = s->text + SEND_SIZE;
	pump_run(&p, stall);
	munmap(s->text, size);
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
	int64_t offset, bool ascii, int64_t stall,
	struct transfer_result *result)
{
	struct sender s = {
		.refill = ascii ? refill_ascii : refill_binary,
		.file = file,
		.offset = offset,
	};

	if (offset < 0 || (ascii && lseek(file, offset, SEEK_SET) < 0)) {
		fail_before_start(result, offset < 0 ? EINVAL : errno);
		return;
	}
	send_with(&s, ascii ? send_step : sendfile_step, watch, data, stall,
		result);
}

/* --- receiving */

struct receiver {
	int file;
	bool is_ascii;
	struct ascii ascii;
	char *data;		/* RECEIVE_SIZE bytes from the network */
	char *text;		/* ASCII: one more, for a held CR */
};

/* Store all of it.  What was stored before an error counts. */
static int
store(struct pump *p, const char *data, size_t len)
{
	struct receiver *r = p->context;

	while (len > 0) {
		ssize_t n = write(r->file, data, len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n < 0 ? -errno : -EIO;
		pump_moved(p, (size_t)n);
		data += n;
		len -= (size_t)n;
	}
	return 0;
}

static enum pump_step
receive_end(struct pump *p)
{
	struct receiver *r = p->context;
	char held[1];
	size_t len = r->is_ascii ? ascii_from_network_end(&r->ascii, held) : 0;
	int error = store(p, held, len);

	return error < 0 ? pump_fail_local(p, -error) : PUMP_RECEIVED;
}

static enum pump_step
receive_step(struct pump *p)
{
	struct receiver *r = p->context;
	ssize_t n = stream_read(p->data, r->data, RECEIVE_SIZE);
	const char *text = r->data;
	size_t len = (size_t)n;

	if (n < 0)
		return pump_stream_failed(p, (int)n);
	if (n == 0)
		return receive_end(p);
	if (r->is_ascii) {
		len = ascii_from_network(&r->ascii, r->data, len, r->text);
		text = r->text;
	}
	pump_moved(p, 0);	/* also when all of it is a held CR */
	int error = store(p, text, len);
	return error < 0 ? pump_fail_local(p, -error) : PUMP_AGAIN;
}

void
transfer_receive_file(struct watch *watch, struct stream *data, int file,
	bool ascii, int64_t stall, struct transfer_result *result)
{
	struct receiver r = { .file = file, .is_ascii = ascii };
	struct pump p = {
		.watch = watch,
		.data = data,
		.events = POLLIN,
		.step = receive_step,
		.context = &r,
		.result = result,
	};
	size_t size = RECEIVE_SIZE + (ascii ? RECEIVE_SIZE + 1 : 0);

	r.data = buffers_map(size);
	if (r.data == NULL) {
		fail_before_start(result, ENOMEM);
		return;
	}
	r.text = r.data + RECEIVE_SIZE;
	pump_run(&p, stall);
	munmap(r.data, size);
}
