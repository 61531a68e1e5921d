/*
 * test_log_text.c - destinations of the text log: standard error, the journal,
 * syslog, and readers that are slow.
 */
#include "common/base.h"

#include "common/process/channel.h"
#include "common/clock.h"
#include "common/io.h"
#include "daemon/recorder/log_text.h"
#include "tests/unit/unit.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

const char *const unit_name = "log_text";

static struct event
sample(void)
{
	struct event e = event_new(EVENT_login_failed);

	setenv("TZ", "UTC0", 1);
	tzset();
	e.wall_ns = 1795228741123456789;
	e.session = 12;
	e.pid = 44;
	e.user = "bob";
	e.text = "unknown user";
	CU_ASSERT_EQUAL(address_parse(&e.peer, "192.0.2.1"), 0);
	return e;
}

#define SENTENCE "warning session=12 peer=192.0.2.1 user=bob " \
	"login failed: unknown user\n"

static void
expect(int fd, const char *line)
{
	char data[LOG_TEXT_MAX + 1];
	ssize_t n = read(fd, data, sizeof(data) - 1);

	CU_ASSERT_FATAL(n >= 0);
	data[n] = '\0';
	CU_ASSERT_STRING_EQUAL(data, line);
}

static void
test_stderr(void)
{
	struct event e = sample();
	struct log_text p;
	int fds[2];

	CU_ASSERT_EQUAL_FATAL(pipe2(fds, O_CLOEXEC | O_NONBLOCK), 0);
	unsetenv("JOURNAL_STREAM");
	log_text_open_stderr(&p, fds[1], LOG_LEVEL_WARNING);
	log_text_write(&p, &e);
	expect(fds[0], "2026-11-21T02:39:01.123Z sureftpd[44] " SENTENCE);
	e = event_new(EVENT_connect);
	log_text_write(&p, &e);
	CU_ASSERT_TRUE(read(fds[0], &e, 1) < 0 && errno == EAGAIN);
	log_text_close(&p);
	CU_ASSERT_EQUAL(p.fd, fds[1]);
	close(fds[0]);
	close(fds[1]);
}

static void
test_journal(void)
{
	struct event e = sample();
	struct log_text p;
	struct stat st;
	char stream[64];
	int fds[2];

	CU_ASSERT_EQUAL_FATAL(pipe2(fds, O_CLOEXEC), 0);
	CU_ASSERT_EQUAL(fstat(fds[1], &st), 0);
	snprintf(stream, sizeof(stream), "%ju:%ju", (uintmax_t)st.st_dev,
		(uintmax_t)st.st_ino);
	setenv("JOURNAL_STREAM", stream, 1);
	log_text_open_stderr(&p, fds[1], LOG_LEVEL_INFO);
	log_text_write(&p, &e);
	expect(fds[0], "<4>2026-11-21T02:39:01.123Z sureftpd[44] " SENTENCE);
	e.level = LOG_LEVEL_ERROR;
	log_text_write(&p, &e);
	char first[3];
	CU_ASSERT_EQUAL(read(fds[0], first, 3), 3);
	CU_ASSERT_NSTRING_EQUAL(first, "<3>", 3);

	/* Somebody else's stream. */
	setenv("JOURNAL_STREAM", "1:1", 1);
	log_text_open_stderr(&p, fds[1], LOG_LEVEL_INFO);
	CU_ASSERT_FALSE(p.journal);
	unsetenv("JOURNAL_STREAM");
	close(fds[0]);
	close(fds[1]);
}

static void
test_full_pipe(void)
{
	char rest[4096], last[2 * LOG_TEXT_MAX];
	struct event e = sample();
	struct log_text p;
	int fds[2];
	ssize_t n;

	CU_ASSERT_EQUAL_FATAL(pipe2(fds, O_CLOEXEC), 0);
	CU_ASSERT_TRUE(fcntl(fds[1], F_SETPIPE_SZ, 16384) >= 16384);
	CU_ASSERT_EQUAL(io_nonblocking(fds[0], true), 0);
	log_text_open_stderr(&p, fds[1], LOG_LEVEL_INFO);
	int64_t start = clock_ms();
	for (int i = 0; i < 400; i++)
		log_text_write(&p, &e);
	int64_t took = clock_ms() - start;
	CU_ASSERT_TRUE(took >= 900 && took < 5000);
	CU_ASSERT_TRUE(p.lost > 100);
	while (read(fds[0], rest, sizeof(rest)) > 0)
		;

	snprintf(rest, sizeof(rest), "warning lost %" PRIu64 " lines of "
		"this log\n", p.lost);
	log_text_write(&p, &e);
	CU_ASSERT_EQUAL(p.lost, 0);
	CU_ASSERT_FATAL((n = read(fds[0], last, sizeof(last) - 1)) > 0);
	last[n] = '\0';
	CU_ASSERT_PTR_NOT_NULL(strstr(last, rest));
	CU_ASSERT_PTR_NOT_NULL(strstr(last, SENTENCE));
	close(fds[0]);
	close(fds[1]);
}

static int
syslogd(const char *path)
{
	struct sockaddr_un at = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	unlink(path);
	snprintf(at.sun_path, sizeof(at.sun_path), "%s", path);
	CU_ASSERT_EQUAL_FATAL(bind(fd, (struct sockaddr *)&at, sizeof(at)), 0);
	return fd;
}

