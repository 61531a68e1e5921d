/*
 * scratch.c - a temporary directory to try things in.
 */
#include "common/base.h"
#include "tests/unit/scratch.h"

#include <dirent.h>
#include <fcntl.h>
#include <ftw.h>
#include <sys/stat.h>

static void
must(bool done, const char *what)
{
	if (done)
		return;
	perror(what);
	abort();
}

void
scratch_open(struct scratch *t)
{
	static const char pattern[] = "/tmp/sureftpd-unit.XXXXXX";

	memcpy(t->top, pattern, sizeof(pattern));
	t->before = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	must(t->before >= 0, "open .");
	must(mkdtemp(t->top) != NULL, "mkdtemp");
	must(chdir(t->top) == 0, t->top);
}

static int
remove_one(const char *path, const struct stat *st UNUSED, int type UNUSED,
	struct FTW *at UNUSED)
{
	must(remove(path) == 0, path);
	return 0;
}

void
scratch_close(struct scratch *t)
{
	must(fchdir(t->before) == 0, "fchdir");
	close(t->before);
	must(nftw(t->top, remove_one, 16, FTW_DEPTH | FTW_PHYS) == 0, t->top);
}

void
scratch_file(const char *path, off_t size, time_t when)
{
	struct timespec times[2] = { { .tv_sec = when }, { .tv_sec = when } };
	int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0644);

	must(fd >= 0, path);
	must(fchmod(fd, 0644) == 0, path);
	must(ftruncate(fd, size) == 0, path);
	must(futimens(fd, times) == 0, path);
	close(fd);
}

void
scratch_directory(const char *path)
{
	must(mkdir(path, 0755) == 0, path);
	must(chmod(path, 0755) == 0, path);
}

void
scratch_link(const char *target, const char *path)
{
	must(symlink(target, path) == 0, path);
}

size_t
scratch_descriptors(void)
{
	DIR *dir = opendir("/proc/self/fd");
	size_t count = 0;

	must(dir != NULL, "/proc/self/fd");
	while (readdir(dir) != NULL)
		count++;
	closedir(dir);
	return count;
}
