/*
 * io.c - descriptors: whole writes, whole files, flags, closing.
 *
 * Runs in: every process.
 */
#include "common/base.h"
#include "common/io.h"

#include "common/clock.h"
#include "common/text.h"

#include <dirent.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>

/* Wait until fd is writable: 0, -ETIMEDOUT or another -errno. */
static int
wait_writable(int fd, int64_t deadline)
{
	struct pollfd p = { .fd = fd, .events = POLLOUT };
	int n;

	do {
		n = poll(&p, 1, clock_poll(deadline));
	} while (n < 0 ? errno == EINTR : n == 0 && !clock_passed(deadline));
	if (n < 0)
		return -errno;
	return n == 0 ? -ETIMEDOUT : 0;
}

int
io_write_all(int fd, const void *data, size_t len, int64_t deadline)
{
	const char *at = data;

	while (len > 0) {
		ssize_t n = write(fd, at, len);
		if (n > 0) {
			at += n;
			len -= (size_t)n;
			continue;
		}
		if (n == 0)
			return -EIO;
		if (errno == EINTR)
			continue;
		if (errno != EAGAIN)
			return -errno;
		int error = wait_writable(fd, deadline);
		if (error < 0)
			return error;
	}
	return 0;
}

ssize_t
io_read_open(int fd, char *data, size_t size)
{
	struct stat st;
	size_t len = 0;

	if (fstat(fd, &st) < 0)
		return -errno;
	if (!S_ISREG(st.st_mode))
		return S_ISDIR(st.st_mode) ? -EISDIR : -EINVAL;
	while (len < size) {
		ssize_t n = read(fd, data + len, size - len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		if (n == 0) {
			data[len] = '\0';
			return (ssize_t)len;
		}
		len += (size_t)n;
	}
	return -EFBIG;
}

ssize_t
io_read_file(const char *path, char *data, size_t size)
{
	/* O_NONBLOCK: a named pipe must be refused, not waited for. */
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);

	if (fd < 0)
		return -errno;
	ssize_t len = io_read_open(fd, data, size);
	close(fd);
	return len;
}

static const char *
distrust(const struct stat *st)
{
	if (!S_ISREG(st->st_mode))
		return "not a regular file";
	if (st->st_uid != 0 && st->st_uid != geteuid())
		return "the file must be owned by root";
	if (st->st_mode & (S_IWGRP | S_IWOTH))
		return "the file must not be writable by group or others "
		    "(chmod go-w)";
	return NULL;
}

FILE *
io_open_trusted(const char *path, const char **why, int *error)
{
	/* O_NONBLOCK: a named pipe is refused, not waited for. */
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	struct stat st;
	FILE *file = NULL;

	*why = NULL;
	*error = 0;
	if (fd < 0 || fstat(fd, &st) < 0)
		*error = -errno;
	else if ((*why = distrust(&st)) != NULL)
		*error = -EPERM;
	else if ((file = fdopen(fd, "re")) == NULL)
		*error = -errno;
	if (file != NULL)
		return file;
	if (*why == NULL)
		*why = strerror(-*error);
	io_close(&fd);
	return NULL;
}

size_t
io_within_file(int file, off_t offset, size_t len)
{
	struct stat st;

	if (fstat(file, &st) < 0 || st.st_size <= offset)
		return len;
	off_t left = st.st_size - offset;
	return (uintmax_t)left < len ? (size_t)left : len;
}

static void
set_number(int fd, int level, int option, int64_t value)
{
	int number = (int)value;

	(void)setsockopt(fd, level, option, &number, sizeof(number));
}

void
io_keepalive(int fd, int64_t idle, int64_t interval, int64_t probes)
{
	set_number(fd, SOL_SOCKET, SO_KEEPALIVE, idle > 0);
	if (idle == 0)
		return;
	set_number(fd, IPPROTO_TCP, TCP_KEEPIDLE, idle);
	set_number(fd, IPPROTO_TCP, TCP_KEEPINTVL, interval);
	set_number(fd, IPPROTO_TCP, TCP_KEEPCNT, probes);
}

