/*
 * ledger_file.c - quota files in the format of the PWP server.
 *
 * Runs in: bookkeeper.
 */
#include "common/base.h"
#include "daemon/quota/ledger_file.h"

#include "common/buffer.h"
#include "common/text.h"

#include <fcntl.h>
#include <sys/stat.h>

#define DEFAULT_CHANGES 10

/* --- reading */

/* A number with or without a sign; blanks around it do not matter. */
static int
parse_line(const char *text, size_t len, int64_t *number)
{
	while (len > 0 && (text_is_blank(*text) || *text == '\r')) {
		text++;
		len--;
	}
	while (len > 0 && (text_is_blank(text[len - 1]) ||
	    text[len - 1] == '\r'))
		len--;
	*number = 0;
	if (len == 0)
		return 0;
	bool minus = *text == '-', sign = minus || *text == '+';
	if (text_number(text + sign, len - sign, number) < 0)
		return -EINVAL;
	if (minus)
		*number = -*number;
	return 1;
}

int
ledger_parse(const char *text, size_t len, struct ledger *l, size_t *line)
{
	const char *at = text, *end = text + len;
	int64_t lines = 0, number;

	*l = (struct ledger){ 0 };
	*line = 0;
	while (at < end) {
		const char *lf = memchr(at, '\n', (size_t)(end - at));
		const char *next = lf != NULL ? lf : end;
		int r = parse_line(at, (size_t)(next - at), &number);
		++*line;
		if (r < 0 || __builtin_add_overflow(l->bytes, number,
		    &l->bytes))
			return -EINVAL;
		lines += r;
		l->empty_lines += r == 0;
		at = next + (lf != NULL);
	}
	l->changes = lines > 0 ? lines - 1 : 0;
	return lines > 0 ? 0 : -EINVAL;
}

static int
read_text(int fd, char *text, size_t size, size_t *len)
{
	ssize_t n = 1;

	*len = 0;
	while (*len < size && n > 0) {
		n = read(fd, text + *len, size - *len);
		if (n < 0 && errno != EINTR)
			return -errno;
		*len += n > 0 ? (size_t)n : 0;
		n = n < 0 ? 1 : n;
	}
	return *len == size ? -EFBIG : 0;
}

int
ledger_file_read(int dir, const char *name, struct ledger *l,
	struct stat *st, size_t *line)
{
	static char text[LEDGER_FILE_MAX + 1];
	size_t len = 0;
	int fd = openat(dir, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW |
		O_NONBLOCK | O_NOCTTY);

	*line = 0;
	if (fd < 0)
		return -errno;
	int error = fstat(fd, st) < 0 ? -errno :
	    !S_ISREG(st->st_mode) ? -EINVAL :
	    read_text(fd, text, sizeof(text), &len);
	close(fd);
	return error < 0 ? error : ledger_parse(text, len, l, line);
}

/* --- writing */

static int
write_line(int fd, const char *plus, int64_t number)
{
	char line[LEDGER_FILE_LINE_SIZE];
	int len = snprintf(line, sizeof(line), "%s%" PRId64 "\n", plus, number);

	ssize_t n = write(fd, line, (size_t)len);
	return n == len ? 0 : n < 0 ? -errno : -ENOSPC;
}

/* Is it still the file that was written last? */
static bool
is_ours(const struct ledger_file *f, int fd)
{
	struct stat st;

	return f->ino != 0 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode) &&
	    st.st_ino == f->ino && st.st_size == f->size;
}

static int
note(struct ledger_file *f, int fd, int64_t bytes)
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		return -errno;
	f->changes += st.st_size > f->size;
	f->bytes = bytes;
	f->ino = st.st_ino;
	f->size = st.st_size;
	return 0;
}

/* 1 if the change was appended, 0 if a new file is needed. */
static int
append(struct ledger_file *f, int dir, const char *name, int64_t bytes)
{
	int fd = openat(dir, name, O_WRONLY | O_APPEND | O_CLOEXEC |
		O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);

	if (fd < 0)
		return 0;
	int error = !is_ours(f, fd) ? -ESTALE : bytes == f->bytes ? 0 :
	    write_line(fd, bytes > f->bytes ? "+" : "", bytes - f->bytes);
	if (error == 0)
		error = note(f, fd, bytes);
	close(fd);
	return error == 0 ? 1 : 0;
}

static int
replace(struct ledger_file *f, int dir, const char *name, int64_t bytes)
{
	BUFFER(new, NAME_MAX + 1);

	buffer_addf(&new, "%s.new", name);
	if (new.overflow)
		return -ENAMETOOLONG;
	if (unlinkat(dir, buffer_text(&new), 0) < 0 && errno != ENOENT)
		return -errno;
	int fd = openat(dir, buffer_text(&new), O_WRONLY | O_CREAT | O_EXCL |
		O_CLOEXEC | O_NOFOLLOW, 0644);
	if (fd < 0)
		return -errno;
	f->size = 0;
	f->changes = -1;
	int error = write_line(fd, "", bytes);
	if (error == 0 && renameat(dir, buffer_text(&new), dir, name) < 0)
		error = -errno;
	if (error == 0)
		error = note(f, fd, bytes);
	close(fd);
	return error;
}

int
ledger_file_write(struct ledger_file *f, int dir, const char *name,
	int64_t bytes, int64_t max_changes)
{
	int64_t most = max_changes > 0 ? max_changes : DEFAULT_CHANGES;

	if (f->ino != 0 && f->changes < most &&
	    append(f, dir, name, bytes) == 1)
		return 0;
	return replace(f, dir, name, bytes);
}
