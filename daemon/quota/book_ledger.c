/*
 * book_ledger.c - a count in a ledger.
 *
 * Runs in: bookkeeper, sureftpd --quota.
 */
#include "common/base.h"
#include "daemon/quota/book_ledger.h"

#include "common/log/log.h"

#include <fcntl.h>
#include <sys/stat.h>

#define MARK_SIZE (BOOK_FILE_NAME_SIZE + 8)

static void
name_mark(const struct book_path *p, char name[MARK_SIZE])
{
	snprintf(name, MARK_SIZE, "%s.open", p->name);
}

/* A sum that is not positive is not trusted: if the directory is really empty,
 * counting it takes no time. */
int
book_ledger_read(struct book_path *p, struct book_file_state *state)
{
	char mark[MARK_SIZE];
	struct ledger l;
	struct stat st;
	size_t line;
	int error = ledger_file_read(p->dir, p->name, &l, &st, &line);

	*state = (struct book_file_state){ .open = true };
	if (error == -EINVAL && line > 0)
		log_warning("quota file %s: line %zu is not a number",
			p->name, line);
	if (error < 0)
		return error == -EFBIG ? -EINVAL : error;
	if (l.empty_lines > 0)
		log_warning("quota file %s has %" PRId64 " empty lines",
			p->name, l.empty_lines);
	name_mark(p, mark);
	state->count.bytes = l.bytes;
	state->changes = l.changes;
	state->counted_at = (int64_t)st.st_mtim.tv_sec;
	state->open = l.bytes <= 0 ||
	    fstatat(p->dir, mark, &st, AT_SYMLINK_NOFOLLOW) == 0;
	return 0;
}

static int
mark_open(const struct book_path *p, bool open)
{
	char mark[MARK_SIZE];

	name_mark(p, mark);
	if (!open)
		return unlinkat(p->dir, mark, 0) < 0 && errno != ENOENT ?
		    -errno : 0;
	int fd = openat(p->dir, mark, O_WRONLY | O_CREAT | O_CLOEXEC |
		O_NOFOLLOW | O_NONBLOCK, 0640);
	if (fd < 0)
		return -errno;
	close(fd);
	return 0;
}

/* The mark is created before the first change and removed after the last. */
int
book_ledger_write(struct book_path *p, const struct book_file_state *state)
{
	int error = state->open ? mark_open(p, true) : 0;

	if (error == 0)
		error = ledger_file_write(&p->ledger, p->dir, p->name,
			state->count.bytes, p->max_changes);
	if (error == 0 && !state->open)
		error = mark_open(p, false);
	return error;
}
