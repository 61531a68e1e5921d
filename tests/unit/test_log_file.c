/*
 * test_log_file.c - log files that are rotated, cannot be opened, have another
 * owner, or are on a full disk.
 */
#include "common/base.h"

#include "common/clock.h"
#include "common/log/event.h"
#include "common/io.h"
#include "daemon/recorder/log_file.h"
#include "tests/unit/unit.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>

const char *const unit_name = "log_file";

static char directory[] = "/tmp/sureftpd-log-XXXXXX";
static char path[64], other[64];

/* What the log file said about itself. */
static char said[1024];

static void
keep_text(void *context UNUSED, struct event *e)
{
	size_t len = strlen(said);

	snprintf(said + len, sizeof(said) - len, "%s|", e->text);
}

/* A fresh directory, and names of two files in it. */
static void
begin(void)
{
	memcpy(strrchr(directory, '-') + 1, "XXXXXX", 6);
	CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(directory));
	snprintf(path, sizeof(path), "%s/log", directory);
	snprintf(other, sizeof(other), "%s/other", directory);
	said[0] = '\0';
	event_divert(keep_text, NULL);
}

static void
end(struct log_file *f)
{
	event_divert(NULL, NULL);
	log_file_close(f);
	CU_ASSERT_EQUAL(f->fd, -1);
	unlink(path);
	unlink(other);
	CU_ASSERT_EQUAL(rmdir(directory), 0);
}

static void
write_text(struct log_file *f, const char *text)
{
	BUFFER(line, 4096);

	buffer_add_text(&line, text);
	log_file_write(f, &line);
}

static void
expect(const char *file, const char *content)
{
	char data[4096];
	ssize_t n = io_read_file(file, data, sizeof(data));

	CU_ASSERT_FATAL(n >= 0);
	CU_ASSERT_STRING_EQUAL(data, content);
}

static void
test_append(void)
{
	struct log_file f;
	struct stat st;

	begin();
	mode_t mask = umask(0);
	log_file_open(&f, path, NULL);
	umask(mask);
	CU_ASSERT_TRUE(fcntl(f.fd, F_GETFD) & FD_CLOEXEC);
	CU_ASSERT_EQUAL(stat(path, &st), 0);
	CU_ASSERT_EQUAL(st.st_mode & 07777, 0640);
	write_text(&f, "one\n");
	log_file_close(&f);
	log_file_open(&f, path, NULL);
	write_text(&f, "two\n");
	/* As logrotate's copytruncate does. */
	expect(path, "one\ntwo\n");
	CU_ASSERT_EQUAL(truncate(path, 0), 0);
	write_text(&f, "three\n");
	expect(path, "three\n");
	CU_ASSERT_STRING_EQUAL(said, "");
	end(&f);
}

static void
test_rotation(void)
{
	struct log_file f;

	begin();
	log_file_open(&f, path, NULL);
	write_text(&f, "one\n");
	CU_ASSERT_EQUAL(rename(path, other), 0);
	/* The next look comes after a second. */
	write_text(&f, "two\n");
	expect(other, "one\ntwo\n");
	clock_sleep_until(clock_ms() + 1050);	/* nothing tells of it */
	write_text(&f, "three\n");
	expect(other, "one\ntwo\n");
	expect(path, "three\n");
	CU_ASSERT_STRING_EQUAL(said, "");
	end(&f);
}

static void
check_now(struct log_file *f)
{
	f->next_check = clock_ms();
}

static void
test_failed_rotation(void)
{
	struct log_file f;

	begin();
	log_file_open(&f, path, NULL);
	CU_ASSERT_EQUAL(rename(path, other), 0);
	CU_ASSERT_EQUAL(mkdir(path, 0700), 0);
	for (int i = 0; i < 3; i++) {
		check_now(&f);
		write_text(&f, "kept\n");
	}
	expect(other, "kept\nkept\nkept\n");
	CU_ASSERT_PTR_NOT_NULL(strstr(said, "/log: Is a directory|"));
	CU_ASSERT_PTR_EQUAL(strchr(said, '|'), strrchr(said, '|'));
	CU_ASSERT_EQUAL(rmdir(path), 0);
	check_now(&f);
	write_text(&f, "new\n");
	expect(path, "new\n");
	CU_ASSERT_PTR_NOT_NULL(strstr(said, "/log: reopened|"));
	end(&f);
}

