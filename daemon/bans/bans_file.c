/*
 * bans_file.c - keeps the bans, and the failures that count for them, in a file
 * across restarts of the server.
 *
 * Runs in: master, and a child of it that writes the file and exits.
 */
#include "common/base.h"
#include "daemon/bans/bans_file.h"

#include "common/clock.h"
#include "common/io.h"
#include "common/log/log.h"
#include "common/permissions.h"
#include "common/process/child.h"
#include "common/process/role.h"
#include "common/text.h"
#include "daemon/bans/bans_load.h"
#include "daemon/bans/bans_text.h"
#include "daemon/state/state.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>

#define NOT_SAVED UINT64_MAX	/* a number that changes never reach */
#define TRIES	  3		/* to open it under its temporary name */

static const struct server_settings *
settings_of(const struct bans_file *f)
{
	return &f->configuration->settings->server;
}

static const char *
path_of(const struct bans_file *f)
{
	return settings_of(f)->bans_file;
}

static uint64_t
changes_of_scores(const struct bans_file *f)
{
	return scores_changes(charges_scores(f->charges, false)) +
	    scores_changes(charges_scores(f->charges, true));
}

static int64_t
wall_seconds(void)
{
	return clock_wall_ns() / 1000000000;
}

/* --- reading */

/* Add what the file contains. */
static void
load(const struct bans_file *f)
{
	bans_load(f->charges, path_of(f), settings_of(f)->max_ban_time);
}

static void
mark_saved(struct bans_file *f, int64_t now)
{
	f->saved = bans_changes(charges_bans(f->charges));
	f->saved_scores = changes_of_scores(f);
	f->next = now + BANS_FILE_MS;
	f->next_scores = now + BANS_FILE_SCORES_MS;
}

void
bans_file_open(struct bans_file *f, const struct charges *charges,
	const struct configuration *configuration)
{
	f->charges = charges;
	f->configuration = configuration;
	f->next = clock_ms() + BANS_FILE_MS;
	/* In a program that has replaced another, those from its state are
	 * newer than its file, which a child of that one may still write. */
	if (bans_changes(charges_bans(charges)) > 0)
		return;
	(void)!text_copy(f->path, sizeof(f->path), path_of(f));
	if (f->path[0] == '\0')
		return;
	load(f);
	mark_saved(f, clock_ms());
	f->next = 0;
}

void
bans_file_save(const struct bans_file *f, struct state_writer *w)
{
	state_put_text(w, f->path);
}

void
bans_file_restore(struct bans_file *f, struct state_reader *r)
{
	state_get_text(r, f->path, sizeof(f->path));
}

/* --- writing */

/* Older scores have no effect any more (scores.h). */
static int64_t
oldest_score(const struct bans_file *f, int64_t now)
{
	int64_t window = settings_of(f)->ban_window;
	int64_t most = settings_of(f)->max_ban_time;

	return now - (window > most ? window : most) * 1000;
}

static void
compose(const struct bans_file *f, struct buffer *text)
{
	int64_t now = clock_ms(), wall = wall_seconds();

	bans_text_write(text, charges_bans(f->charges), now, wall);
	for (int networks = 0; networks < 2; networks++)
		scores_text_write(text,
			charges_scores(f->charges, networks == 1),
			networks == 1, oldest_score(f, now), now, wall);
}

/* Is it still the file of this name? */
static bool
has_name(int fd, const char *path)
{
	struct stat own, named;

	return fstat(fd, &own) == 0 && lstat(path, &named) == 0 &&
	    own.st_dev == named.st_dev && own.st_ino == named.st_ino;
}

/* A process that the previous program has forked may still write it, and then
 * gives it its final name: the next one is a file of its own.  The descriptor,
 * or -errno. */
static int
open_new(const char *path)
{
	for (int i = 0; i < TRIES; i++) {
		int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC |
			O_NOFOLLOW, 0600);

		if (fd < 0)
			return -errno;
		(void)flock(fd, LOCK_EX);
		if (has_name(fd, path))
			return fd;
		close(fd);
	}
	return -EBUSY;
}

/* Replace the file at `path` by one that is complete.  0 or -errno. */
static int
store(const char *new, const char *path, const struct buffer *text)
{
	int fd = open_new(new);

	if (fd < 0)
		return fd;
	errno = 0;
	int error = ftruncate(fd, 0) == 0 &&
	    write(fd, text->data, text->len) == (ssize_t)text->len &&
	    fsync(fd) == 0 && rename(new, path) == 0 ? 0 :
	    errno != 0 ? -errno : -EIO;
	close(fd);
	return error;
}

/* From now on this process can only store files in that directory, where the
 * kernel has Landlock.  0 or -errno. */
