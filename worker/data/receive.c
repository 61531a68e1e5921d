/*
 * receive.c - the step function of uploads.
 *
 * Runs in: session.
 * Never: waits; the copy loop does.
 */
#include "common/base.h"

#include "worker/data/receive.h"

#include "worker/data/ascii.h"
#include "worker/data/copy_buffer.h"

#include <poll.h>

#define RECEIVE_SIZE ((size_t)512 << 10)

struct receiver {
	const struct receive *how;
	int64_t room;		/* bytes that may still be stored */
	struct ascii ascii;
	bool filled;		/* the last read was full: more data may
				 * follow */
	struct copy_buffer buffer;
	char *data;		/* part of it: data as received */
	size_t size;
	char *text;		/* ASCII: one more byte, for a held CR */
};

/* Store all bytes.  Bytes stored before an error are counted. */
static int
store(struct copy_loop *c, const char *data, size_t len)
{
	struct receiver *r = c->context;

	while (len > 0) {
		ssize_t n = write(r->how->file, data, len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n < 0 ? -errno : -EIO;
		copy_loop_moved(c, (size_t)n);
		if (r->how->hash != NULL)
			hash_add(r->how->hash, data, (size_t)n);
		data += n;
		len -= (size_t)n;
	}
	return 0;
}

/* Request more room: 0, or how the transfer ends without it. */
static int
get_room(struct receiver *r, int64_t len)
{
	int64_t more = 1;

	while (r->room < len && r->how->more != NULL && more > 0) {
		more = r->how->more(r->how->context);
		if (more > 0)
			r->room += more;
	}
	return more < 0 ? (int)more : 0;
}

static enum copy_step
store_within_limit(struct copy_loop *c, const char *data, size_t len,
	enum copy_step next)
{
	struct receiver *r = c->context;
	int refused = get_room(r, (int64_t)len);
	bool fits = r->room >= (int64_t)len;
	size_t part = fits ? len : (size_t)r->room;
	int error = store(c, data, part);

	if (error < 0)
		return copy_loop_fail_local(c, -error);
	r->room -= (int64_t)part;
	if (fits)
		return next;
	if (refused < 0)
		return copy_loop_fail_local(c, -refused);
	c->result->end = TRANSFER_TOO_LARGE;
	return COPY_FAILED;
}

static enum copy_step
receive_end(struct copy_loop *c)
{
	struct receiver *r = c->context;
	char held[1];
	size_t len = r->how->ascii ?
		ascii_from_network_end(&r->ascii, held) : 0;

	return store_within_limit(c, held, len, COPY_RECEIVED);
}

#define ROOM_FOR(size) (2 * (size) + 1)

/* A transfer that has filled the small buffer may be large.  Without memory,
 * keep the small one. */
static void
make_room(struct receiver *r, size_t piece)
{
	size_t size = piece > 0 ? piece : RECEIVE_SIZE;

	if (r->filled && ROOM_FOR(size) > r->buffer.size &&
		!copy_buffer_map(&r->buffer, ROOM_FOR(size)))
		return;
	r->size = (r->buffer.size - 1) / 2;
	if (r->size > size)
		r->size = size;
	r->data = r->buffer.at;
	r->text = r->data + r->size;
}

static enum copy_step
receive_step(struct copy_loop *c)
{
	struct receiver *r = c->context;

	make_room(r, c->data->piece);
	ssize_t n = stream_read(c->data, r->data, r->size);
	const char *text = r->data;
	size_t len = (size_t)n;

	if (n == -EINTR)
		return COPY_AGAIN;
	if (n < 0)
		return copy_loop_wait_or_fail(c, (int)n);
	r->filled = len == r->size;
	if (n == 0)
		return receive_end(c);
	if (r->how->ascii) {
		len = ascii_from_network(&r->ascii, r->data, len, r->text);
		text = r->text;
	}
	copy_loop_moved(c, 0);	/* also when all of it is a held CR */
	return store_within_limit(c, text, len, COPY_AGAIN);
}

void
receive_file(struct watch *watch, struct stream *data,
	const struct receive *how, struct transfer_result *result)
{
	struct receiver r = {
		.how = how,
		.room = how->room,
		.buffer = copy_buffer_small(),
	};
	struct copy_loop c = {
		.watch = watch,
		.data = data,
		.events = POLLIN,
		.step = receive_step,
		.context = &r,
		.result = result,
	};

	copy_loop_run(&c, how->stall);
	copy_buffer_free(&r.buffer);
}
