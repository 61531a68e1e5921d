/*
 * members.c - the sessions that have a quota, and their requests.
 *
 * Runs in: bookkeeper.
 * Never: reads or writes a file that a session has sent; believes a size in a
 * message where the file itself can be examined.
 */
#include "common/base.h"
#include "daemon/quota/members.h"

#include "common/clock.h"
#include "common/io.h"
#include "common/log/log.h"
#include "daemon/quota/placing.h"
#include "daemon/quota/tame.h"

#include <sys/stat.h>

#define TURN 16			/* messages of one session at a time */

static int64_t
now_seconds(void)
{
	return (int64_t)time(NULL);
}

struct member *
members_add(struct members *all, struct shelf *shelf,
	const struct quota_attach *a, int fd)
{
	struct member *m = calloc(1, sizeof(*m));
	struct shelf_book *book = m == NULL ? NULL : shelf_open(shelf, a);

	if (book == NULL) {
		log_error("cannot attach the session of %s to the "
			"bookkeeper: %s", a->user, strerror(ENOMEM));
		io_close(&fd);
		free(m);
		return NULL;
	}
	m->watched = WATCHED_MEMBER;
	channel_open(&m->channel, fd, PARTY_BOOKKEEPER, PARTY_SESSION,
		&channel_any_phase);
	m->session = a->session;
	memcpy(m->user, a->user, sizeof(m->user));
	m->limits = a->limits;
	m->kinds = a->kinds;
	m->book = book;
	m->fd = -1;
	m->next = all->first;
	all->first = m;
	all->count++;
	return m;
}

bool
members_allowed(const struct members *all, const struct shelf_book *book)
{
	for (const struct member *m = all->first; m != NULL; m = m->next)
		if (m->book == book && m->allowance.reserved.files > 0)
			return true;
	return false;
}

bool
members_have(const struct members *all, uint64_t session)
{
	for (const struct member *m = all->first; m != NULL; m = m->next)
		if (m->session == session)
			return true;
	return false;
}

/* --- uploads */

/* A file without a name was removed, or is not complete yet. */
static bool
weigh(const struct member *m, struct book_weight *w)
{
	struct stat st;

	*w = (struct book_weight){ .gone = true };
	if (m->fd < 0 || fstat(m->fd, &st) < 0)
		return false;
	w->inode = (struct quota_inode){ st.st_dev, st.st_ino };
	w->gone = st.st_nlink == 0;
	w->count = quota_weight(&st, m->kinds);
	return true;
}

static void
settle(struct member *m)
{
	struct book_weight w;
	struct placing p;

	if (m->upload.file == NULL)
		return;
	/* A removed file does not count. */
	if (!weigh(m, &w) || w.gone)
		w.count = (struct quota_count){ 0, 0 };
	placing_begin(&p, m->book);
	book_settle(&m->book->book, &m->upload, &w, now_seconds());
	placing_end_file(&p, &w, &m->dir, m->weighed);
	io_close(&m->fd);
	shelf_changed(m->book);
}

static enum quota_refusal
begin_upload(struct member *m, const struct message_quota_upload *u, int fd)
{
	struct book_weight w;

	settle(m);
	book_release(&m->book->book, &m->allowance);
	io_close(&m->fd);
	m->fd = fd;
	m->dir = u->dir;
	m->weighed = u->from;
	enum quota_refusal refusal = weigh(m, &w) ?
	    book_begin(&m->book->book, &m->upload, &m->limits, &w, u,
		now_seconds()) : QUOTA_NOT_COUNTED;
	if (refusal != QUOTA_GRANTED)
		io_close(&m->fd);
	return refusal;
}

static enum quota_refusal
grow(struct member *m, int64_t size)
{
	struct book_weight w;
	struct placing p;

	if (!weigh(m, &w))
		return QUOTA_NOT_COUNTED;
	book_release(&m->book->book, &m->allowance);
	placing_begin(&p, m->book);
	enum quota_refusal refusal = book_grow(&m->book->book, &m->upload,
	    &m->limits, &w, size, now_seconds());
	placing_end_file(&p, &w, &m->dir, m->weighed);
	m->weighed = clock_ns();
	shelf_changed(m->book);
	return refusal;
}

void
members_weigh(struct members *all, struct shelf_book *book)
{
	struct book_weight w;
	struct placing p;

	for (struct member *m = all->first; m != NULL; m = m->next) {
		if (m->book != book || m->upload.file == NULL || !weigh(m, &w))
			continue;
		placing_begin(&p, book);
		book_refresh(&book->book, &m->upload, &w);
		placing_end_file(&p, &w, &m->dir, m->weighed);
		m->weighed = clock_ns();
	}
}

/* --- answers */

static bool
answer(struct member *m, uint64_t number, enum quota_refusal refusal)
{
	struct message reply UNINITIALIZED;
	struct book *book = &m->book->book;
	int64_t grace = book_grace(book, &m->limits, now_seconds());

	/* What this session may use is free for it. */
	book_release(book, &m->allowance);
	const struct quota_count room = book_free(book, &m->limits);
	message_begin(&reply, MESSAGE_quota_answer);
	reply.quota_answer = (struct message_quota_answer){
		.number = number,
		.refusal = (int32_t)refusal,
		.size = m->upload.size,
		.used = book->count,
		.limits = m->limits,
		.grace_left = grace,
		.allowance = book_allow(book, &m->allowance, &m->limits),
	};
	m->answered = number;
	if (grace != 0)
		reply.quota_answer.free = room;
	return channel_send(&m->channel, &reply) == 0;
}