static int
confine(const struct bans_file *f, const char *path)
{
	const char *slash = strrchr(path, '/');
	struct identity_directory directory = {
		.permissions = PERMISSION_store };
	const struct identity identity = { .root = -1,
		.directories = &directory, .ndirectories = 1,
		.settings = &f->configuration->settings->user };
	BUFFER(name, PATH_MAX);

	buffer_add(&name, path, slash == NULL ? 0 : (size_t)(slash - path));
	buffer_add_char(&name, '/');
	if (name.overflow)
		return -ENAMETOOLONG;
	directory.fd = open(buffer_text(&name),
		O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (directory.fd < 0)
		return -errno;
	role_enter(ROLE_BANS_WRITER, &identity);
	close(directory.fd);
	return 0;
}

/* Replace the file.  0 or -errno. */
static int
replace(const struct bans_file *f, const char *path)
{
	static char storage[BANS_FILE_MAX + 1];	/* used by this process only */
	BUFFER(new, PATH_MAX);
	struct buffer text;

	buffer_addf(&new, "%s.new", path);
	if (new.overflow)
		return -ENAMETOOLONG;
	buffer_init(&text, storage, sizeof(storage));
	compose(f, &text);
	return store(buffer_text(&new), path, &text);
}

/* A failure is logged, unless the last attempt failed as well. */
NORETURN static void
writer_main(const struct bans_file *f)
{
	const int keep[] = { log_descriptor() };
	const char *path = path_of(f);

	child_begin(keep, ARRAY_SIZE(keep));
	int error = confine(f, path);
	if (error == 0)
		error = replace(f, path);
	if (error < 0 && !f->failed)
		log_error("bans_file %s: cannot be written, bans would be "
			"lost at a restart: %s", path, log_errno(error));
	_exit(error < 0 ? OUTCOME_ERROR : OUTCOME_QUIT);
}

static void
begin_writing(struct bans_file *f, int64_t now)
{
	f->next = f->next_scores = now + BANS_FILE_MS;
	pid_t pid = child_fork();
	if (pid == 0)
		writer_main(f);
	if (pid < 0) {
		if (!f->fork_failed)
			log_error("cannot fork a process to write the bans: "
				"%s", log_errno(pid));
		f->fork_failed = true;
		return;
	}
	f->fork_failed = false;
	mark_saved(f, now);
	f->pid = pid;
}

/* When to write what has changed; CLOCK_NEVER if nothing has. */
static int64_t
write_at(const struct bans_file *f)
{
	if (*path_of(f) == '\0')
		return CLOCK_NEVER;
	if (bans_changes(charges_bans(f->charges)) != f->saved)
		return f->next;
	return changes_of_scores(f) != f->saved_scores ? f->next_scores :
	    CLOCK_NEVER;
}

/* What another file contains is added to the bans of the running server. */
static void
read_other(struct bans_file *f)
{
	(void)!text_copy(f->path, sizeof(f->path), path_of(f));
	if (f->path[0] != '\0')
		load(f);
	f->saved = NOT_SAVED;
}

void
bans_file_step(struct bans_file *f, int64_t now)
{
	if (strcmp(f->path, path_of(f)) != 0)	/* after a reload, upgrade */
		read_other(f);
	if (f->pid == 0 && write_at(f) <= now)
		begin_writing(f, now);
}

int64_t
bans_file_due(const struct bans_file *f)
{
	return f->pid == 0 ? write_at(f) : CLOCK_NEVER;
}

/* After a failure the file lacks what was marked as saved: it is written again
 * after BANS_FILE_SCORES_MS, or at the end. */
static void
ended(struct bans_file *f, bool failed)
{
	f->pid = 0;
	f->failed = failed;
	if (failed)
		f->saved_scores = NOT_SAVED;
}

bool
bans_file_exited(struct bans_file *f, pid_t pid, int status)
{
	if (f->pid == 0 || pid != f->pid)
		return false;
	ended(f, !WIFEXITED(status) || WEXITSTATUS(status) != 0);
	return true;
}

void
bans_file_reap(struct bans_file *f)
{
	int status;

	if (f->pid != 0 && waitpid(f->pid, &status, WNOHANG) == f->pid)
		(void)bans_file_exited(f, f->pid, status);
}

static void
await(struct bans_file *f)
{
	if (f->pid != 0)
		ended(f, child_reap(f->pid, BANS_FILE_MS) != OUTCOME_QUIT);
}

void
bans_file_close(struct bans_file *f)
{
	if (f->charges == NULL)
		return;
	await(f);
	if (write_at(f) != CLOCK_NEVER)
		begin_writing(f, clock_ms());
	await(f);
	f->charges = NULL;
}
