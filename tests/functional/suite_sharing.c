/*
 * suite_sharing.c - concurrent use of one file: locks, appends, changes during
 * a download.
 */
#include "common/base.h"
#include "tests/functional/functional.h"

#include "common/clock.h"
#include "tests/functional/files.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>

const char *const functional_name = "sharing";

/* What a local program gets when it tests a lock on the whole file: F_UNLCK, or
 * the conflicting lock. */
static int
lock_seen(const char *path, short wanted)
{
	struct flock l = { .l_type = wanted, .l_whence = SEEK_SET };
	int fd = open(path, O_RDWR | O_CLOEXEC);

	CHECK(fd >= 0 && fcntl(fd, F_OFD_GETLK, &l) == 0);
	close(fd);
	return l.l_type;
}

static bool
enter_all(struct ftp *clients, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!ftp_enter(&clients[i], "anna") ||
		    !EXPECT(&clients[i], 200, "TYPE I"))
			return false;
	return true;
}

static void
leave_all(struct ftp *clients, size_t n)
{
	for (size_t i = 0; i < n; i++)
		ftp_close(&clients[i]);
}

/* All clients send their line at the same time, and get a 450 after the same
 * wait. */
static void
check_in_use(struct ftp *clients, size_t n, const char *const *lines)
{
	int64_t before = clock_ms();

	for (size_t i = 0; i < n; i++) {
		CHECK(ftp_prepare(&clients[i]));
		ftp_send_text(&clients[i], lines[i]);
	}
	for (size_t i = 0; i < n; i++) {
		EXPECT_REPLY(&clients[i], 450);
		CHECK_HAS(clients[i].text, "File is in use by another "
			"transfer or program.");
		ftp_data_close(&clients[i]);
	}
	int64_t took = clock_ms() - before;
	CHECK_SAYS(took >= 1900 && took < 8000, "it took %lld ms",
		(long long)took);
}

static void
test_two_uploads(void)
{
	static const char *const lines[] = { "STOR f\r\n", "APPE f\r\n",
		"STOR g\r\n", "APPE g\r\n" };
	static const char *const files[] = { "f", "g" };
	struct server s;
	struct ftp first[2], others[ARRAY_SIZE(lines)];
	char path[64];

	if (!SERVER(&s) || !enter_all(first, 2) ||
	    !enter_all(others, ARRAY_SIZE(lines)))
		return;
	for (int i = 0; i < 2; i++) {
		CHECK_NUMBER(ftp_start(&first[i], "%s %s",
			i == 0 ? "STOR" : "APPE", files[i]), 150);
		CHECK_NUMBER(ftp_data_send(&first[i], "aaaa", 4), 4);
	}
	check_in_use(others, ARRAY_SIZE(lines), lines);
	for (int i = 0; i < 2; i++) {
		/* Nothing of the refused ones is in it. */
		CHECK_NUMBER(ftp_data_send(&first[i], "AAAA", 4), 4);
		CHECK_NUMBER(ftp_finish(&first[i]), 226);
		snprintf(path, sizeof(path), "/home/anna/%s", files[i]);
		CHECK(files_same(path, "aaaaAAAA", 8));
		CHECK_NUMBER(ftp_put(&others[i], "bb", 2, "STOR %s", files[i]),
			226);
		CHECK(files_same(path, "bb", 2));
	}
	leave_all(first, 2);
	leave_all(others, ARRAY_SIZE(lines));
	server_stop(&s);
}

/* The second begins when the first has ended, if that is soon. */
static void
test_short_wait(void)
{
	struct server s;
	struct ftp c[2];

	if (!SERVER(&s) || !enter_all(c, 2))
		return;
	CHECK_NUMBER(ftp_start(&c[0], "STOR f"), 150);
	CHECK_NUMBER(ftp_data_send(&c[0], "first", 5), 5);
	if (!ftp_prepare(&c[1]))
		return;
	ftp_send_text(&c[1], "STOR f\r\n");
	CHECK(!ftp_replies_within(&c[1], 300));
	CHECK_NUMBER(ftp_finish(&c[0]), 226);
	EXPECT_REPLY(&c[1], 150);
	CHECK_NUMBER(ftp_data_send(&c[1], "2", 1), 1);
	CHECK_NUMBER(ftp_finish(&c[1]), 226);
	CHECK(files_same("/home/anna/f", "2", 1));
	leave_all(c, 2);
	server_stop(&s);
}