static bool
answer_unknown(struct member *m, uint64_t number)
{
	struct message reply UNINITIALIZED;

	message_begin(&reply, MESSAGE_quota_answer);
	reply.quota_answer = (struct message_quota_answer){ .number = number,
		.unknown = 1 };
	return channel_send(&m->channel, &reply) == 0;
}

static enum quota_refusal
claim(struct member *m, const struct quota_count *count)
{
	book_release(&m->book->book, &m->claim);
	book_release(&m->book->book, &m->allowance);
	if (count->bytes < 0 || count->files < 0)
		return QUOTA_BYTES_EXCEEDED;
	return book_claim(&m->book->book, &m->claim, &m->limits, count,
		now_seconds());
}

static bool
take_report(struct member *m, const struct message_quota_report *r)
{
	struct book *book = &m->book->book;
	struct placing p;

	if (r->count > MESSAGE_QUOTA_ENTRIES)
		return false;
	book_release(book, &m->claim);
	if (r->count == 0)
		book_release(book, &m->allowance);
	for (uint32_t i = 0; i < r->count; i++) {
		const struct quota_entry *e = &r->entries[i];
		placing_begin(&p, m->book);
		book_allowed(book, &m->allowance, &e->by);
		book_change(book, e, now_seconds());
		placing_end_entry(&p, e);
	}
	shelf_changed(m->book);
	return true;
}

/* Sent again, because the answer took long. */
static bool
is_answered(const struct member *m, const struct message *r)
{
	switch (r->type) {
	case MESSAGE_quota_upload:
		return r->quota_upload.number == m->answered;
	case MESSAGE_quota_grow:
		return r->quota_grow.number == m->answered;
	case MESSAGE_quota_claim:
		return r->quota_claim.number == m->answered;
	default:
		return false;
	}
}

/* What other running uploads have stored so far is not in the count yet; for a
 * question it is close enough. */
static bool
serve(struct member *m, struct message *r)
{
	struct book *book = &m->book->book;

	switch (r->type) {
	case MESSAGE_quota_upload:
		return answer(m, r->quota_upload.number,
			begin_upload(m, &r->quota_upload, r->fds[0]));
	case MESSAGE_quota_grow:
		if (m->upload.file == NULL)
			return answer_unknown(m, r->quota_grow.number);
		return answer(m, r->quota_grow.number,
			grow(m, r->quota_grow.size));
	case MESSAGE_quota_claim:
		return answer(m, r->quota_claim.number,
			claim(m, &r->quota_claim.count));
	case MESSAGE_quota_ask:
		return answer(m, r->quota_ask.number, book->known ?
			QUOTA_GRANTED : QUOTA_NOT_COUNTED);
	case MESSAGE_quota_settle:
		settle(m);
		return true;
	case MESSAGE_quota_report:
		return take_report(m, &r->quota_report);
	case MESSAGE_quota_moved:
		placing_moved(m->book, &r->quota_moved);
		return true;
	default:
		m->bye = true;
		return true;
	}
}

static bool
needs_count(const struct message *r)
{
	switch (r->type) {
	case MESSAGE_quota_upload:
	case MESSAGE_quota_claim:
	case MESSAGE_quota_grow:
		return true;
	case MESSAGE_quota_ask:
		return r->quota_ask.patient != 0;
	default:
		return false;
	}
}

static void
forget_request(struct member *m)
{
	if (m->waiting != NULL && m->waiting->type == MESSAGE_quota_upload)
		io_close(&m->waiting->fds[0]);
	free(m->waiting);
	m->waiting = NULL;
}

/* Until it is answered, or sent again. */
static bool
let_wait(struct member *m, struct message *request)
{
	forget_request(m);
	m->waiting = malloc(sizeof(*request));
	if (m->waiting == NULL)
		return false;
	*m->waiting = *request;
	return true;
}

/* 1, -EAGAIN, or anything else at the end. */
static int
receive_one(struct member *m)
{
	static struct message request;
	int r = channel_recv(&m->channel, &request);

	if (r != 1)
		return r;
	tame(&request);
	if (is_answered(m, &request)) {
		io_close(&request.fds[0]);
		return 1;
	}
	bool waits = needs_count(&request) && shelf_waits(m->book);
	return (waits ? let_wait : serve)(m, &request) ? 1 : -EPROTO;
}

/* All that it has sent, so that the next session that asks knows of it; but
 * others get their turn as well. */
bool
members_receive(struct member *m)
{
	int r = 1;

	for (int i = 0; i < TURN && r == 1; i++)
		r = receive_one(m);
	return r == 1 || r == -EAGAIN;
}

void
members_answer_waiting(struct members *all)
{
	for (struct member *m = all->first; m != NULL; m = m->next) {
		struct message *request = m->waiting;

		if (request == NULL || shelf_waits(m->book))
			continue;
		m->waiting = NULL;
		/* If it does not read, its end will be seen. */
		(void)serve(m, request);
		free(request);
	}
}

bool
members_wait(const struct members *all)
{
	for (const struct member *m = all->first; m != NULL; m = m->next)
		if (m->waiting != NULL)
			return true;
	return false;
}

/* A session that was killed may have removed or created something and not said
 * so. */
void
members_remove(struct members *all, struct member *m)
{
	struct member **at = &all->first;

	while (*at != m)
		at = &(*at)->next;
	*at = m->next;
	all->count--;
	settle(m);
	forget_request(m);
	book_release(&m->book->book, &m->claim);
	book_release(&m->book->book, &m->allowance);
	if (!m->bye) {
		m->book->book.suspect = m->book->book.disturbed = true;
		log_info("session %" PRIu64 " of %s ended unexpectedly: %s "
			"will be counted again", m->session, m->user,
			m->book->attach.root);
	}
	shelf_leave(m->book);
	channel_close(&m->channel);
	free(m);
}
