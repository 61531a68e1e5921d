/*
 * unit.c - runs one suite and closes with its count.
 *
 * The last line, "N passed, N failed", is read by tests/run.
 */
#include "common/base.h"

#include "tests/unit/unit.h"

#include <CUnit/Basic.h>
#include <sys/pidfd.h>

/* Seconds.  No suite takes a minute: one that hangs ends, even where nobody
 * watches. */
#define LONGEST 300

static bool
await(int fd, short events, int ms)
{
	struct pollfd p = { .fd = fd, .events = events };

	return poll(&p, 1, ms) == 1;
}

bool
unit_await(int fd, short events)
{
	return await(fd, events, 5000);
}

bool
unit_await_exit(pid_t pid)
{
	int fd = pidfd_open(pid, 0);
	bool exited = fd < 0 ? errno == ESRCH : await(fd, POLLIN, 10000);

	if (fd >= 0)
		close(fd);
	return exited;
}

int
main(void)
{
	CU_SuiteInfo suites[] = {
		{ unit_name, NULL, NULL, NULL, NULL, unit_tests },
		CU_SUITE_INFO_NULL,
	};

	/* What the caller has open is not for the tests: they count. */
	close_range(STDERR_FILENO + 1, ~0U, 0);
	if (CU_initialize_registry() != CUE_SUCCESS ||
	    CU_register_suites(suites) != CUE_SUCCESS) {
		fprintf(stderr, "%s: %s\n", unit_name, CU_get_error_msg());
		return 2;
	}
	CU_basic_set_mode(CU_BRM_NORMAL);
	alarm(LONGEST);
	CU_basic_run_tests();

	unsigned failed = CU_get_number_of_tests_failed();
	unsigned run = CU_get_number_of_tests_run();
	CU_cleanup_registry();
	printf("%s: %u passed, %u failed\n", unit_name, run - failed, failed);
	return failed > 0 || run == 0;
}
