/*
 * book_file.c - keeps a count in quota_file.
 *
 * Runs in: bookkeeper.
 */
#include "common/base.h"
#include "daemon/quota/book_file.h"

#include "common/buffer.h"
#include "common/io.h"
#include "common/settings/settings.h"
#include "common/text.h"
#include "daemon/quota/book_ledger.h"

#include <fcntl.h>
#include <sys/stat.h>

#define FILE_MAX 4096

static const struct {
	const char *name;
	size_t offset;
} numbers[] = {
	{ "bytes", offsetof(struct book_file_state, count.bytes) },
	{ "files", offsetof(struct book_file_state, count.files) },
	{ "counted", offsetof(struct book_file_state, counted_at) },
	{ "changes", offsetof(struct book_file_state, changes) },
	{ "soft_bytes_since", offsetof(struct book_file_state, bytes_since) },
	{ "soft_files_since", offsetof(struct book_file_state, files_since) },
};

/* --- the directory */

static bool
has_group(const struct book_account *a, gid_t gid)
{
	bool member = a->gid == gid;

	for (size_t i = 0; i < a->ngroups && !member; i++)
		member = a->groups[i] == gid;
	return member;
}

/* Access control lists show in the group's bits. */
static bool
can_change(const struct book_account *a, const struct stat *st)
{
	if (st->st_uid == a->uid || (st->st_mode & S_IWOTH) != 0)
		return true;
	return (st->st_mode & S_IWGRP) != 0 && has_group(a, st->st_gid);
}

/* Who can rename one of these can put an old file in the place of the new one.
 * In a directory with the sticky bit, others cannot. */
static bool
can_change_above(const struct book_account *a, int dir)
{
	struct stat st = { 0 }, below;
	int fd = openat(dir, ".", O_PATH | O_DIRECTORY | O_CLOEXEC);
	bool can = fd < 0 || fstat(fd, &below) < 0;
	bool top = can || a->uid == 0;

	while (!top) {
		int above = openat(fd, "..", O_PATH | O_DIRECTORY | O_CLOEXEC);
		io_close(&fd);
		fd = above;
		can = fd < 0 || fstat(fd, &st) < 0 || st.st_uid == a->uid ||
		    ((st.st_mode & S_ISVTX) == 0 && can_change(a, &st));
		top = can || (st.st_ino == below.st_ino &&
		    st.st_dev == below.st_dev);
		below = st;
	}
	io_close(&fd);
	return can;
}

