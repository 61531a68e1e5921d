/*
 * quota.c - the session's side of its quota.
 *
 * Runs in: session.
 * Never: decides whether something fits; the bookkeeper does.
 */
#include "common/base.h"

#include "worker/tree/quota.h"

#include "common/clock.h"
#include "common/io.h"
#include "common/log/log.h"
#include "worker/reason.h"
#include "worker/tree/rules.h"

#include <fcntl.h>
#include <poll.h>

#define MARGIN 5		/* seconds to wait in addition to quota_cache */
#define AGAIN_MS 1000		/* a question that was lost with a bookkeeper
				 * that died is asked again */

bool
quota_open(struct quota *q, int fd, const struct quota_place *place)
{
	*q = (struct quota){
		.kinds = place->kinds,
		.everywhere = place->inside[0] == '\0',
		.patience = place->cache + MARGIN,
	};
	channel_open(&q->channel, fd, PARTY_SESSION, PARTY_BOOKKEEPER,
		&channel_any_phase);
	if (q->everywhere || stat(place->inside, &q->root) == 0)
		return true;
	log_error("cannot find quota_root %s: %s", place->inside,
		strerror(errno));
	return false;
}

void
quota_close(struct quota *q)
{
	struct message m UNINITIALIZED;

	if (q == NULL)
		return;
	message_begin(&m, MESSAGE_quota_bye);
	(void)!channel_send(&q->channel, &m);
	channel_close(&q->channel);
}

bool
quota_counts(const struct quota *q, int dir)
{
	return q != NULL && (q->everywhere || rules_is_below(dir, &q->root));
}

/* --- questions */

/* Reports that cannot be sent are lost, with those of the sessions: the
 * directory is counted again. */
static void
report(struct quota *q, const struct message *m)
{
	int error = channel_send(&q->channel, m);

	if (error < 0)
		log_error("cannot report to the bookkeeper: %s",
			log_errno(error));
}

/* 1 if the answer to the last question is in q->last, 0 after a while, or
 * -errno. */
static int
receive(struct quota *q, int64_t until)
{
	struct message m UNINITIALIZED;
	struct pollfd fd = { .fd = q->channel.fd, .events = POLLIN };

	for (;;) {
		int n = poll(&fd, 1, clock_poll(until));
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n < 0 ? -errno : 0;
		int r = channel_recv(&q->channel, &m);
		if (r != 1)
			return r < 0 ? r : -EPIPE;
		q->last = m.quota_answer;
		if (q->last.number == q->number)
			return 1;
	}
}

static int
ask(struct quota *q, struct message *m, uint64_t *number)
{
	int64_t deadline = clock_after(q->patience);
	int r = 0;

	*number = ++q->number;
	while (r == 0 && !clock_passed(deadline)) {
		if (channel_send(&q->channel, m) < 0)
			break;
		r = receive(q, clock_earlier(deadline, clock_ms() + AGAIN_MS));
	}
	if (r != 1) {
		log_error("the bookkeeper does not answer");
		return -REASON_QUOTA_ASKED;
	}
	return q->last.refusal == QUOTA_GRANTED ? 0 :
		-(REASON_QUOTA + q->last.refusal);
}

int
quota_ask(struct quota *q, bool patient)
{
	struct message m UNINITIALIZED;

	message_begin(&m, MESSAGE_quota_ask);
	m.quota_ask.patient = patient;
	return ask(q, &m, &m.quota_ask.number);
}

/* --- uploads */

static struct quota_inode
inode_of(const struct stat *st)
{
	return (struct quota_inode){ st->st_dev, st->st_ino };
}

int
quota_begin(struct quota *q, const struct quota_upload *u, int64_t *size)
{
	struct message m UNINITIALIZED;

	message_begin(&m, MESSAGE_quota_upload);
	m.fds[0] = u->fd;
	m.quota_upload.size = u->size;
	m.quota_upload.created = u->created;
	if (u->replaced != NULL && u->replaced->st_nlink == 1) {
		m.quota_upload.replaced = inode_of(u->replaced);
		m.quota_upload.replaced_bytes = quota_weight(u->replaced,
			q->kinds).bytes;
	}
	int error = ask(q, &m, &m.quota_upload.number);
	*size = q->last.size;
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
	int error = ask(q, &m, &m.quota_grow.number);
	if (error == 0 && q->last.unknown != 0)
		error = quota_begin(q, &again, size);
	*size = q->last.size;
	if (error == 0 && *size <= before)
		error = -(REASON_QUOTA + QUOTA_BYTES_EXCEEDED);
	return error;
}

