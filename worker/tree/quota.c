/*
 * quota.c - the session's side of its quota.
 *
 * Runs in: session.
 * Never: decides whether something fits; the bookkeeper does.
 */
#include "common/base.h"

#include "worker/tree/quota.h"

#include "common/io.h"
#include "common/log/log.h"
#include "worker/reason.h"
#include "worker/tree/network_fs.h"
#include "worker/tree/rules.h"

#include <fcntl.h>

#define MARGIN 5		/* seconds to wait in addition to quota_cache */

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
	if (!q->lost)
		return;
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
quota_counts(const struct quota *q, int dir)
{
	struct stat st;

	if (q != NULL && q->lost)
		return true;
	if (q == NULL || (fstatat(dir, "", &st, AT_EMPTY_PATH) == 0 &&
		st.st_dev != q->root.st_dev))
		return false;
	return q->everywhere || rules_is_below(dir, &q->root);
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

static struct quota_mark
mark_upload(const struct quota_upload *u)
{
	const struct quota_mark unknown = { .from = 0 };
	struct stat st;

	if (u->dir < 0 || fstat(u->fd, &st) < 0)
		return unknown;
	return u->created ? quota_mark_created(u->dir, &st) :
		quota_mark_now(u->dir);
}

int
quota_begin(struct quota *q, const struct quota_upload *u, int64_t *size)
{
	struct message m UNINITIALIZED;

	message_begin(&m, MESSAGE_quota_upload);
	struct quota_mark mark = mark_upload(u);
	m.quota_upload.dir = mark.dir;
	m.quota_upload.from = mark.from;
	m.fds[0] = u->fd;
	m.quota_upload.size = u->size;
	m.quota_upload.created = u->created;
	if (u->replaced != NULL && u->replaced->st_nlink == 1) {
		m.quota_upload.replaced = quota_mark_inode(u->replaced);
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
	struct quota_upload again = { .fd = u->fd, .dir = -1, .size = -1 };
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
	quota_report_send(&q->to, &m);
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

	if (count.files == 0 || !quota_counts(q, dir))
		return 0;
	q->mark = quota_mark_now(dir);
	/* Counted when it is there: quota_created(). */
	if (count.bytes <= q->to.allowance.bytes &&
		count.files <= q->to.allowance.files)
		return 0;
	message_begin(&m, MESSAGE_quota_claim);
	m.quota_claim.count = count;
	int error = quota_report_ask(&q->to, &m, &m.quota_claim.number);
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
quota_removed(struct quota *q, const struct stat *st,
	const struct quota_mark *mark)
{
	struct quota_count weight = quota_weight(st, q->kinds);
	struct quota_entry c = {
		.inode = quota_mark_inode(st),
		.by = { -weight.bytes, -weight.files },
		.links = S_ISREG(st->st_mode) && st->st_nlink > 1,
	};

	if (weight.files > 0)
		quota_changed(q, &c, mark);
}

void
quota_unsure(struct quota *q)
{
	struct quota_entry unsure = { .unsure = 1 };
	const struct quota_mark nowhere = { .from = 0 };

	quota_changed(q, &unsure, &nowhere);
}

void
quota_lost_name(struct quota *q, int dir, int fd, const struct stat *before)
{
	struct stat st;

	if (!quota_counts(q, dir) || fstat(fd, &st) < 0 || st.st_nlink > 0)
		return;
	/* When that was is not known. */
	struct quota_mark mark = quota_mark_now(dir);
	mark.from = 0;
	quota_removed(q, before, &mark);
}

struct quota_target
quota_look(const struct quota *q, int dir, const char *name)
{
	struct quota_target target = { .fd = -1 };

	if (!quota_counts(q, dir))
		return target;
	target.mark = quota_mark_now(dir);
	target.fd = openat(dir, name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	if (target.fd >= 0 && fstat(target.fd, &target.st) < 0)
		io_close(&target.fd);
	return target;
}

/* On a network file system it is not seen while the file is open: most likely
 * it is gone, and a scan will tell.  SMB has no stat() of what is gone. */
static void
keeps_its_links(struct quota *q, const struct quota_target *target, bool known)
{
	if (target->st.st_nlink == 1 &&
		(!known || network_fs_keeps_open(target->fd)))
		quota_removed(q, &target->st, &target->mark);
	quota_unsure(q);
}

/* If the name referred to another file by then, that one was removed. */
void
quota_looked(struct quota *q, struct quota_target *target, int error)
{
	struct stat st = { .st_nlink = target->st.st_nlink };

	if (target->fd < 0)
		return;
	if (error == 0) {
		bool known = fstat(target->fd, &st) == 0;
		if (known && (st.st_nlink == 0 || S_ISDIR(st.st_mode)))
			quota_removed(q, &target->st, &target->mark);
		else if (st.st_nlink >= target->st.st_nlink)
			keeps_its_links(q, target, known);
	}
	io_close(&target->fd);
}

int
quota_unlink(struct quota *q, int dir, const char *name, int flags)
{
	bool counts = (flags & AT_REMOVEDIR) == 0 || (q != NULL &&
		(q->kinds & QUOTA_DIRECTORIES) != 0);
	struct quota_target target = quota_look(counts ? q : NULL, dir, name);
	int error = unlinkat(dir, name, flags) < 0 ? -errno : 0;

	/* There was none just before. */
	if (error == 0 && target.fd < 0 && counts && quota_counts(q, dir))
		quota_unsure(q);
	quota_looked(q, &target, error);
	return error;
}
