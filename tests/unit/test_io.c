/*
 * test_io.c - whole writes and reads, deadlines, and which descriptors stay.
 */
#include "common/base.h"

#include "common/clock.h"
#include "common/io.h"
#include "tests/refuse.h"
#include "tests/unit/unit.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>

const char *const unit_name = "io";

/* A temporary file with these bytes; the caller unlinks it. */
static void
make_file(char *path, const char *data, size_t len)
{
	int fd = mkostemp(path, O_CLOEXEC);

	CU_ASSERT_TRUE_FATAL(fd >= 0);
	CU_ASSERT_EQUAL(io_write_all(fd, data, len, CLOCK_NEVER), 0);
	close(fd);
}

/* Run test in a child; true if it returned true. */
static bool
in_child(bool (*test)(void))
{
	int status = -1;
	pid_t child = fork();

	if (child == 0)
		_exit(test() ? 0 : 1);
	CU_ASSERT_TRUE_FATAL(child > 0);
	CU_ASSERT_EQUAL(waitpid(child, &status, 0), child);
	return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static bool
is_open(int fd)
{
	return fcntl(fd, F_GETFD) >= 0;
}

static void
test_write_into_a_full_pipe(void)
{
	static char big[1 << 20], back[1 << 16];
	int p[2], status = -1;
	size_t total = 0;
	ssize_t n;

	CU_ASSERT_EQUAL_FATAL(pipe2(p, O_CLOEXEC), 0);
	CU_ASSERT_EQUAL(io_nonblocking(p[1], true), 0);
	pid_t child = fork();
	if (child == 0) {
		int64_t deadline = clock_after(20);
		close(p[0]);
		_exit(io_write_all(p[1], big, sizeof(big), deadline) < 0);
	}
	close(p[1]);
	while ((n = read(p[0], back, sizeof(back))) > 0)
		total += (size_t)n;
	close(p[0]);
	CU_ASSERT_EQUAL(total, sizeof(big));
	CU_ASSERT_EQUAL(waitpid(child, &status, 0), child);
	CU_ASSERT_EQUAL(status, 0);
}

static void
test_write_gives_up(void)
{
	static char big[1 << 20];
	int p[2];

	CU_ASSERT_EQUAL_FATAL(pipe2(p, O_CLOEXEC), 0);
	CU_ASSERT_EQUAL(io_nonblocking(p[1], true), 0);
	int64_t start = clock_ms();
	CU_ASSERT_EQUAL(io_write_all(p[1], big, sizeof(big), start + 50),
		-ETIMEDOUT);
	CU_ASSERT_TRUE(clock_ms() >= start + 50);
	CU_ASSERT_EQUAL(io_write_all(p[1], big, 1, 0), -ETIMEDOUT);
	CU_ASSERT_EQUAL(io_write_all(p[1], big, 0, 0), 0);
	close(p[0]);
	close(p[1]);
}

static void
test_write_to_nobody(void)
{
	int s[2];
	sighandler_t old = signal(SIGPIPE, SIG_IGN);

	CU_ASSERT_EQUAL_FATAL(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC,
		0, s), 0);
	close(s[0]);
	CU_ASSERT_EQUAL(io_write_all(s[1], "x", 1, CLOCK_NEVER), -EPIPE);
	close(s[1]);
	CU_ASSERT_EQUAL(io_write_all(-1, "x", 1, CLOCK_NEVER), -EBADF);
	signal(SIGPIPE, old);
}

static void
test_read_file(void)
{
	char path[] = "/tmp/sureftpd-io-XXXXXX";
	char data[6];

	make_file(path, "abcde", 5);
	CU_ASSERT_EQUAL(io_read_file(path, data, sizeof(data)), 5);
	CU_ASSERT_STRING_EQUAL(data, "abcde");
	CU_ASSERT_EQUAL(io_read_file(path, data, 5), -EFBIG);
	CU_ASSERT_EQUAL(io_read_file(path, data, 1), -EFBIG);
	CU_ASSERT_EQUAL(truncate(path, 0), 0);
	CU_ASSERT_EQUAL(io_read_file(path, data, 1), 0);
	CU_ASSERT_STRING_EQUAL(data, "");
	CU_ASSERT_EQUAL(unlink(path), 0);
	CU_ASSERT_EQUAL(io_read_file(path, data, sizeof(data)), -ENOENT);
}

static void
test_read_no_file(void)
{
	char path[] = "/tmp/sureftpd-io-XXXXXX";
	char data[16];

	CU_ASSERT_EQUAL(io_read_file("/tmp", data, sizeof(data)), -EISDIR);
	CU_ASSERT_EQUAL(io_read_file("/dev/null", data, sizeof(data)),
		-EINVAL);
	CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(path));
	char fifo[64];
	snprintf(fifo, sizeof(fifo), "%s/fifo", path);
	CU_ASSERT_EQUAL_FATAL(mkfifo(fifo, 0600), 0);
	CU_ASSERT_EQUAL(io_read_file(fifo, data, sizeof(data)), -EINVAL);
	unlink(fifo);
	rmdir(path);
}

