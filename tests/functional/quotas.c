/*
 * quotas.c - what the suites about quotas share.
 *
 * Runs in: the suite's process.
 */
#include "common/base.h"
#include "tests/functional/quotas.h"

#include "common/clock.h"
#include "common/text.h"
#include "tests/functional/accounts.h"
#include "tests/functional/files.h"
#include "tests/functional/functional.h"

#include <fcntl.h>
#include <ftw.h>
#include <sys/wait.h>
#include <unistd.h>

static bool
enter(struct ftp *c)
{
	return ftp_enter(c, "anna") && EXPECT(c, 200, "TYPE I");
}

bool
quotas_begin_with(struct server *s, struct ftp *c, const char *limit)
{
	return SERVER(s, QUOTAS_BYTES, limit) && enter(c);
}

bool
quotas_begin(struct server *s, struct ftp *c, const char *option,
	const char *more)
{
	return SERVER(s, QUOTAS_BYTES, QUOTAS_LIMIT, option, more) && enter(c);
}

void
quotas_end(struct server *s, struct ftp *c)
{
	ftp_close(c);
	server_stop(s);
}

int64_t
quotas_used(struct ftp *c)
{
	int64_t bytes;

	if (ftp_command(c, "SITE QUOTA") != 200)
		return -1;
	return text_number(c->text + 4, strcspn(c->text + 4, " "),
		&bytes) == 0 ? bytes : -1;
}

bool
quotas_become(struct ftp *c, int64_t bytes)
{
	int64_t deadline = clock_ms() + 75000, now = quotas_used(c);

	while (now != bytes && !clock_passed(deadline)) {
		clock_sleep_until(clock_ms() + 50);
		now = quotas_used(c);
	}
	if (now != bytes)
		printf("used: %" PRId64 " instead of %" PRId64 "\n", now,
			bytes);
	return now == bytes;
}

int
quotas_put(struct ftp *c, size_t len, const char *command)
{
	char *data = files_pattern(len);
	int code = ftp_put(c, data, len, "%s", command);

	free(data);
	return code;
}

#define LINKS_MAX 1000

static struct {
	int64_t sum;
	ino_t links[LINKS_MAX];
	size_t count;
} found;

static bool
is_counted(ino_t inode)
{
	for (size_t i = 0; i < found.count; i++)
		if (found.links[i] == inode)
			return true;
	return false;
}

static int
add(const char *path UNUSED, const struct stat *st, int type UNUSED,
	struct FTW *where UNUSED)
{
	if (!S_ISREG(st->st_mode) ||
	    (st->st_nlink > 1 && is_counted(st->st_ino)))
		return 0;
	found.sum += st->st_size;
	if (st->st_nlink > 1 && found.count < LINKS_MAX)
		found.links[found.count++] = st->st_ino;
	return 0;
}

int64_t
quotas_recount(const char *path)
{
	found.sum = 0;
	found.count = 0;
	return nftw(path, add, 20, FTW_PHYS) == 0 ? found.sum : -1;
}

static NORETURN void
try_link(const char *path)
{
	bool done = setuid(accounts_find("anna")->uid) == 0 && chdir(path) == 0;
	int fd = open("mine", O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

	done &= linkat(fd, "", AT_FDCWD, "link", AT_EMPTY_PATH) == 0 &&
		unlink("link") == 0;
	_exit(unlink("mine") == 0 && done ? 1 : 0);
}

bool
quotas_can_link(const char *path)
{
	static int can = -1;
	int status = 0;

	if (can >= 0)
		return can != 0;
	pid_t pid = fork();
	if (pid == 0)
		try_link(path);
	can = pid > 0 && waitpid(pid, &status, 0) == pid &&
	    WIFEXITED(status) && WEXITSTATUS(status) == 1;
	if (can == 0)
		printf("open files cannot be linked here\n");
	return can != 0;
}