static void
test_syslog(void)
{
	char directory[] = "/tmp/sureftpd-syslog-XXXXXX", path[64];
	struct event e = sample();
	struct log_text p;

	CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(directory));
	snprintf(path, sizeof(path), "%s/log", directory);
	log_text_open_socket(&p, path, false, -1, LOG_LEVEL_INFO);
	log_text_write(&p, &e);
	CU_ASSERT_EQUAL(p.lost, 1);
	int fd = syslogd(path);
	log_text_write(&p, &e);
	char first[LOG_TEXT_MAX];
	ssize_t n = read(fd, first, sizeof(first) - 1);
	CU_ASSERT_FATAL(n > 0);
	first[n] = '\0';
	CU_ASSERT_PTR_NOT_NULL(strstr(first,
		"]: warning lost 1 lines of this log\n"));
	expect(fd, "<92>Nov 21 02:39:01 sureftpd[44]: " SENTENCE);

	/* Started again. */
	close(fd);
	log_text_write(&p, &e);
	CU_ASSERT_EQUAL(p.lost, 1);
	fd = syslogd(path);
	log_text_write(&p, &e);
	CU_ASSERT_EQUAL(p.lost, 0);
	CU_ASSERT_TRUE(read(fd, first, sizeof(first)) > 0);
	expect(fd, "<92>Nov 21 02:39:01 sureftpd[44]: " SENTENCE);

	/* Stuck: waited for once, not for every line. */
	int64_t start = clock_ms();
	for (int i = 0; i < 2000; i++)
		log_text_write(&p, &e);
	int64_t took = clock_ms() - start;
	CU_ASSERT_TRUE(took >= 900 && took < 5000);
	CU_ASSERT_TRUE(p.lost > 100);
	close(fd);
	log_text_close(&p);
	CU_ASSERT_EQUAL(p.fd, -1);
	unlink(path);
	CU_ASSERT_EQUAL(rmdir(directory), 0);
}

static void
test_long_line(void)
{
	static char text[EVENT_TEXT_MAX];
	struct event e = event_new(EVENT_message);
	char data[2 * LOG_TEXT_MAX];
	struct log_text p;
	int fds[2];

	CU_ASSERT_EQUAL_FATAL(pipe2(fds, O_CLOEXEC), 0);
	memset(text, '\n', sizeof(text) - 1);
	e.text = text;
	log_text_open_stderr(&p, fds[1], LOG_LEVEL_INFO);
	log_text_write(&p, &e);
	ssize_t n = read(fds[0], data, sizeof(data));
	CU_ASSERT_FATAL(n > 4000 && n <= LOG_TEXT_MAX);
	CU_ASSERT_NSTRING_EQUAL(data + n - 8, "\\x0A...\n", 8);
	CU_ASSERT_PTR_EQUAL(memchr(data, '\n', (size_t)n), data + n - 1);
	close(fds[0]);
	close(fds[1]);
}

/* Written without printf(). */
static void
test_numbers(void)
{
	BUFFER(line, 256);

	log_line_number(&line, 0);
	log_line_number(&line, -7);
	log_line_number(&line, INT64_MIN);
	log_line_number(&line, INT64_MAX);
	CU_ASSERT_STRING_EQUAL(buffer_text(&line), "0-7-9223372036854775808"
		"9223372036854775807");
	buffer_clear(&line);
	log_line_utc(&line, 1795228741 * INT64_C(1000000000) + 7000000);
	log_line_utc(&line, 1795228741 * INT64_C(1000000000) + 123000000);
	log_line_utc(&line, 951782399 * INT64_C(1000000000));
	CU_ASSERT_STRING_EQUAL(buffer_text(&line), "2026-11-21T02:39:01.007Z"
		"2026-11-21T02:39:01.123Z2000-02-28T23:59:59.000Z");
}

/* A file is written without waiting for it. */
static void
test_file(void)
{
	struct event e = event_new(EVENT_message);
	char data[LOG_TEXT_MAX] = "";
	struct log_text p;

	int fd = memfd_create("log", MFD_CLOEXEC);
	CU_ASSERT_FATAL(fd >= 0);
	e.level = LOG_LEVEL_INFO;
	e.text = "one";
	log_text_open_stderr(&p, fd, LOG_LEVEL_INFO);
	CU_ASSERT_TRUE(p.file);
	log_text_write(&p, &e);
	log_text_write(&p, &e);
	CU_ASSERT(pread(fd, data, sizeof(data) - 1, 0) > 0);
	char *end = strchr(data, '\n');
	CU_ASSERT_PTR_NOT_NULL_FATAL(end);
	CU_ASSERT_NSTRING_EQUAL(end - 3, "one\n", 4);
	CU_ASSERT_NSTRING_EQUAL(end + 1, data, (size_t)(end + 1 - data));
	CU_ASSERT_EQUAL(p.lost, 0);
	close(fd);
}

CU_TestInfo unit_tests[] = {
	{ "standard error, down to the level", test_stderr },
	{ "the journal gets priorities", test_journal },
	{ "a full pipe delays once, losses are reported", test_full_pipe },
	{ "syslog: missing, present, restarted, stuck", test_syslog },
	{ "a line fits a pipe's atomic write", test_long_line },
	{ "numbers and times", test_numbers },
	{ "standard error is a file", test_file },
	CU_TEST_INFO_NULL,
};
