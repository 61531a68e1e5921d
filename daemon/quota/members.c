/*
 * members.c - the sessions that have a quota, and their uploads.
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
#include "daemon/quota/cached_stat.h"
#include "daemon/quota/placing.h"

/* To the session that had this book to itself. */
static void
report_not_alone(struct members *all, const struct store_book *book)
{
	struct message reply UNINITIALIZED;

	message_begin(&reply, MESSAGE_quota_answer);
	for (struct member *m = all->first; m != NULL; m = m->next)
		if (m->book == book)
			/* If it does not read, it gets answers later. */
			(void)!channel_send(&m->channel, &reply);
}

struct member *
members_add(struct members *all, struct store *store,
	const struct quota_attach *a, int fd)
{
	struct member *m = calloc(1, sizeof(*m));
	struct store_book *book = m == NULL ? NULL : store_open(store, a);

	if (book == NULL) {
		log_error("cannot attach the session of %s to the "
			"bookkeeper: %s", a->user, strerror(ENOMEM));
		io_close(&fd);
		free(m);
		return NULL;
	}
	all->store = store;
	m->watched = WATCHED_MEMBER;
	channel_open(&m->channel, fd, PARTY_BOOKKEEPER, PARTY_SESSION,
		&channel_any_phase);
	m->session = a->session;
	memcpy(m->user, a->user, sizeof(m->user));
	m->limits = a->limits;
	m->kinds = a->kinds;
	m->book = book;
	m->fd = -1;
	if (book->sessions == 2)
		report_not_alone(all, book);
	m->next = all->first;
	all->first = m;
	all->count++;
	return m;
}

bool
members_allowed(const struct members *all, const struct store_book *book)
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
bool
members_examine(const struct member *m, struct book_weight *w)
{
	struct stat st;

	*w = (struct book_weight){ .removed = true };
	if (m->fd < 0 || cached_stat(m->fd, &st) < 0)
		return false;
	w->inode = quota_inode_of(m->fd, &st);
	w->removed = st.st_nlink == 0;
	w->count = quota_weight(&st, m->kinds);
	return true;
}

void
members_settle(struct member *m)
{
	struct book_weight w;
	struct placing p;

	if (m->upload.file == NULL)
		return;
	/* A removed file does not count. */
	if (!members_examine(m, &w) || w.removed)
		w.count = (struct quota_count){ 0, 0 };
	placing_begin(&p, m->book);
	book_settle(&m->book->book, &m->upload, &w, (int64_t)time(NULL));
	placing_end_file(&p, &w, &m->dir, m->weighed);
	io_close(&m->fd);
	store_changed(m->book);
}

static void
place_question(struct member *m)
{
	struct question *q = &m->question;
	const struct message_quota_upload *u = &q->upload;
	struct stat st;

	if (!m->asks || q->type != MESSAGE_quota_upload || u->created == 0 ||
	    q->placed || cached_stat(q->fd, &st) < 0)
		return;
	const struct quota_inode file = { st.st_dev, st.st_ino, 0 };
	int64_t now = clock_ns();
	q->placed = placing_not_counted(m->book, &file, &u->dir, u->from);
	if (q->placed)
		q->upload.from = now;
}

static void
weigh_upload(struct member *m)
{
	struct book_weight w;
	struct placing p;

	if (m->upload.file == NULL || !members_examine(m, &w))
		return;
	placing_begin(&p, m->book);
	book_refresh(&m->book->book, &m->upload, &w);
	placing_end_file(&p, &w, &m->dir, m->weighed);
	m->weighed = clock_ns();
}

void
members_weigh(struct members *all, struct store_book *book)
{
	for (struct member *m = all->first; m != NULL; m = m->next) {
		if (m->book != book)
			continue;
		place_question(m);
		weigh_upload(m);
	}
}

void
members_forget_question(struct members *all, struct member *m)
{
	struct member **at = &all->asking;

	if (!m->asks)
		return;
	while (*at != m)
		at = &(*at)->next_asking;
	*at = m->next_asking;
	m->asks = false;
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
	members_settle(m);
	if (m->asks && m->question.type == MESSAGE_quota_upload)
		io_close(&m->question.fd);
	members_forget_question(all, m);
	book_release(&m->book->book, &m->claim);
	book_release(&m->book->book, &m->allowance);
	if (!m->bye) {
		m->book->book.suspect = m->book->book.disturbed = true;
		log_info("session %" PRIu64 " of %s ended unexpectedly: %s "
			"will be counted again", m->session, m->user,
			m->book->attach.root);
	}
	store_leave(m->book);
	channel_close(&m->channel);
	free(m);
}
