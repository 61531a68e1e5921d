/*
 * member_requests.c - what sessions ask and report.
 *
 * Runs in: bookkeeper.
 * Never: answers before it has read what the other sessions have sent.
 */
#include "common/base.h"
#include "daemon/quota/member_requests.h"

#include "common/clock.h"
#include "common/io.h"
#include "common/log/log.h"
#include "daemon/quota/cached_stat.h"
#include "daemon/quota/clamp_message.h"
#include "daemon/quota/placing.h"

#define TURN	  16		/* messages of one session at a time */
#define STUCK_MAX 8		/* such files of one session */

static int64_t
now_seconds(void)
{
	return (int64_t)time(NULL);
}

/* --- uploads */

static enum quota_refusal
begin_upload(struct member *m, const struct message_quota_upload *u, int fd)
{
	struct book_weight w;

	members_settle(m);
	book_release(&m->book->book, &m->allowance);
	io_close(&m->fd);
	m->fd = fd;
	m->dir = u->dir;
	m->weighed = u->from;
	enum quota_refusal refusal = members_examine(m, &w) ?
	    book_begin(&m->book->book, &m->upload, &m->limits, &w, u,
		now_seconds()) : QUOTA_NOT_COUNTED;
	if (u->created != 0 && !m->question.placed)
		placing_created(m->book, u->from);
	if (m->upload.file == NULL)
		io_close(&m->fd);
	return refusal;
}

static enum quota_refusal
grow(struct member *m, const struct message_quota_grow *g)
{
	struct book_weight w;
	struct placing p;

	if (!members_examine(m, &w))
		return QUOTA_NOT_COUNTED;
	book_release(&m->book->book, &m->allowance);
	placing_begin(&p, m->book);
	enum quota_refusal refusal = g->replaces_not != 0 ?
	    book_cancel_replace(&m->book->book, &m->upload, &m->limits, &w) :
	    book_grow(&m->book->book, &m->upload, &m->limits, &w, g->size,
		now_seconds());
	placing_end_file(&p, &w, &m->dir, m->weighed);
	m->weighed = clock_ns();
	store_changed(m->book);
	return refusal;
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
		.alone = m->book->sessions == 1,
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

static void
take_entries(struct member *m, const struct quota_entry *entries, uint32_t n)
{
	struct book *book = &m->book->book;
	struct placing p;

	book_release(book, &m->claim);
	for (uint32_t i = 0; i < n; i++) {
		const struct quota_entry *e = &entries[i];
		placing_begin(&p, m->book);
		book_allowed(book, &m->allowance, &e->by);
		book_change(book, e, now_seconds());
		placing_end_entry(&p, e);
	}
	store_changed(m->book);
}

static bool
take_report(struct member *m, const struct message_quota_report *r)
{
	if (r->count > MESSAGE_QUOTA_ENTRIES)
		return false;
	if (r->count == 0)
		book_release(&m->book->book, &m->allowance);
	take_entries(m, r->entries, r->count);
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
	case MESSAGE_quota_settle:
		return r->quota_settle.number != 0 &&
		    r->quota_settle.number == m->answered;
	default:
		return false;
	}
}

/* --- questions */

/* What other running uploads have stored so far is not in the count yet; for a
 * question it is close enough. */
static bool
answer_question(struct member *m)
{
	struct question *q = &m->question;
	struct book *book = &m->book->book;

	switch (q->type) {
	case MESSAGE_quota_upload:
		return answer(m, q->upload.number,
			begin_upload(m, &q->upload, q->fd));
	case MESSAGE_quota_grow:
		if (m->upload.file == NULL)
			return answer_unknown(m, q->grow.number);
		return answer(m, q->grow.number, grow(m, &q->grow));
	case MESSAGE_quota_claim:
		return answer(m, q->claim.number, claim(m, &q->claim.count));
	case MESSAGE_quota_settle:
		return answer(m, q->settle.number, QUOTA_GRANTED);
	default:
		return answer(m, q->ask.number, book->known ?
			QUOTA_GRANTED : QUOTA_NOT_COUNTED);
	}
}

