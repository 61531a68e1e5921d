/*
 * test_bans_file.c - when the file is written, where no child can be forked.
 */
#include "common/base.h"
#include "tests/unit/unit.h"

#include "common/clock.h"
#include "common/settings/settings_load.h"
#include "daemon/bans/bans_file.h"
#include "daemon/bans/scores.h"
#include "tests/refuse.h"
#include "tests/unit/child.h"

#include <sys/syscall.h>

const char *const unit_name = "bans_file";

static char option[] = "limits.bans_file=/tmp/sureftpd-unit-no-bans";
static char *const options[] = { option };

static struct configuration configuration;
static struct charges *charges;
static struct bans_file file;

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
	CU_ASSERT_EQUAL(child_run(fail_to_fork), 0);
}

CU_TestInfo unit_tests[] = {
	{ "failures that cannot be written", test_no_forks },
	CU_TEST_INFO_NULL,
};