int
io_seal(int fd, int error)
{
	if (error == 0 && fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW |
	    F_SEAL_WRITE | F_SEAL_SEAL) < 0)
		error = -errno;
	if (error == 0)
		return fd;
	close(fd);
	return error;
}

int
io_sealed_file(const char *name, const void *data, size_t len)
{
	int fd = memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING);

	return fd < 0 ? -errno :
		io_seal(fd, io_write_all(fd, data, len, CLOCK_NEVER));
}

int
io_open_again(int fd, int flags)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	int other = open(path, flags | O_CLOEXEC);
	return other < 0 ? -errno : other;
}

int
io_nonblocking(int fd, bool on)
{
	int flags = fcntl(fd, F_GETFL);

	if (flags < 0)
		return -errno;
	flags = on ? flags | O_NONBLOCK : flags & ~O_NONBLOCK;
	return fcntl(fd, F_SETFL, flags) < 0 ? -errno : 0;
}

void
io_close(int *fd)
{
	int saved = errno;

	if (*fd != -1)
		close(*fd);
	*fd = -1;
	errno = saved;
}

static void
interrupt(int signal UNUSED)
{
}

void
io_hurry(bool on)
{
	static const struct itimerval never, soon = {
		.it_interval.tv_usec = 1000, .it_value.tv_usec = 1000 };
	static struct sigaction before;
	const struct sigaction action = { .sa_handler = interrupt };

	if (on) {
		sigaction(SIGALRM, &action, &before);
		setitimer(ITIMER_REAL, &soon, NULL);
	} else {
		setitimer(ITIMER_REAL, &never, NULL);
		sigaction(SIGALRM, &before, NULL);
	}
}

void
io_close_at_once(int *fd)
{
	io_hurry(true);
	io_close(fd);
	io_hurry(false);
}

/* The C library prefers faccessat2(), and takes a container's EPERM for the
 * answer. */
int
io_access(int dir, int mode)
{
	return syscall(SYS_faccessat, dir, ".", mode) < 0 ? -errno : 0;
}

/* False without /proc. */
static bool
close_listed(unsigned from, unsigned to)
{
	DIR *list = opendir("/proc/self/fd");
	const struct dirent *e;
	int64_t fd;

	if (list == NULL)
		return false;
	while ((e = readdir(list)) != NULL)
		if (text_number(e->d_name, strlen(e->d_name), &fd) == 0 &&
		    fd >= from && fd <= to && fd != dirfd(list))
			close((int)fd);
	closedir(list);
	return true;
}

static void
close_up_to_limit(unsigned from, unsigned to)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur <= to)
		to = limit.rlim_cur == 0 ? 0 : (unsigned)limit.rlim_cur - 1;
	for (unsigned fd = from; fd <= to; fd++)
		close((int)fd);
}

/* Kernels before 5.9 and some containers have no close_range(); where there are
 * no limits, there would be a billion numbers to try. */
static void
close_between(unsigned from, unsigned to)
{
	if (from > to || close_range(from, to, 0) == 0)
		return;
	if (!close_listed(from, to))
		close_up_to_limit(from, to);
}

void
io_close_from(int first)
{
	close_between((unsigned)first, INT_MAX);
}

void
io_close_all_except(const int *keep, size_t n)
{
	unsigned from = 3, next;

	/* Each round closes up to the smallest of the remaining kept ones. */
	do {
		next = UINT_MAX;
		for (size_t i = 0; i < n; i++)
			if (keep[i] >= 0 && (unsigned)keep[i] >= from &&
			    (unsigned)keep[i] < next)
				next = (unsigned)keep[i];
		if (next == UINT_MAX)
			break;
		if (next > from)
			close_between(from, next - 1);
		from = next + 1;
	} while (true);
	io_close_from((int)from);
}

int
io_silence_stdio(bool keep_stderr)
{
	int error = 0;
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	if (null < 0)
		return -errno;
	for (int fd = 0; fd <= (keep_stderr ? 1 : 2); fd++)
		if (fd != null && dup2(null, fd) < 0)
			error = -errno;
	if (null > 2)
		close(null);
	return error;
}
