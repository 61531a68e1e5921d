/*
 * passwd_file.c - changes of the accounts file by sureftpctl.
 *
 * Runs in: sureftpctl, as root.
 */
#include "common/base.h"
#include "daemon/control/passwd_file.h"

#include "common/buffer.h"
#include "common/clock.h"
#include "common/io.h"
#include "common/settings/settings_section.h"
#include "common/text.h"
#include "daemon/control/passwd_line.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

#define LARGEST (64 << 20)

static int
add_suffix(char *out, const char *path, const char *suffix)
{
	struct buffer b;

	buffer_init(&b, out, PATH_MAX);
	buffer_addf(&b, "%s%s", path, suffix);
	return b.overflow ? -ENAMETOOLONG : 0;
}

/* The lock is on a separate file, because the accounts file is replaced. */
static int
lock(struct passwd_file *f)
{
	char path[PATH_MAX];
	int error = add_suffix(path, f->path, ".lock");

	if (error < 0)
		return error;
	f->lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (f->lock < 0 || flock(f->lock, LOCK_EX) < 0)
		return -errno;
	return 0;
}

static int
read_all(struct passwd_file *f, int fd)
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		return -errno;
	if (!S_ISREG(st.st_mode) || st.st_size > LARGEST)
		return -EINVAL;
	f->mode = st.st_mode & 07777;
	f->uid = st.st_uid;
	f->gid = st.st_gid;
	f->text = malloc((size_t)st.st_size + 1);
	if (f->text == NULL)
		return -ENOMEM;
	ssize_t n = pread(fd, f->text, (size_t)st.st_size, 0);
	if (n < 0)
		return -errno;
	f->len = (size_t)n;
	f->text[f->len] = '\0';
	return memchr(f->text, '\0', f->len) != NULL ? -EINVAL : 0;
}

int
passwd_file_open(struct passwd_file *f, const char *path, bool change)
{
	*f = (struct passwd_file){ .lock = -1, .mode = 0600 };
	/* If the path is a symbolic link, its target is replaced, not the
	 * link. */
	f->path = realpath(path, NULL);
	if (f->path == NULL && errno == ENOENT)
		f->path = strdup(path);
	if (f->path == NULL)
		return -errno;
	int error = change ? lock(f) : 0;
	if (error < 0)
		return error;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	if (fd < 0 && errno == ENOENT) {
		f->text = calloc(1, 1);
		return f->text == NULL ? -ENOMEM : 0;
	}
	if (fd < 0)
		return -errno;
	error = read_all(f, fd);
	close(fd);
	return error;
}

void
passwd_file_close(struct passwd_file *f)
{
	if (f->text != NULL)
		explicit_bzero(f->text, f->len);
	free(f->text);
	f->text = NULL;
	free(f->path);
	f->path = NULL;
	if (f->lock >= 0)
		close(f->lock);
	f->lock = -1;
}

/* --- lines */

/* The line at *at, without its line end; false at the end of the text. */
static bool
next_line(const struct passwd_file *f, size_t *at, const char **line,
	size_t *len)
{
	if (*at >= f->len)
		return false;
	*line = f->text + *at;
	*len = strcspn(*line, "\n");
	*at += *len + ((*line)[*len] == '\n');
	return true;
}

/* Where the account's section begins and ends; comments and empty lines before
 * the next heading belong to that. */
static bool
find_section(const struct passwd_file *f, const char *wanted, size_t *from,
	size_t *to)
{
	char name[SETTINGS_SECTION_NAME_SIZE];
	bool inside = false;
	const char *line;
	size_t at = 0, begin = 0, len;

	while (next_line(f, &at, &line, &len)) {
		bool content = len > 0 && line[strspn(line, " \t\r")] != '\n' &&
			*line != '#' && *line != ';';
		if (passwd_line_begins_section(line, len)) {
			if (inside)
				return true;
			inside = passwd_line_heading(line, len, name) &&
				strcmp(name, wanted) == 0;
			if (inside)
				*from = begin;
		}
		if (inside && content)
			*to = at;
		begin = at;
	}
	return inside;
}

bool
passwd_file_has(const struct passwd_file *f, const char *name)
{
	size_t from, to;

	return find_section(f, name, &from, &to);
}

bool
passwd_file_next(const struct passwd_file *f, size_t *at, char *name)
{
	const char *line;
	size_t len;

	while (next_line(f, at, &line, &len))
		if (passwd_line_heading(line, len, name))
			return true;
	return false;
}