/* It may be asked again if the answer takes long. */
static void
keep_question(struct members *all, struct member *m, const struct message *r)
{
	struct question *q = &m->question;
	struct member **end = &all->asking;

	if (m->asks && q->type == MESSAGE_quota_upload)
		io_close(&q->fd);
	*q = (struct question){ .type = r->type, .fd = r->fds[0] };
	if (r->type == MESSAGE_quota_upload)
		q->upload = r->quota_upload;
	else if (r->type == MESSAGE_quota_grow)
		q->grow = r->quota_grow;
	else if (r->type == MESSAGE_quota_claim)
		q->claim = r->quota_claim;
	else if (r->type == MESSAGE_quota_settle)
		q->settle = r->quota_settle;
	else
		q->ask = r->quota_ask;
	all->questions++;
	if (m->asks)
		return;
	while (*end != NULL)
		end = &(*end)->next_asking;
	*end = m;
	m->next_asking = NULL;
	m->asks = true;
}

static bool
waits(const struct member *m)
{
	bool needs_count = m->question.type == MESSAGE_quota_ask ?
	    m->question.ask.patient != 0 :
	    m->question.type != MESSAGE_quota_settle;

	return needs_count && store_waits(m->book);
}

void
member_answer_all(struct members *all)
{
	struct member *next;

	for (struct member *m = all->asking; m != NULL; m = next) {
		next = m->next_asking;
		if (waits(m))
			continue;
		members_forget_question(all, m);
		/* If it does not read, its end will be seen. */
		(void)answer_question(m);
	}
}

/* --- messages */

static bool
serve(struct members *all, struct member *m, const struct message *r)
{
	switch (r->type) {
	case MESSAGE_quota_settle:
		members_settle(m);
		if (r->quota_settle.number != 0)
			keep_question(all, m, r);
		return true;
	case MESSAGE_quota_report:
		return take_report(m, &r->quota_report);
	case MESSAGE_quota_single:
		take_entries(m, &r->quota_single.entry, 1);
		return true;
	case MESSAGE_quota_moved:
		placing_moved(m->book, &r->quota_moved);
		return true;
	case MESSAGE_quota_root:
		store_found_root(all->store, m->book, &r->quota_root.root);
		return true;
	case MESSAGE_quota_bye:
		m->bye = true;
		return true;
	default:
		keep_question(all, m, r);
		return true;
	}
}

/* On a file system of the account's own (FUSE), which answers nobody else. */
static bool
is_foreign(int fd)
{
	struct stat st;

	return fd >= 0 && cached_stat(fd, &st) < 0;
}

/* It stays open: the file system could let close() wait for ever, and then not
 * even SIGKILL would end this process.  False if the session has sent too
 * many. */
static bool
keep_open(struct member *m, struct message *request)
{
	if (!is_foreign(request->fds[0]))
		return true;
	request->fds[0] = -1;
	if (++m->stuck < STUCK_MAX)
		return true;
	log_warning("session %" PRIu64 " of %s stores files on a file system "
		"that only this account can use; it is not served any more",
		m->session, m->user);
	return false;
}

/* 1, -EAGAIN, or anything else at the end. */
static int
receive_one(struct members *all, struct member *m)
{
	static struct message request;
	int r = channel_recv(&m->channel, &request);

	if (r != 1)
		return r;
	if (!keep_open(m, &request))
		return -EPERM;
	clamp_message(&request);
	if (is_answered(m, &request)) {
		io_close(&request.fds[0]);
		return 1;
	}
	return serve(all, m, &request) ? 1 : -EPROTO;
}

/* All that it has sent, so that the next session that asks knows of it; but
 * others get their turn as well. */
bool
member_receive(struct members *all, struct member *m)
{
	int r = 1;

	for (int i = 0; i < TURN && r == 1; i++)
		r = receive_one(all, m);
	return r == 1 || r == -EAGAIN;
}
