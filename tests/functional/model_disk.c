/*
 * model_disk.c - compares a model with the tree on disk.
 *
 * Runs in: the suite's process.
 */
#include "common/base.h"
#include "tests/functional/model.h"

#include "common/buffer.h"
#include "common/text.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

static char differs[1000];

static bool PRINTF_LIKE(2, 3)
complain(const char *name, const char *format, ...)
{
	struct buffer b;
	va_list ap;

	buffer_init(&b, differs, sizeof(differs));
	buffer_add_text(&b, "on disk \"");
	text_escape(&b, name, strlen(name) < 300 ? strlen(name) : 300);
	buffer_add_text(&b, "\" ");
	va_start(ap, format);
	buffer_addv(&b, format, ap);
	va_end(ap);
	return false;
}

static char *
content(int fd, size_t *len)
{
	struct stat st;
	char *data = NULL;

	if (fd >= 0 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode)) {
		data = malloc((size_t)st.st_size + 1);
		ssize_t n = pread(fd, data, (size_t)st.st_size, 0);
		*len = n > 0 ? (size_t)n : 0;
	}
	if (fd >= 0)
		close(fd);
	return data;
}

static bool
same_file(int dir, const struct node *n, const struct stat *st)
{
	size_t len = 0;

	if ((size_t)st->st_size != n->len)
		return complain(n->name, "has %jd bytes, not %zu",
			(intmax_t)st->st_size, n->len);
	char *data = content(openat(dir, n->name, O_RDONLY | O_CLOEXEC), &len);
	bool same = data != NULL && len == n->len &&
		(len == 0 || memcmp(data, n->data, len) == 0);
	free(data);
	return same || complain(n->name, "has other bytes");
}

static bool
same_link(int dir, const struct node *n)
{
	char text[PATH_MAX];
	ssize_t len = readlinkat(dir, n->name, text, sizeof(text));

	return (len == (ssize_t)strlen(n->link) &&
		memcmp(text, n->link, (size_t)len) == 0) ||
		complain(n->name, "is not a link to %.200s", n->link);
}

static bool
same_facts(const struct node *n, const struct stat *st)
{
	if (S_ISDIR(st->st_mode) != n->is_dir)
		return complain(n->name, "is %sa directory",
			n->is_dir ? "not " : "");
	if (n->mode >= 0 && (st->st_mode & 07777) != (mode_t)n->mode)
		return complain(n->name, "has mode %o, not %o",
			st->st_mode & 07777, (unsigned)n->mode);
	if (n->mtime >= 0 && st->st_mtime != n->mtime)
		return complain(n->name, "has time %jd, not %jd",
			(intmax_t)st->st_mtime, (intmax_t)n->mtime);
	return true;
}

static struct node *
find(const struct node *dir, const char *name)
{
	for (struct node *n = dir->first; n != NULL; n = n->next)
		if (strcmp(n->name, name) == 0)
			return n;
	return NULL;
}

static bool compare(int fd, const struct node *dir);

static bool
same_entry(int dir, const struct node *n)
{
	struct stat st;

	if (fstatat(dir, n->name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return complain(n->name, "is missing");
	if (n->link != NULL)
		return same_link(dir, n);
	if (!same_facts(n, &st))
		return false;
	if (!n->is_dir)
		return same_file(dir, n, &st);
	return compare(openat(dir, n->name, O_RDONLY | O_DIRECTORY | O_CLOEXEC),
		n);
}

static bool
compare(int fd, const struct node *dir)
{
	DIR *d = fd >= 0 ? fdopendir(fd) : NULL;
	const struct dirent *e;
	bool same = true;

	if (d == NULL)
		return complain(dir->name, "cannot be read");
	while (same && (e = readdir(d)) != NULL)
		if (!text_is_dots(e->d_name, strlen(e->d_name)) &&
		    find(dir, e->d_name) == NULL)
			same = complain(e->d_name, "should not be there");
	for (const struct node *n = dir->first; same && n != NULL; n = n->next)
		same = same_entry(dirfd(d), n);
	closedir(d);
	return same;
}

const char *
model_compare(const struct model *m)
{
	return compare(open(MODEL_HOME, O_RDONLY | O_DIRECTORY | O_CLOEXEC),
		m->home) ? "" : differs;
}

char *
model_on_disk(const struct model *m, const struct node *dir, const char *name,
	size_t *len)
{
	char path[PATH_MAX], whole[2 * PATH_MAX];

	model_path(m, dir, path, sizeof(path));
	snprintf(whole, sizeof(whole), "%s%s/%s", m->jailed ? MODEL_HOME : "",
		path, name);
	*len = 0;
	return content(open(whole, O_RDONLY | O_CLOEXEC | O_NOFOLLOW), len);
}