void
passwd_file_value(const struct passwd_file *f, const char *name,
	const char *key, char *value, size_t size)
{
	bool begun = false;
	struct buffer b;
	const char *line;
	size_t from, to, len;

	buffer_init(&b, value, size);
	if (!find_section(f, name, &from, &to))
		return;
	while (from < to && next_line(f, &from, &line, &len))
		if (passwd_line_kind(line, len, &begun) == PASSWD_LINE_KEY &&
		    passwd_line_is_key(line, len, key)) {
			size_t skip = strcspn(line, "=") + 1;
			while (skip < len && text_is_blank(line[skip]))
				skip++;
			buffer_clear(&b);
			buffer_add(&b, line + skip, len - skip);
		}
	(void)text_trim(value);
}

/* --- changes */

/* Replace the text in the range by `with`. */
static int
replace(struct passwd_file *f, size_t from, size_t to, const char *with)
{
	size_t with_len = strlen(with), len = f->len - (to - from) + with_len;
	char *text = malloc(len + 1);

	if (text == NULL)
		return -ENOMEM;
	memcpy(text, f->text, from);
	memcpy(text + from, with, with_len);
	memcpy(text + from + with_len, f->text + to, f->len - to);
	text[len] = '\0';
	explicit_bzero(f->text, f->len);
	free(f->text);
	f->text = text;
	f->len = len;
	return 0;
}

/* Remove the lines of a key, with their continuation lines. */
static int
remove_key(struct passwd_file *f, size_t from, size_t to, const char *key)
{
	bool inside = false, begun = false;
	size_t begin = from, len;
	const char *line;

	while (from < to && next_line(f, &from, &line, &len)) {
		enum passwd_line kind = passwd_line_kind(line, len, &begun);
		if (kind == PASSWD_LINE_KEY)
			inside = passwd_line_is_key(line, len, key);
		if (inside && kind != PASSWD_LINE_OTHER) {
			int error = replace(f, begin, from, "");
			if (error < 0)
				return error;
			to -= from - begin;
			from = begin;
		}
		begin = from;
	}
	return 0;
}

static int
append_section(struct passwd_file *f, const char *name)
{
	BUFFER(text, SETTINGS_SECTION_NAME_SIZE + 16);

	if (f->len > 0 && f->text[f->len - 1] != '\n')
		buffer_add_char(&text, '\n');
	buffer_addf(&text, f->len > 0 ? "\n[\"%s\"]\n" : "[\"%s\"]\n", name);
	return replace(f, f->len, f->len, buffer_text(&text));
}

int
passwd_file_set(struct passwd_file *f, const char *name, const char *key,
	const char *value)
{
	size_t from, to;
	char *line;

	if (!find_section(f, name, &from, &to)) {
		int error = append_section(f, name);
		if (error < 0)
			return error;
	}
	if (!find_section(f, name, &from, &to))
		return -EINVAL;
	int error = remove_key(f, from, to, key);
	if (error < 0)
		return error;
	(void)find_section(f, name, &from, &to);
	if (asprintf(&line, "%s%s = %s\n", f->text[to - 1] == '\n' ? "" : "\n",
		key, value) < 0)
		return -ENOMEM;
	error = replace(f, to, to, line);
	explicit_bzero(line, strlen(line));
	free(line);
	return error;
}

int
passwd_file_delete(struct passwd_file *f, const char *name)
{
	size_t from, to;

	if (!find_section(f, name, &from, &to))
		return -ENOENT;
	return replace(f, from, to, "");
}

/* --- writing */

static int
write_new(const struct passwd_file *f, const char *path)
{
	unlink(path);	/* left by a killed process; we have the lock */
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC |
		O_NOFOLLOW, 0600);
	int error = fd < 0 ? -errno : io_write_all(fd, f->text, f->len,
		CLOCK_NEVER);

	if (error == 0 && (fchown(fd, f->uid, f->gid) < 0 ||
	    fchmod(fd, f->mode & 0755) < 0 || fsync(fd) < 0))
		error = -errno;
	if (fd >= 0 && close(fd) < 0 && error == 0)
		error = -errno;
	return error;
}

static int
sync_directory(const char *path)
{
	char directory[PATH_MAX];
	char *slash;
	int error = text_copy(directory, sizeof(directory), path);

	if (error < 0)
		return error;
	slash = strrchr(directory, '/');
	if (slash == NULL)
		memcpy(directory, ".", 2);
	else
		slash[slash == directory] = '\0';
	int fd = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	error = fsync(fd) < 0 ? -errno : 0;
	close(fd);
	return error;
}

int
passwd_file_write(const struct passwd_file *f)
{
	char path[PATH_MAX];
	int error = add_suffix(path, f->path, ".new");

	if (error == 0)
		error = write_new(f, path);
	if (error == 0 && rename(path, f->path) < 0)
		error = -errno;
	if (error < 0) {
		unlink(path);
		return error;
	}
	return sync_directory(f->path);
}