static void
test_downloads(void)
{
	static const char *const lines[] = { "RETR f\r\n", "STOR big\r\n" };
	struct server s;
	struct ftp c[2], others[2];
	char data[1024];

	files_write_as("anna", "/home/anna/big", "", 0);
	CHECK(truncate("/home/anna/big", 64 << 20) == 0);
	if (!SERVER(&s) || !enter_all(c, 2) || !enter_all(others, 2))
		return;
	CHECK_NUMBER(ftp_start(&c[0], "STOR f"), 150);
	CHECK_NUMBER(ftp_data_send(&c[0], "half", 4), 4);
	CHECK_NUMBER(ftp_start(&c[1], "RETR big"), 150);
	CHECK(ftp_data_read(&c[1], data, sizeof(data)) > 0);
	/* A file that is being uploaded is not read, and one that is being read
	 * is not truncated. */
	check_in_use(others, 2, lines);
	CHECK_NUMBER(lock_seen("/home/anna/f", F_RDLCK), F_WRLCK);
	CHECK_NUMBER(lock_seen("/home/anna/big", F_WRLCK), F_RDLCK);
	CHECK_NUMBER(files_size("/home/anna/big"), 64 << 20);
	CHECK_NUMBER(ftp_finish(&c[0]), 226);
	CHECK_NUMBER(lock_seen("/home/anna/f", F_WRLCK), F_UNLCK);
	/* Others may read it. */
	CHECK_NUMBER(ftp_start(&others[0], "RETR big"), 150);
	CHECK_NUMBER(ftp_finish(&c[1]), 426);
	CHECK_NUMBER(ftp_finish(&others[0]), 426);
	leave_all(c, 2);
	leave_all(others, 2);
	server_stop(&s);
}

/* Locks of local programs are respected if upload_locking is set. */
static void
test_setting(void)
{
	static const char *const lines[] = { "RETR f\r\n", "STOR f\r\n" };
	struct flock l = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
	struct server s;
	struct ftp c[2];
	size_t len;

	for (int locking = 0; locking < 2; locking++) {
		if (!SERVER(&s, locking ? "session.upload_locking=yes"
					: "session.upload_locking=no") ||
		    !enter_all(c, 2))
			return;
		files_write_as("anna", "/home/anna/f", "old", 3);
		int fd = open("/home/anna/f", O_RDWR | O_CLOEXEC);
		CHECK(fcntl(fd, F_OFD_SETLK, &l) == 0);
		if (locking) {
			check_in_use(c, 2, lines);
			CHECK(files_same("/home/anna/f", "old", 3));
		} else {
			free(ftp_get(&c[0], &len, "RETR f"));
			EXPECT_WAS(&c[0], 226);
			CHECK_NUMBER(len, 3);
			CHECK_NUMBER(ftp_put(&c[1], "new", 3, "STOR f"), 226);
			CHECK(files_same("/home/anna/f", "new", 3));
		}
		close(fd);
		CHECK_NUMBER(ftp_put(&c[0], "end", 3, "STOR f"), 226);
		leave_all(c, 2);
		server_stop(&s);
	}
}

/* --- appending */

#define WRITERS 6
#define LINES	25

/* One line at a time, each whole in one upload; with locks a client may have
 * to come again. */
static bool
append_lines(char writer)
{
	struct ftp c;
	char line[64];

	if (!ftp_enter(&c, "anna"))
		return false;
	for (int i = 0; i < LINES; i++) {
		int len = snprintf(line, sizeof(line),
			"%c %03d the quick brown fox\n", writer, i);
		int code;
		do
			code = ftp_put(&c, line, (size_t)len, "APPE log");
		while (code == 450);
		if (code != 226)
			return false;
	}
	ftp_close(&c);
	return true;
}

/* Has it grown beyond this, by what others have written? */
static bool
has_grown(const char *path, void *context)
{
	return files_size(path) > *(int64_t *)context;
}

/* No client: a program on this machine that logs to the same file, a line after
 * one of others as long as these have something to say. */
static bool
append_locally(char writer)
{
	int fd = open("/home/anna/log", O_WRONLY | O_APPEND | O_CLOEXEC);
	char line[64];

	for (int i = 0; i < LINES; i++) {
		int len = snprintf(line, sizeof(line),
			"%c %03d the quick brown fox\n", writer, i);
		if (write(fd, line, (size_t)len) != len)
			return false;
		int64_t size = files_size("/home/anna/log");
		(void)files_wait_until("/home/anna/log", has_grown, &size, 50);
	}
	return close(fd) == 0;
}

/* Every line of every writer is complete, present once, and in the writer's
 * order. */
static void
check_log(const char *text)
{
	int next[WRITERS] = { 0 };
	const char *end;

	for (; (end = strchr(text, '\n')) != NULL; text = end + 1) {
		int writer = text[0] - 'a';
		char line[64];
		if (!CHECK_SAYS(writer >= 0 && writer < WRITERS,
			"no line of a writer: %.30s", text))
			return;
		snprintf(line, sizeof(line), "%c %03d the quick brown fox",
			text[0], next[writer]++);
		if (!CHECK_SAYS(strncmp(text, line, (size_t)(end - text)) ==
				0 && strlen(line) == (size_t)(end - text),
			"%.30s is not %s", text, line))
			return;
	}
	for (int i = 0; i < WRITERS; i++)
		CHECK_NUMBER(next[i], LINES);
}

