/*
 * test_bans_file.c - when and how the file is written, and what is read of it.
 */
#include "common/base.h"
#include "tests/unit/unit.h"

#include "common/clock.h"
#include "common/settings/settings_load.h"
#include "daemon/bans/bans_file.h"
#include "daemon/bans/scores.h"
#include "tests/refuse.h"
#include "tests/unit/child.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>

const char *const unit_name = "bans_file";

static char path[64], new_path[80], option[100];
static char *const options[] = { option };

/* A name of this run's own. */
static void
choose_path(void)
{
	snprintf(path, sizeof(path), "/tmp/sureftpd-unit-bans.%d",
		(int)getpid());
	snprintf(new_path, sizeof(new_path), "%s.new", path);
	snprintf(option, sizeof(option), "limits.bans_file=%s", path);
}

static struct configuration configuration;
static struct charges *charges;
static struct bans_file file;

/* How often a file was synced, here and in the process that writes it. */
static int *synced;

/* In place of the C library's. */
int
fsync(int fd UNUSED)
{
	(*synced)++;
	return 0;
}

static void
open_file(void)
{
	configuration.settings = settings_load(NULL, true, options, 1, NULL,
		NULL);
	CHILD_CHECK(configuration.settings != NULL);
	charges = charges_new(&configuration);
	CHILD_CHECK(charges != NULL);
	bans_file_open(&file, charges, &configuration);
	CHILD_CHECK(bans_file_due(&file) == CLOCK_NEVER);
}

static void
count_a_failure(void)
{
	const struct score score = { .value = SCORES_LOGIN,
		.last = clock_ms() };

	scores_put(charges_scores(charges, false), &score);
}

/* Failures alone are written rarely; when they cannot be, they are due again
 * later, not at once. */
static void
fail_to_fork(void)
{
	open_file();
	count_a_failure();
	int64_t due = bans_file_due(&file);
	CHILD_CHECK(due > clock_ms() + BANS_FILE_SCORES_MS / 2);
#ifdef SYS_fork
	CHILD_CHECK(refuse_call(SYS_fork, EAGAIN));
#endif
	CHILD_CHECK(refuse_call(SYS_clone3, EAGAIN));
	CHILD_CHECK(refuse_call(SYS_clone, EAGAIN));
	for (int i = 0; i < 3; i++) {
		bans_file_step(&file, due);
		CHILD_CHECK(file.pid == 0 && file.fork_failed);
		/* That the file cannot be written would be logged. */
		CHILD_CHECK(!file.failed);
		CHILD_CHECK(bans_file_due(&file) == due + BANS_FILE_MS);
		due += BANS_FILE_MS;
	}
}

static void
test_no_forks(void)
{
	if (child_skip_without_root("failing forks"))
		return;
	choose_path();
	CU_ASSERT_EQUAL(child_run(fail_to_fork), 0);
}

/* After a crash of the host there is the old file or the new one. */
static void
write_once(void)
{
	open_file();
	count_a_failure();
	bans_file_step(&file, bans_file_due(&file));
	CHILD_CHECK(file.pid > 0);
	bans_file_close(&file);
	CHILD_CHECK(!file.failed && *synced == 1);
	CHILD_CHECK(access(new_path, F_OK) < 0);
	CHILD_CHECK(access(path, F_OK) == 0);
}

static void
run_writer(void (*writer)(void))
{
	if (child_skip_without_root("the process that writes the file"))
		return;
	synced = mmap(NULL, sizeof(*synced), PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	CU_ASSERT_FATAL(synced != MAP_FAILED);
	choose_path();
	CU_ASSERT_EQUAL(child_run(writer), 0);
	munmap(synced, sizeof(*synced));
	(void)unlink(path);
	(void)unlink(new_path);
}

static void
test_synced(void)
{
	run_writer(write_once);
}

/* The file as the writer of a program that was upgraded meanwhile has it. */
static int
begin_other(void)
{
	int fd = open(new_path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

	CHILD_CHECK(flock(fd, LOCK_EX) == 0);
	CHILD_CHECK(write(fd, "half", 4) == 4);
	return fd;
}

static void
write_beside_another(void)
{
	struct stat before, after;

	open_file();
	int other = begin_other();
	CHILD_CHECK(fstat(other, &before) == 0);
	count_a_failure();
	bans_file_step(&file, bans_file_due(&file));
	CHILD_CHECK(file.pid > 0);
	/* It waits; there is no event for that. */
	clock_sleep_until(clock_ms() + 100);
	CHILD_CHECK(rename(new_path, path) == 0);
	CHILD_CHECK(fstat(other, &after) == 0 && after.st_size == 4);
	close(other);
	bans_file_close(&file);
	CHILD_CHECK(!file.failed);
	CHILD_CHECK(stat(path, &after) == 0 && after.st_size > 4 &&
		after.st_ino != before.st_ino);
	CHILD_CHECK(access(new_path, F_OK) < 0);
}

static void
test_two_writers(void)
{
	run_writer(write_beside_another);
}

static bool
is_banned(const char *text, size_t len)
{
	struct address banned;
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	CHILD_CHECK(write(fd, text, len) == (ssize_t)len);
	close(fd);
	open_file();
	CHILD_CHECK(address_parse(&banned, "192.0.2.1") == 0);
	return charges_banned(charges, &banned);
}

/* A NUL must not hide what follows it. */
static void
read_with_nul(void)
{
	static const char text[] = "# bans of sureftpd, version 1\n"
		"192.0.2.1 never manual x\n";

	CHILD_CHECK(is_banned(text, sizeof(text) - 1));
	CHILD_CHECK(!is_banned(text, sizeof(text)));
}

static void
test_nul(void)
{
	choose_path();
	CU_ASSERT_EQUAL(child_run(read_with_nul), 0);
	(void)unlink(path);
}

CU_TestInfo unit_tests[] = {
	{ "failures that cannot be written", test_no_forks },
	{ "the new file is synced before it replaces the old one",
		test_synced },
	{ "two processes write it", test_two_writers },
	{ "a file with a NUL is ignored", test_nul },
	CU_TEST_INFO_NULL,
};