void
quota_end(struct quota *q)
{
	struct message m UNINITIALIZED;

	message_begin(&m, MESSAGE_quota_settle);
	report(q, &m);
}

/* --- changes */

static void
change(struct quota *q, const struct message_quota_change *c)
{
	struct message m UNINITIALIZED;

	message_begin(&m, MESSAGE_quota_change);
	m.quota_change = *c;
	report(q, &m);
}

int
quota_claim(struct quota *q, int dir, struct quota_count count)
{
	struct message m UNINITIALIZED;

	if (count.files == 0 || !quota_counts(q, dir))
		return 0;
	message_begin(&m, MESSAGE_quota_claim);
	m.quota_claim.count = count;
	return ask(q, &m, &m.quota_claim.number);
}

/* Also what was not created is reported: its room is free again. */
void
quota_created(struct quota *q, int dir, const char *name, int error)
{
	struct message_quota_change c = { .unsure = 0 };
	struct stat st;

	if (!quota_counts(q, dir))
		return;
	if (error == 0 && fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) == 0) {
		c.inode = inode_of(&st);
		c.by = quota_weight(&st, q->kinds);
	} else if (error == 0) {
		c.unsure = 1;
	}
	change(q, &c);
}

static void
removed(struct quota *q, const struct stat *st)
{
	struct quota_count weight = quota_weight(st, q->kinds);
	const struct message_quota_change c = {
		.inode = inode_of(st),
		.by = { -weight.bytes, -weight.files },
		.links = S_ISREG(st->st_mode) && st->st_nlink > 1,
	};

	if (weight.files > 0)
		change(q, &c);
}

void
quota_lost_name(struct quota *q, int dir, int fd, const struct stat *before)
{
	struct stat st;

	if (quota_counts(q, dir) && fstat(fd, &st) == 0 && st.st_nlink == 0)
		removed(q, before);
}

struct quota_target
quota_look(const struct quota *q, int dir, const char *name)
{
	struct quota_target target = { .fd = -1 };

	if (!quota_counts(q, dir))
		return target;
	target.fd = openat(dir, name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	if (target.fd >= 0 && fstat(target.fd, &target.st) < 0)
		io_close(&target.fd);
	return target;
}

/* If the name referred to another file by then, that one was removed. */
void
quota_looked(struct quota *q, struct quota_target *target, int error)
{
	const struct message_quota_change unsure = { .unsure = 1 };
	struct stat st;

	if (target->fd < 0)
		return;
	if (error == 0 && fstat(target->fd, &st) == 0) {
		if (st.st_nlink == 0 || S_ISDIR(st.st_mode))
			removed(q, &target->st);
		else if (st.st_nlink >= target->st.st_nlink)
			change(q, &unsure);
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

	quota_looked(q, &target, error);
	return error;
}

/* --- rename */

int
quota_before_rename(struct quota *q, struct quota_rename *r, int from_dir,
	const char *from, int to_dir, const char *to)
{
	struct stat st;

	*r = (struct quota_rename){ .replaced = { .fd = -1 } };
	if (q == NULL)
		return 0;
	r->replaced = quota_look(q, to_dir, to);
	bool leaves = quota_counts(q, from_dir);
	bool enters = quota_counts(q, to_dir);
	if (leaves == enters || fstatat(from_dir, from, &st,
		AT_SYMLINK_NOFOLLOW) < 0)
		return 0;
	if (S_ISDIR(st.st_mode))
		return -EXDEV;
	r->inode = inode_of(&st);
	r->moved = quota_weight(&st, q->kinds);
	if (enters)
		return quota_claim(q, to_dir, r->moved);
	r->moved = (struct quota_count){ -r->moved.bytes, -r->moved.files };
	return 0;
}

void
quota_renamed(struct quota *q, struct quota_rename *r, int error)
{
	struct message_quota_change c = { .inode = r->inode, .by = r->moved };

	if (r->moved.files != 0) {
		if (error < 0)
			c.by = (struct quota_count){ 0, 0 };
		change(q, &c);
	}
	/* Renaming one link to another of the same file does nothing. */
	if (r->replaced.fd >= 0 && error == 0) {
		struct stat st;
		if (fstat(r->replaced.fd, &st) == 0 && st.st_nlink == 0)
			removed(q, &r->replaced.st);
	}
	io_close(&r->replaced.fd);
}