static void
append_with_many(void)
{
	static char log[1 << 16];
	pid_t writers[WRITERS];
	int status;

	files_write_as("anna", "/home/anna/log", "", 0);
	for (int i = 0; i < WRITERS; i++) {
		writers[i] = fork();
		if (writers[i] == 0)
			_exit(i == 0 ? !append_locally('a')
				     : !append_lines((char)('a' + i)));
	}
	for (int i = 0; i < WRITERS; i++) {
		CHECK(waitpid(writers[i], &status, 0) == writers[i]);
		CHECK_SAYS(status == 0, "writer %d failed", i);
	}
	CHECK(files_read("/home/anna/log", log, sizeof(log)) > 0);
	check_log(log);
}

static void
test_appends(void)
{
	static const char *const options[] = { "session.upload_locking=yes",
		"session.upload_locking=no" };
	struct server s;

	for (size_t i = 0; i < ARRAY_SIZE(options); i++) {
		if (!SERVER(&s, options[i]))
			return;
		append_with_many();
		server_stop(&s);
	}
}

/* A slow APPE does not overwrite or truncate data written meanwhile. */
static void
test_slow_append(void)
{
	struct server s;
	struct ftp c;

	if (!SERVER(&s) || !ftp_enter(&c, "anna"))
		return;
	files_write_as("anna", "/home/anna/log", "1\n", 2);
	CHECK_NUMBER(ftp_start(&c, "APPE log"), 150);
	CHECK(files_append_text("/home/anna/log", "2\n"));
	CHECK_NUMBER(ftp_data_send(&c, "3\n", 2), 2);
	CHECK(files_wait_for_size("/home/anna/log", 6));
	CHECK(files_append_text("/home/anna/log", "4\n"));
	CHECK_NUMBER(ftp_finish(&c), 226);
	CHECK(files_same("/home/anna/log", "1\n2\n3\n4\n", 8));

	/* Also when it made the file itself and does not end properly. */
	CHECK_NUMBER(ftp_start(&c, "APPE new"), 150);
	CHECK_NUMBER(ftp_data_send(&c, "1\n", 2), 2);
	CHECK(files_wait_for_size("/home/anna/new", 2));
	CHECK(files_append_text("/home/anna/new", "2\n"));
	EXPECT(&c, 426, "ABOR");
	EXPECT_REPLY(&c, 226);
	CHECK(files_same("/home/anna/new", "1\n2\n", 4));
	ftp_close(&c);
	server_stop(&s);
}

/* --- files that change during a download */

static void
check_shrinking(struct ftp *c, const char *type, off_t left)
{
	static char data[1 << 16];
	size_t got = 0, n;

	files_write_as("anna", "/home/anna/big", "", 0);
	CHECK(truncate("/home/anna/big", 64 << 20) == 0);
	EXPECT(c, 200, "TYPE %s", type);
	CHECK_NUMBER(ftp_start(c, "RETR big"), 150);
	CHECK((got = ftp_data_read(c, data, sizeof(data))) > 0);
	CHECK(truncate("/home/anna/big", left) == 0);
	while ((n = ftp_data_read(c, data, sizeof(data))) > 0)
		got += n;
	CHECK(got < 64 << 20);
	CHECK_NUMBER(ftp_finish(c), 451);
	CHECK_HAS(c->text, "shorter");
}

static void
test_shrinking_file(void)
{
	struct server s;
	struct ftp c;

	if (!SERVER(&s) || !ftp_enter(&c, "anna"))
		return;
	check_shrinking(&c, "I", 0);
	check_shrinking(&c, "I", 32 << 20);
	check_shrinking(&c, "A", 1);
	CHECK_LOGGED(0, "info session=1 peer=127.0.0.1 user=anna download of "
		"\"/home/anna/big\" as ASCII failed after *");
	CHECK_NUMBER(logged_times(0, "info session=1 peer=127.0.0.1 user=anna "
		"download of \"/home/anna/big\"* failed after * bytes in * s: "
		"File became shorter during the transfer"), 3);
	EXPECT(&c, 200, "NOOP");
	ftp_close(&c);
	server_stop(&s);
}

CU_TestInfo functional_tests[] = {
	{ "two uploads of one name: the second is refused with 450",
		test_two_uploads },
	{ "a second upload waits a short time for the first", test_short_wait },
	{ "a file being uploaded is not read, and vice versa", test_downloads },
	{ "locks of other programs are respected, by upload_locking",
		test_setting },
	{ "concurrent appends lose nothing", test_appends },
	{ "a slow APPE overwrites nothing", test_slow_append },
	{ "a download of a file that shrinks fails", test_shrinking_file },
	CU_TEST_INFO_NULL,
};
