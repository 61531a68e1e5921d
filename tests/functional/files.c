/*
 * files.c - files of a suite's world.
 *
 * Runs in: the suite's process.
 */
#include "common/base.h"
#include "tests/functional/files.h"

#include "common/clock.h"
#include "tests/functional/accounts.h"
#include "tests/functional/functional.h"
#include "tests/functional/network.h"

#include <fcntl.h>
#include <sys/inotify.h>

#define PATIENCE_MS 5000

static bool
write_file(const char *path, int flags, const void *data, size_t len)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | flags, 0644);
	const char *at = data;

	if (fd < 0) {
		perror(path);
		return false;
	}
	while (len > 0) {
		ssize_t n = write(fd, at, len);
		if (n <= 0)
			break;
		at += n;
		len -= (size_t)n;
	}
	close(fd);
	return len == 0;
}

bool
files_write(const char *path, const void *data, size_t len)
{
	return write_file(path, O_TRUNC, data, len);
}

bool
files_write_text(const char *path, const char *text)
{
	return files_write(path, text, strlen(text));
}

bool
files_append_text(const char *path, const char *text)
{
	return write_file(path, O_APPEND, text, strlen(text));
}

bool
files_writef(const char *path, const char *format, ...)
{
	char text[8192];
	va_list ap;

	va_start(ap, format);
	int n = vsnprintf(text, sizeof(text), format, ap);
	va_end(ap);
	return n >= 0 && (size_t)n < sizeof(text) &&
		files_write(path, text, (size_t)n);
}

bool
files_give(const char *path, const char *account)
{
	const struct account *a = accounts_find(account);

	return a != NULL && lchown(path, a->uid, a->gid) == 0;
}

bool
files_write_as(const char *account, const char *path, const void *data,
	size_t len)
{
	return files_write(path, data, len) && files_give(path, account);
}

bool
files_mkdir_as(const char *account, const char *path, mode_t mode)
{
	return mkdir(path, mode) == 0 && chmod(path, mode) == 0 &&
		files_give(path, account);
}

ssize_t
files_read(const char *path, char *data, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	size_t len = 0;
	ssize_t n = 1;

	data[0] = '\0';
	if (fd < 0)
		return -1;
	while (len < size && n > 0) {
		n = read(fd, data + len, size - len);
		len += n > 0 ? (size_t)n : 0;
	}
	close(fd);
	if (n < 0 || len == size) {
		data[0] = '\0';
		return -1;
	}
	data[len] = '\0';
	return (ssize_t)len;
}

bool
files_exist(const char *path)
{
	struct stat st;

	return lstat(path, &st) == 0;
}

int64_t
files_size(const char *path)
{
	struct stat st;

	return lstat(path, &st) == 0 ? (int64_t)st.st_size : -1;
}

bool
files_same(const char *path, const void *data, size_t len)
{
	char *held = malloc(len + 2);
	bool same = held != NULL &&
		files_read(path, held, len + 2) == (ssize_t)len &&
		memcmp(held, data, len) == 0;

	free(held);
	return same;
}

void
files_check_owner(const char *path, uid_t uid, gid_t gid, mode_t mode)
{
	struct stat st = { 0 };

	CHECK_SAYS(lstat(path, &st) == 0, "%s is missing", path);
	CHECK_SAYS(st.st_uid == uid && st.st_gid == gid,
		"%s belongs to %u:%u", path, st.st_uid, st.st_gid);
	CHECK_SAYS((st.st_mode & 07777) == mode, "%s has mode %o", path,
		st.st_mode & 07777);
}

char *
files_pattern(size_t len)
{
	char *data = malloc(len + 1);
	uint32_t x = 2463534242u;

	if (data == NULL)
		abort();
	for (size_t i = 0; i < len; i++) {
		x ^= x << 13;
		x ^= x >> 17;
		x ^= x << 5;
		data[i] = (char)(x >> 11);
	}
	data[len] = '\0';
	return data;
}

/* An inotify descriptor for the directory of this file. */
static int
watch(const char *path)
{
	int fd = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
	const char *slash = strrchr(path, '/');
	char directory[PATH_MAX];

	snprintf(directory, sizeof(directory), "%.*s",
		(int)(slash - path), path);
	if (fd < 0 || inotify_add_watch(fd, directory,
			      IN_MODIFY | IN_CREATE | IN_DELETE | IN_ATTRIB |
				      IN_MOVED_FROM | IN_MOVED_TO) < 0)
		perror(directory);
	return fd;
}

bool
files_wait_until(const char *path,
	bool (*holds)(const char *path, void *context), void *context,
	int64_t ms)
{
	int64_t deadline = clock_ms() + ms;
	int fd = watch(path);
	char events[4096];
	bool held;

	while (!(held = holds(path, context)) && !clock_passed(deadline)) {
		if (network_readable(fd, deadline - clock_ms()))
			(void)!read(fd, events, sizeof(events));
	}
	close(fd);
	return held;
}

static bool
has_text(const char *path, void *context)
{
	size_t size = 4 << 20;
	char *data = malloc(size);
	const char *text = context;
	bool found = data != NULL && files_read(path, data, size) >= 0 &&
		strstr(data, text) != NULL;

	free(data);
	return found;
}

bool
files_wait_for_text(const char *path, const char *text)
{
	char wanted[1024];

	snprintf(wanted, sizeof(wanted), "%s", text);
	return files_wait_until(path, has_text, wanted, PATIENCE_MS);
}

static bool
has_size(const char *path, void *context)
{
	return files_size(path) == *(int64_t *)context;
}

bool
files_wait_for_size(const char *path, int64_t size)
{
	return files_wait_until(path, has_size, &size, PATIENCE_MS);
}

const char *
files_text(const char *path)
{
	static char text[1 << 20];

	if (files_read(path, text, sizeof(text)) < 0)
		return "(none)";
	return text;
}
