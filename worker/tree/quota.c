/*
 * quota.c - the session's side of its quota.
 *
 * Runs in: session.
 * Never: decides whether something fits; the bookkeeper does.
 */
#include "common/base.h"

#include "worker/tree/quota.h"

#include "common/clock.h"
#include "common/log/log.h"
#include "worker/reason.h"
#include "worker/tree/rules.h"

#include <fcntl.h>

#define MARGIN 5		/* seconds to wait in addition to quota_cache */

/* Two paths may lead to the same directory. */
static void
report_root(struct quota *q)
{
	struct message m UNINITIALIZED;

	message_begin(&m, MESSAGE_quota_root);
	m.quota_root.root = quota_mark_inode(&q->root);
	quota_report_send(&q->to, &m);
}

void
quota_open(struct quota *q, int fd, const struct quota_place *place)
{
	*q = (struct quota){
		.kinds = place->kinds,
		.everywhere = place->inside[0] == '\0',
		.to.patience = place->cache + MARGIN,
	};
	channel_open(&q->to.channel, fd, PARTY_SESSION, PARTY_BOOKKEEPER,
		&channel_any_phase);
	q->lost = stat(q->everywhere ? "/" : place->inside, &q->root) < 0;
	if (!q->lost) {
		if (!place->is_below)
			report_root(q);
		return;
	}
	log_error("cannot find quota_root %s: %s", place->inside,
		strerror(errno));
	/* What is removed elsewhere must not give room there. */
	quota_unsure(q);
}

void
quota_flush(struct quota *q)
{
	if (q != NULL)
		quota_report_all(&q->to);
}

void
quota_idle(struct quota *q)
{
	if (q != NULL)
		quota_report_idle(&q->to);
}

int
quota_poll_fd(const struct quota *q)
{
	return q == NULL || q->to.lost ? -1 : q->to.channel.fd;
}

void
quota_receive(struct quota *q)
{
	quota_report_receive(&q->to);
}

void
quota_close(struct quota *q)
{
	struct message m UNINITIALIZED;

	if (q == NULL)
		return;
	quota_flush(q);
	message_begin(&m, MESSAGE_quota_bye);
	(void)!channel_send(&q->to.channel, &m);
	channel_close(&q->to.channel);
}

bool
quota_counts_here(const struct quota *q, int dir, struct quota_mark *mark)
{
	if (q == NULL)
		return false;
	*mark = quota_mark_now(dir);
	if (q->lost)
		return true;
	/* Not what is mounted below. */
	if (mark->dir.inode != 0 && mark->dir.device != q->root.st_dev)
		return false;
	return q->everywhere || mark->dir.inode == q->root.st_ino ||
		rules_is_below(dir, &q->root);
}

bool
quota_counts(const struct quota *q, int dir)
{
	struct quota_mark mark;

	return quota_counts_here(q, dir, &mark);
}

int
quota_ask(struct quota *q, bool patient)
{
	struct message m UNINITIALIZED;

	message_begin(&m, MESSAGE_quota_ask);
	m.quota_ask.patient = patient;
	return quota_report_ask(&q->to, &m, &m.quota_ask.number);
}

/* --- uploads */

int
quota_begin(struct quota *q, const struct quota_upload *u, int64_t *size)
{
	struct message m UNINITIALIZED;

	message_begin(&m, MESSAGE_quota_upload);
	m.quota_upload.dir = u->mark.dir;
	m.quota_upload.from = u->mark.from;
	m.fds[0] = u->fd;
	m.quota_upload.size = u->size;
	m.quota_upload.created = u->created;
	if (u->replaced != NULL && u->replaced->st_nlink == 1) {
		m.quota_upload.replaced = quota_inode_of(u->replaced_fd,
			u->replaced);
		m.quota_upload.replaced_bytes = quota_weight(u->replaced,
			q->kinds).bytes;
	}
	int error = quota_report_ask(&q->to, &m, &m.quota_upload.number);
	*size = q->to.last.size;
	return error;
}

int
quota_grow(struct quota *q, const struct quota_upload *u, int64_t *size)
{
	struct quota_upload again = { .fd = u->fd, .size = -1 };
	struct message m UNINITIALIZED;
	int64_t before = *size;

	message_begin(&m, MESSAGE_quota_grow);
	m.quota_grow.size = before + 1;
	int error = quota_report_ask(&q->to, &m, &m.quota_grow.number);
	if (error == 0 && q->to.last.unknown != 0)
		error = quota_begin(q, &again, size);
	*size = q->to.last.size;
	if (error == 0 && *size <= before)
		error = -(REASON_QUOTA + QUOTA_BYTES_EXCEEDED);
	return error;
}

void
quota_end(struct quota *q)
{
	struct message m UNINITIALIZED;

	message_begin(&m, MESSAGE_quota_settle);
	/* Nobody can store anything without asking. */
	if (q->to.allowance.files == 0 && quota_report_alone(&q->to))
		quota_report_send(&q->to, &m);
	else
		(void)!quota_report_ask(&q->to, &m, &m.quota_settle.number);
}

int
quota_replaces_not(struct quota *q)
{
	struct message m UNINITIALIZED;

	message_begin(&m, MESSAGE_quota_grow);
	m.quota_grow.replaces_not = 1;
	return quota_report_ask(&q->to, &m, &m.quota_grow.number);
}

/* --- changes */

void
quota_changed(struct quota *q, struct quota_entry *e,
	const struct quota_mark *mark)
{
	e->dir = mark->dir;
	e->from = mark->from;
	quota_report(&q->to, e);
}

int
quota_claim(struct quota *q, int dir, struct quota_count count)
{
	struct message m UNINITIALIZED;

	if (count.files == 0 || !quota_counts_here(q, dir, &q->mark))
		return 0;
	/* Counted when it is there: quota_created(). */
	if (count.bytes <= q->to.allowance.bytes &&
		count.files <= q->to.allowance.files)
		return 0;
	message_begin(&m, MESSAGE_quota_claim);
	m.quota_claim.count = count;
	int error = quota_report_ask(&q->to, &m, &m.quota_claim.number);
	/* A scan that has ended while the session waited was before it. */
	q->mark.from = clock_ns();
	q->claimed = error == 0;
	return error;
}

/* Also what was not created is reported: its room is free again. */
void
quota_created(struct quota *q, int dir, const char *name, int error)
{
	struct quota_entry c = { .unsure = 0 };
	struct stat st;

	if (!quota_counts(q, dir) || (error < 0 && !q->claimed))
		return;
	q->claimed = false;
	if (error == 0 && fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) == 0) {
		c.inode = quota_mark_inode(&st);
		c.by = quota_weight(&st, q->kinds);
	} else if (error == 0) {
		c.unsure = 1;
	}
	quota_changed(q, &c, &q->mark);
}

void
quota_made(struct quota *q, int dir)
{
	struct quota_entry c = { .by = { 0, 1 } };

	if (!quota_counts(q, dir))
		return;
	struct quota_mark mark = quota_mark_now(dir);
	quota_changed(q, &c, &mark);
}

void
quota_unsure(struct quota *q)
{
	struct quota_entry unsure = { .unsure = 1 };
	const struct quota_mark nowhere = { .from = 0 };

	quota_changed(q, &unsure, &nowhere);
}