static void
test_not_ours(void)
{
	struct log_file f;

	begin();
	int fd = open(other, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	CU_ASSERT_TRUE(fd >= 0);
	close(fd);
	CU_ASSERT_EQUAL(symlink(other, path), 0);
	log_file_open(&f, path, NULL);
	CU_ASSERT_EQUAL(f.fd, -1);
	unlink(path);
	CU_ASSERT_EQUAL(link(other, path), 0);
	log_file_open(&f, path, NULL);
	CU_ASSERT_EQUAL(f.fd, -1);
	unlink(path);
	CU_ASSERT_EQUAL(mkfifo(path, 0600), 0);
	log_file_open(&f, path, NULL);
	CU_ASSERT_EQUAL(f.fd, -1);
	fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	CU_ASSERT_TRUE(fd >= 0);
	log_file_open(&f, path, NULL);
	CU_ASSERT_EQUAL(f.fd, -1);
	close(fd);
	write_text(&f, "lost\n");
	CU_ASSERT_EQUAL(f.lost, 1);
	unlink(path);
	check_now(&f);
	write_text(&f, "kept\n");
	expect(path, "kept\n");
	expect(other, "");
	CU_ASSERT_PTR_NOT_NULL(strstr(said, "Too many links|"));
	CU_ASSERT_PTR_NOT_NULL(strstr(said, "/log: lost 1 lines|"));
	end(&f);
}

/* No room for a whole line: what a full disk does. */
static void
lose_two_lines(struct log_file *f)
{
	struct rlimit old, small = { .rlim_cur = 10 };

	signal(SIGXFSZ, SIG_IGN);
	CU_ASSERT_EQUAL(getrlimit(RLIMIT_FSIZE, &old), 0);
	small.rlim_max = old.rlim_max;
	write_text(f, "1234567\n");
	CU_ASSERT_EQUAL(setrlimit(RLIMIT_FSIZE, &small), 0);
	write_text(f, "lost in part\n");
	write_text(f, "lost\n");
	CU_ASSERT_EQUAL(f->lost, 2);
	CU_ASSERT_EQUAL(setrlimit(RLIMIT_FSIZE, &old), 0);
	write_text(f, "back\n");
	CU_ASSERT_EQUAL(f->lost, 0);
	CU_ASSERT_PTR_NOT_NULL(strstr(said, "losing lines|"));
	CU_ASSERT_PTR_NOT_NULL(strstr(said, "/log: lost 2 lines|"));
}

/* The part of a line that was written would be no JSON. */
static void
test_no_room(void)
{
	struct log_file f;

	begin();
	log_file_open(&f, path, NULL);
	lose_two_lines(&f);
	expect(path, "1234567\nback\n");
	end(&f);
}

/* It stays in a file that can only grow (chattr +a). */
static void
test_append_only(void)
{
	struct log_file f;
	char data[64];

	begin();
	log_file_open(&f, path, NULL);
	io_close(&f.fd);
	f.fd = memfd_create("log", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	CU_ASSERT_FATAL(f.fd >= 0);
	CU_ASSERT_EQUAL(fcntl(f.fd, F_ADD_SEALS, F_SEAL_SHRINK), 0);
	lose_two_lines(&f);
	CU_ASSERT_EQUAL(lseek(f.fd, 0, SEEK_SET), 0);
	CU_ASSERT_TRUE(io_read_open(f.fd, data, sizeof(data)) > 0);
	CU_ASSERT_STRING_EQUAL(data, "1234567\nlo\nback\n");
	end(&f);
}

static void
test_full_device(void)
{
	struct log_file f;

	begin();
	log_file_open(&f, path, NULL);
	int full = open("/dev/full", O_WRONLY | O_CLOEXEC);
	CU_ASSERT_FATAL(full >= 0);
	int kept = f.fd;
	f.fd = full;
	for (int i = 0; i < 5; i++)
		write_text(&f, "lost\n");
	f.fd = kept;
	write_text(&f, "back\n");
	expect(path, "back\n");
	CU_ASSERT_PTR_NOT_NULL(strstr(said, "No space left on device"));
	CU_ASSERT_PTR_NOT_NULL(strstr(said, "/log: lost 5 lines|"));
	close(full);
	end(&f);
}

static void
test_owner(void)
{
	const struct role_account owner = { .uid = 4711, .gid = 4712 };
	struct log_file f;
	struct stat st;

	begin();
	log_file_open(&f, path, &owner);
	if (geteuid() == 0) {
		CU_ASSERT_EQUAL(stat(path, &st), 0);
		CU_ASSERT_EQUAL(st.st_uid, 4711);
		CU_ASSERT_EQUAL(st.st_gid, 4712);
	} else {
		/* Nobody but root can give a file away: this shows. */
		CU_ASSERT_EQUAL(f.fd, -1);
		CU_ASSERT_PTR_NOT_NULL(strstr(said, "not permitted|"));
	}
	end(&f);
}

static void
test_unused(void)
{
	struct log_file f;

	log_file_open(&f, "", NULL);
	CU_ASSERT_EQUAL(f.fd, -1);
	log_file_close(&f);
}

CU_TestInfo unit_tests[] = {
	{ "lines are appended, also after truncation", test_append },
	{ "a rotated file is followed within a second", test_rotation },
	{ "a failed reopening keeps the old file, logged once",
		test_failed_rotation },
	{ "links and pipes are no log files", test_not_ours },
	{ "a partial line is taken back", test_no_room },
	{ "a partial line that cannot be taken back", test_append_only },
	{ "a full disk: lines are counted and reported", test_full_device },
	{ "the file belongs to the recorder's account", test_owner },
	{ "no path, no file", test_unused },
	CU_TEST_INFO_NULL,
};
