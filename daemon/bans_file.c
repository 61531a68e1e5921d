/*
 * bans_file.c - keeps the bans in a file across restarts of the server.
 *
 * Runs in: master, and a child of it that writes the file and exits.
 */
#include "common/base.h"
#include "daemon/bans_file.h"

#include "common/clock.h"
#include "common/io.h"
#include "common/log/log.h"
#include "common/process/child.h"
#include "daemon/bans_text.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>

/* The text that is read or written. */
static char storage[BANS_TEXT_MAX + 1];

static const char *
path_of(const struct bans_file *f)
{
	return f->configuration->settings->server.bans_file;
}

/* --- reading */

/* The whole file as text in storage: 0 or -errno. */
static int
read_file(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	struct stat st;

	if (fd < 0)
		return -errno;
	ssize_t n = fstat(fd, &st) < 0 || !S_ISREG(st.st_mode) ? -1 :
	    read(fd, storage, sizeof(storage));
	int error = n < 0 ? -EINVAL : n == (ssize_t)sizeof(storage) ? -EFBIG :
	    0;
	close(fd);
	if (error < 0)
		return error;
	storage[n] = '\0';
	/* A NUL would hide the rest. */
	return strlen(storage) == (size_t)n ? 0 : -EINVAL;
}

/* Cut the next line off; NULL at the end, or when it has no end. */
static char *
next_line(char **at)
{
	char *line = *at, *end = strchr(line, '\n');

	if (end == NULL)
		return NULL;
	*end = '\0';
	*at = end + 1;
	return line;
}

/* Parse the text; with `add`, add what it says.  The number of the first line
 * that is wrong, or 0. */
static int
parse(struct bans *bans, char *at, bool add)
{
	int64_t now = clock_ms(), wall = clock_wall_ns() / 1000000000;
	char *line = next_line(&at);
	struct ban ban;

	if (line == NULL || strcmp(line, BANS_TEXT_HEAD) != 0)
		return 1;
	for (int n = 2; *at != '\0'; n++) {
		line = next_line(&at);
		if (line == NULL ||
		    bans_text_parse(&ban, line, now, wall) < 0)
			return n;
		if (add && ban.until > now && bans_add(bans, &ban) < 0)
			return n;
	}
	return 0;
}

static void
load(struct bans_file *f)
{
	static char copy[sizeof(storage)];
	const char *path = path_of(f);
	int error = *path == '\0' ? -ENOENT : read_file(path);

	if (error == -ENOENT)
		return;
	if (error < 0) {
		log_error("bans_file %s: cannot be read: %s", path,
			log_errno(error));
		return;
	}
	memcpy(copy, storage, sizeof(copy));
	int bad = parse(f->bans, copy, false);
	if (bad == 0)
		bad = parse(f->bans, storage, true);
	if (bad != 0)
		log_error("bans_file %s: line %d is invalid; the file is "
			"ignored", path, bad);
}

void
bans_file_open(struct bans_file *f, struct bans *bans,
	const struct configuration *configuration)
{
	*f = (struct bans_file){ .bans = bans, .configuration = configuration };
	load(f);
	f->saved = bans_changes(bans);
}

/* --- writing */

static int
write_text(const char *path, const struct buffer *text)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC |
		O_NOFOLLOW, 0600);

	if (fd < 0)
		return -errno;
	int error = write(fd, text->data, text->len) == (ssize_t)text->len &&
	    fsync(fd) == 0 ? 0 : errno != 0 ? -errno : -EIO;
	close(fd);
	return error;
}

/* Replace the file.  0 or -errno, logged unless it failed before. */
static int
save(const struct bans_file *f)
{
	const char *path = path_of(f);
	BUFFER(new, PATH_MAX);
	struct buffer text;

	buffer_init(&text, storage, sizeof(storage));
	bans_text_write(&text, f->bans, clock_ms(),
		clock_wall_ns() / 1000000000);
	buffer_addf(&new, "%s.new", path);
	int error = new.overflow ? -ENAMETOOLONG :
	    write_text(buffer_text(&new), &text);
	if (error == 0 && rename(buffer_text(&new), path) < 0)
		error = -errno;
	if (error < 0 && !f->failed)
		log_error("bans_file %s: cannot be written, bans would be "
			"lost at a restart: %s", path, log_errno(error));
	return error;
}

static bool
is_changed(const struct bans_file *f)
{
	return *path_of(f) != '\0' && bans_changes(f->bans) != f->saved;
}

NORETURN static void
writer_main(const struct bans_file *f)
{
	const int keep[] = { log_descriptor() };

	child_begin(keep, ARRAY_SIZE(keep));
	_exit(save(f) < 0 ? 1 : 0);
}

void
bans_file_step(struct bans_file *f, int64_t now)
{
	if (f->pid != 0 || now < f->next || !is_changed(f))
		return;
	f->next = now + BANS_FILE_MS;
	uint64_t changes = bans_changes(f->bans);
	pid_t pid = child_fork();
	if (pid == 0)
		writer_main(f);
	if (pid < 0) {
		log_error("cannot fork a process to write the bans: %s",
			log_errno(pid));
		return;
	}
	f->pid = pid;
	f->saved = changes;
}

int64_t
bans_file_due(const struct bans_file *f)
{
	return f->pid == 0 && is_changed(f) ? f->next : CLOCK_NEVER;
}

bool
bans_file_exited(struct bans_file *f, pid_t pid, int status)
{
	if (f->pid == 0 || pid != f->pid)
		return false;
	f->pid = 0;
	f->failed = !WIFEXITED(status) || WEXITSTATUS(status) != 0;
	return true;
}

void
bans_file_reap(struct bans_file *f)
{
	int status;

	if (f->pid != 0 && waitpid(f->pid, &status, WNOHANG) == f->pid)
		(void)bans_file_exited(f, f->pid, status);
}

void
bans_file_close(struct bans_file *f)
{
	if (f->bans == NULL)
		return;
	if (f->pid != 0)
		(void)child_reap(f->pid, 1000);
	f->pid = 0;
	if (is_changed(f))
		(void)!save(f);
	f->bans = NULL;
}