int
book_path_open(struct book_path *p, const char *path, int format,
	const struct book_account *account)
{
	const char *slash = strrchr(path, '/');
	struct stat st;
	BUFFER(dir, PATH_MAX);
	int error = 0;

	*p = (struct book_path){ .dir = -1, .format = format };
	if (slash == NULL || slash[1] == '\0' ||
	    text_copy(p->name, sizeof(p->name) - 8, slash + 1) < 0)
		return -ENAMETOOLONG;
	buffer_add(&dir, path, (size_t)(slash - path) + 1);
	p->dir = open(buffer_text(&dir), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (p->dir < 0 || fstat(p->dir, &st) < 0)
		error = -errno;
	else if (can_change(account, &st) ||
	    can_change_above(account, p->dir))
		error = -EPERM;
	else
		error = io_access(p->dir, W_OK);
	/* It may not stay so. */
	p->read_only = error == -EROFS;
	if (p->read_only)
		return 0;
	if (error < 0)
		book_path_close(p);
	return error;
}

void
book_path_close(struct book_path *p)
{
	io_close(&p->dir);
}

struct quota_inode
book_path_inode(const struct book_path *p)
{
	struct stat st;

	if (p->dir < 0 || fstatat(p->dir, p->name, &st,
	    AT_SYMLINK_NOFOLLOW) < 0)
		return (struct quota_inode){ 0, 0, 0 };
	return (struct quota_inode){ st.st_dev, st.st_ino, 0 };
}

/* --- reading */

static int
read_number(struct book_file_state *state, const char *name, size_t name_len,
	const char *value, size_t len)
{
	for (size_t i = 0; i < ARRAY_SIZE(numbers); i++)
		if (text_same(numbers[i].name, strlen(numbers[i].name), name,
		    name_len))
			return text_number(value, len, (int64_t *)(void *)
			    ((char *)state + numbers[i].offset));
	return 0;
}

/* "name value\n"; lines that begin with # are comments. */
static int
read_line(struct book_file_state *state, const char *line, size_t len)
{
	const char *blank = memchr(line, ' ', len);

	if (len == 0 || *line == '#')
		return 0;
	if (blank == NULL)
		return -EINVAL;
	size_t name = (size_t)(blank - line), value = len - name - 1;
	if (text_same(line, name, "state", 5)) {
		state->open = !text_same(blank + 1, value, "closed", 6);
		return 0;
	}
	return read_number(state, line, name, blank + 1, value);
}

/* A file without the last line was truncated, and is not used. */
static int
parse(struct book_file_state *state, const char *text, size_t len)
{
	static const char first[] = "# sureftpd quota\n", last[] = "end\n";
	size_t body = sizeof(first) - 1, end = len - (sizeof(last) - 1);
	int error = 0;

	if (len < sizeof(first) + sizeof(last) ||
	    memcmp(text, first, body) != 0 ||
	    memcmp(text + end, last, sizeof(last) - 1) != 0 ||
	    text[end - 1] != '\n')
		return -EINVAL;
	for (size_t at = body; at < end && error == 0;) {
		const char *line = text + at;
		const char *newline = memchr(line, '\n', end - at);
		size_t length = (size_t)(newline - line);
		error = read_line(state, line, length);
		at += length + 1;
	}
	return error < 0 ? -EINVAL : 0;
}

static int
read_text(const struct book_path *p, struct book_file_state *state)
{
	char text[FILE_MAX];
	ssize_t n = 0, len = 0;

	*state = (struct book_file_state){ .open = true };
	int fd = openat(p->dir, p->name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK |
	    O_CLOEXEC);
	if (fd < 0)
		return -errno;
	while (len < (ssize_t)sizeof(text) &&
	    (n = read(fd, text + len, sizeof(text) - (size_t)len)) > 0)
		len += n;
	int error = n < 0 ? -errno : 0;
	close(fd);
	if (error == 0)
		error = len == (ssize_t)sizeof(text) ? -EINVAL :
		    parse(state, text, (size_t)len);
	return error;
}

/* The file when it was read or written last, to notice changes by others. */
static void
note(struct book_path *p)
{
	struct stat st;

	p->inode = 0;
	if (fstatat(p->dir, p->name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return;
	p->inode = st.st_ino;
	p->size = st.st_size;
	p->changed_ns = (int64_t)st.st_mtim.tv_sec * 1000000000 +
		st.st_mtim.tv_nsec;
}

bool
book_file_was_changed(const struct book_path *p)
{
	struct book_path now = *p;

	if (p->dir < 0 || p->inode == 0)
		return false;
	note(&now);
	return now.inode != p->inode || now.size != p->size ||
	    now.changed_ns != p->changed_ns;
}

int
book_file_read(struct book_path *p, struct book_file_state *state)
{
	if (p->dir < 0)
		return -ENOENT;
	note(p);
	return p->format == QUOTA_FORMAT_LEDGER ? book_ledger_read(p, state) :
	    read_text(p, state);
}

/* --- writing */

static void
format(struct buffer *b, const struct book_file_state *state)
{
	buffer_add_text(b, "# sureftpd quota\n");
	for (size_t i = 0; i < ARRAY_SIZE(numbers); i++) {
		int64_t value;
		memcpy(&value, (const char *)state + numbers[i].offset,
		    sizeof(value));
		buffer_addf(b, "%s %" PRId64 "\n", numbers[i].name,
		    value > 0 ? value : 0);
	}
	buffer_addf(b, "state %s\nend\n", state->open ? "open" : "closed");
}

static int
write_new(const struct book_path *p, const char *name, const struct buffer *b)
{
	int fd;

	/* Whatever is there, it is left over, and opening it may wait. */
	if (unlinkat(p->dir, name, 0) < 0 && errno != ENOENT)
		return -errno;
	fd = openat(p->dir, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW |
	    O_CLOEXEC, 0640);
	if (fd < 0)
		return -errno;
	ssize_t n = write(fd, b->data, b->len);
	int error = n < 0 ? -errno : (size_t)n < b->len ? -ENOSPC : 0;
	close(fd);
	return error;
}

static int
write_text(const struct book_path *p, const struct book_file_state *state)
{
	char name[BOOK_FILE_NAME_SIZE + 8];
	BUFFER(b, FILE_MAX);

	snprintf(name, sizeof(name), "%s.new", p->name);
	format(&b, state);
	int error = write_new(p, name, &b);
	if (error == 0 && renameat(p->dir, name, p->dir, p->name) < 0)
		error = -errno;
	return error;
}

int
book_file_write(struct book_path *p, const struct book_file_state *state)
{
	if (p->dir < 0)
		return 0;
	int error = p->format == QUOTA_FORMAT_LEDGER ?
	    book_ledger_write(p, state) : write_text(p, state);
	/* An old count would be believed; without one, there is a scan. */
	p->stale = error < 0 && unlinkat(p->dir, p->name, 0) < 0 &&
	    errno != ENOENT;
	note(p);
	return error;
}
