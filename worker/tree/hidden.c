/*
 * hidden.c - temporary files: without a name, or with a hidden one.
 *
 * Runs in: session.
 */
#include "common/base.h"

#include "worker/tree/hidden.h"

#include "common/log/log.h"
#include "worker/tree/listing_read.h"
#include "worker/tree/lock.h"
#include "worker/tree/quota_remove.h"
#include "worker/tree/same_file.h"

#include <fcntl.h>
#include <time.h>

#define TRIES	  100
#define READ_SIZE ((size_t)32 << 10)
#define OLD	  86400		/* seconds: not of a running upload */

/* --- without a name */

/* Since Linux 6.10 a process may link files that it has opened itself.  This
 * tries it with the name ".", which always exists, so no link is made. */
static bool
can_link(int fd, int dir)
{
	return linkat(fd, "", dir, ".", AT_EMPTY_PATH) < 0 && errno == EEXIST;
}

/* Some kernels do not apply the umask here on file systems without ACLs; with
 * ACLs, a default ACL may allow more than the umask. */
static bool
ignores_umask(int fd)
{
	struct stat st;
	mode_t mask = umask(077);

	umask(mask);
	return fstat(fd, &st) < 0 || (st.st_mode & mask) != 0;
}

static int
make_nameless(struct hidden *h, struct resolver *r, int dir, mode_t mode,
	bool *named_only)
{
	int fd = target_open(r, dir, ".", O_WRONLY | O_TMPFILE, mode);

	if (fd < 0)
		return fd;
	*named_only = !can_link(fd, dir);
	if (*named_only || ignores_umask(fd)) {
		close(fd);
		return -EOPNOTSUPP;
	}
	*h = (struct hidden){ .dir = dir };
	return fd;
}

/* --- with a hidden one */

/* Before it was locked, another session may have removed it as left by a
 * crash. */
static bool
is_ours(int fd)
{
	struct stat st;

	return lock_file(fd, F_WRLCK) != -EAGAIN && fstat(fd, &st) == 0 &&
		st.st_nlink == 1;
}

static int
make_named(struct hidden *h, struct resolver *r, int dir, mode_t mode)
{
	int fd = -EEXIST;

	for (int i = 0; i < TRIES && fd == -EEXIST; i++) {
		*h = (struct hidden){ .dir = dir };
		int error = hidden_choose_name(h->name);
		if (error < 0)
			return error;
		fd = target_open(r, dir, h->name,
			O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, mode);
		if (fd >= 0 && !is_ours(fd)) {
			close(fd);
			fd = -EEXIST;
		}
	}
	if (fd < 0)
		h->name[0] = '\0';
	return fd;
}

int
hidden_make(struct hidden *h, struct resolver *r, struct hidden_state *state,
	int dir, mode_t mode)
{
	int fd = -EOPNOTSUPP;

	if (!state->named_only)
		fd = make_nameless(h, r, dir, mode, &state->named_only);
	return fd >= 0 ? fd : make_named(h, r, dir, mode);
}

int
hidden_link(struct hidden *h, int fd, const char *name)
{
	return linkat(fd, "", h->dir, name, AT_EMPTY_PATH) < 0 ? -errno : 0;
}

int
hidden_name(struct hidden *h, int fd)
{
	int error = -EEXIST;

	if (h->name[0] != '\0')
		return 0;
	(void)!lock_file(fd, F_WRLCK);
	for (int i = 0; i < TRIES && error == -EEXIST; i++) {
		error = hidden_choose_name(h->name);
		if (error == 0)
			error = hidden_link(h, fd, h->name);
	}
	if (error < 0)
		h->name[0] = '\0';
	return error;
}

void
hidden_remove(struct hidden *h, int fd)
{
	if (h->name[0] != '\0')
		(void)same_file_remove(h->dir, h->name, fd);
	h->name[0] = '\0';
}

/* --- files left by a crash */

static bool
is_old(const struct stat *st)
{
	return time(NULL) - st->st_mtim.tv_sec > OLD;
}

/* Another one, if a session has exchanged it just then. */
static void
remove_opened(struct quota *quota, int dir, const char *name, int fd,
	const struct stat *st)
{
	enum same_file_result result = same_file_remove(dir, name, fd);

	if (result == SAME_FILE_REMOVED)
		quota_lost_name(quota, dir, fd, st);
	else if (result == SAME_FILE_OTHER && quota_counts(quota, dir))
		quota_unsure(quota);
	if (result != SAME_FILE_KEPT)
		log_info("removed %s, left by an interrupted upload", name);
}

static void
remove_left_over(struct resolver *r, struct quota *quota, int dir,
	const char *name, uid_t user)
{
	struct stat st;
	int fd = target_open(r, dir, name, O_WRONLY | O_NOFOLLOW, 0);

	if (fd == -EACCES)
		fd = target_open(r, dir, name, O_RDONLY | O_NOFOLLOW, 0);
	if (fd < 0)
		return;
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_uid == user) {
		int error = lock_file(fd, F_WRLCK);
		if (error == 0 || (error != -EAGAIN && is_old(&st)))
			remove_opened(quota, dir, name, fd, &st);
	}
	close(fd);
}

static bool
is_cleaned(struct hidden_state *state, const struct stat *st)
{
	for (size_t i = 0; i < HIDDEN_DIRECTORIES; i++)
		if (state->cleaned[i].ino == st->st_ino &&
			state->cleaned[i].dev == st->st_dev)
			return true;
	state->cleaned[state->next].dev = st->st_dev;
	state->cleaned[state->next].ino = st->st_ino;
	state->next = (state->next + 1) % HIDDEN_DIRECTORIES;
	return false;
}

static void
clean(struct resolver *r, struct quota *quota, int dir, uid_t user,
	int64_t max_entries)
{
	struct listing_read read;
	struct listing_entry entry;

	if (listing_read_open(&read, READ_SIZE) < 0)
		return;
	if (listing_read_start(&read, dir) == 0)
		while (max_entries-- > 0 &&
			listing_read_peek(&read, &entry) > 0) {
			listing_read_next(&read);
			if (hidden_is_name(entry.name))
				remove_left_over(r, quota, dir, entry.name,
					user);
		}
	listing_read_close(&read);
}

void
hidden_clean(struct resolver *r, struct hidden_state *state, int dir,
	uid_t user, int64_t max_entries)
{
	struct stat st;
	int fd = target_open(r, dir, ".", O_RDONLY | O_DIRECTORY, 0);

	if (fd < 0)
		return;
	if (fstat(fd, &st) == 0 && !is_cleaned(state, &st))
		clean(r, state->quota, fd, user, max_entries);
	close(fd);
}