static void
test_sealed(void)
{
	static const char data[100];
	struct rlimit before, few;

	int fd = io_sealed_file("test", data, sizeof(data));
	CU_ASSERT_FATAL(fd >= 0);
	CU_ASSERT_EQUAL(lseek(fd, 0, SEEK_END), (off_t)sizeof(data));
	CU_ASSERT(write(fd, "x", 1) < 0);
	io_close(&fd);
	/* Memory for a part of it. */
	signal(SIGXFSZ, SIG_IGN);
	CU_ASSERT_EQUAL_FATAL(getrlimit(RLIMIT_FSIZE, &before), 0);
	few = before;
	few.rlim_cur = 10;
	CU_ASSERT_EQUAL(setrlimit(RLIMIT_FSIZE, &few), 0);
	errno = 0;
	CU_ASSERT_EQUAL(io_sealed_file("test", data, sizeof(data)), -EFBIG);
	CU_ASSERT_EQUAL(setrlimit(RLIMIT_FSIZE, &before), 0);
}

static void
test_nonblocking(void)
{
	int p[2];

	CU_ASSERT_EQUAL_FATAL(pipe2(p, O_CLOEXEC), 0);
	CU_ASSERT_EQUAL(io_nonblocking(p[0], true), 0);
	CU_ASSERT_TRUE(fcntl(p[0], F_GETFL) & O_NONBLOCK);
	CU_ASSERT_EQUAL(io_nonblocking(p[0], false), 0);
	CU_ASSERT_FALSE(fcntl(p[0], F_GETFL) & O_NONBLOCK);
	close(p[0]);
	close(p[1]);
	CU_ASSERT_EQUAL(io_nonblocking(-1, true), -EBADF);
}

static void
test_close(void)
{
	int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
	int copy = fd;

	errno = ENOTTY;
	io_close(&fd);
	CU_ASSERT_EQUAL(fd, -1);
	CU_ASSERT_EQUAL(errno, ENOTTY);
	CU_ASSERT_FALSE(is_open(copy));
	io_close(&fd);
	CU_ASSERT_EQUAL(fd, -1);
}

static bool
keeps_only_the_named(void)
{
	for (int fd = 10; fd <= 20; fd++)
		if (dup2(STDIN_FILENO, fd) < 0)
			return false;
	io_close_all_except((int[]){ 17, -1, 12, 13, 17, 0 }, 6);
	for (int fd = 3; fd <= 40; fd++)
		if (is_open(fd) != (fd == 12 || fd == 13 || fd == 17))
			return false;
	return is_open(0) && is_open(1) && is_open(2);
}

static bool
keeps_none(void)
{
	for (int fd = 3; fd <= 9; fd++)
		if (dup2(STDIN_FILENO, fd) < 0)
			return false;
	io_close_all_except(NULL, 0);
	for (int fd = 3; fd <= 40; fd++)
		if (is_open(fd))
			return false;
	return is_open(2);
}

/* Also those above a limit that was lowered. */
static bool
closes_without_the_call(void)
{
	const struct rlimit low = { 21, 21 };

	return refuse_call(SYS_close_range, ENOSYS) &&
		dup2(STDIN_FILENO, 30) == 30 &&
		setrlimit(RLIMIT_NOFILE, &low) == 0 &&
		keeps_only_the_named();
}

static void
test_close_all(void)
{
	CU_ASSERT_TRUE(in_child(keeps_only_the_named));
	CU_ASSERT_TRUE(in_child(keeps_none));
	CU_ASSERT_TRUE(in_child(closes_without_the_call));
}

static bool
is_null(int fd)
{
	struct stat st, null;

	return fstat(fd, &st) == 0 && stat("/dev/null", &null) == 0 &&
		st.st_rdev == null.st_rdev && S_ISCHR(st.st_mode);
}

/* Standard error is made a pipe first, so that it can be told apart. */
static bool
silenced_but_errors(void)
{
	int p[2];

	if (pipe2(p, O_CLOEXEC) < 0 || dup2(p[1], 2) < 0 ||
	    io_silence_stdio(true) < 0)
		return false;
	return is_null(0) && is_null(1) && !is_null(2) && is_open(2);
}

static bool
silenced(void)
{
	close(0);
	close(2);
	return io_silence_stdio(false) == 0 &&
		is_null(0) && is_null(1) && is_null(2);
}

static void
test_silence(void)
{
	CU_ASSERT_TRUE(in_child(silenced_but_errors));
	CU_ASSERT_TRUE(in_child(silenced));
}

CU_TestInfo unit_tests[] = {
	{ "a write waits until everything is written",
		test_write_into_a_full_pipe },
	{ "a write gives up at its deadline", test_write_gives_up },
	{ "a write to a closed peer is an error", test_write_to_nobody },
	{ "a file is read completely or not at all", test_read_file },
	{ "other types than regular files are not read", test_read_no_file },
	{ "a sealed file is complete", test_sealed },
	{ "non-blocking on and off", test_nonblocking },
	{ "closing resets the number and keeps errno", test_close },
	{ "only the named descriptors stay open", test_close_all },
	{ "standard input and output become /dev/null", test_silence },
	CU_TEST_INFO_NULL,
};
