/*
 * functional.c - runs one suite in its private world and prints the counts.
 *
 * The last line, "NAME: N passed, N failed[, N skipped]", is read by the
 * runner.  Runs in: the suite's process.
 */
#include "common/base.h"
#include "tests/functional/functional.h"

#include "common/clock.h"
#include "common/text.h"
#include "tests/functional/world.h"

#include <CUnit/Basic.h>

bool
check_at(const char *file, int line, bool held, const char *format, ...)
{
	char text[1024];
	va_list ap;

	va_start(ap, format);
	vsnprintf(text, sizeof(text), format, ap);
	va_end(ap);
	CU_assertImplementation(held ? CU_TRUE : CU_FALSE, (unsigned)line, text,
		file, "", CU_FALSE);
	return held;
}

bool
check_number(const char *file, int line, const char *what, long long actual,
	long long expected)
{
	return check_at(file, line, actual == expected, "%s is %lld, not %lld",
		what, actual, expected);
}

bool
check_text(const char *file, int line, const char *what, const char *actual,
	const char *expected)
{
	return check_at(file, line, strcmp(actual, expected) == 0,
		"%s is \"%.400s\", not \"%.400s\"", what, actual, expected);
}

bool
check_has(const char *file, int line, const char *what, const char *text,
	const char *part, bool wanted)
{
	bool found = strstr(text, part) != NULL;

	return check_at(file, line, found == wanted,
		"%s %s \"%.200s\": \"%.600s\"", what,
		wanted ? "lacks" : "has", part, text);
}

bool
check_reply(const char *file, int line, const struct ftp *ftp, int expected)
{
	BUFFER(text, 800);

	text_escape(&text, ftp->text, ftp->len < 180 ? ftp->len : 180);
	return check_at(file, line, ftp->code == expected,
		"\"%.120s\" should get %d, got %d (%s)", ftp->sent, expected,
		ftp->code, buffer_text(&text));
}

void
check_refused(const char *user, const char *password, const char *reason)
{
	size_t mark = logged_mark();
	struct ftp c;

	CHECK_NUMBER(ftp_connect(&c), 220);
	uint64_t session = logged_session(mark);
	CHECK_NUMBER(ftp_login(&c, user, password), 530);
	CHECK_TEXT(c.text, "530 Login incorrect.");
	CHECK_LOGGED(mark, "warning session=%ju peer=127.0.0.1 user=%s login "
		"failed: %s", (uintmax_t)session, user, reason);
	ftp_close(&c);
}

static int64_t test_began;	/* set before each test */

static void
begin_test(void)
{
	world_fresh();
	test_began = clock_ms();
}

/* A sanitizer's report ends one process of the daemon, which a test might
 * take for a lost session. */
static void
end_test(void)
{
	const char *log = server_log();
	const char *report = strstr(log, "Sanitizer");

	if (report == NULL)
		report = strstr(log, "runtime error:");
	CHECK_SAYS(report == NULL, "%.900s", report == NULL ? "" : report);
	world_kill_all();
	printf("[%lld ms] ", (long long)(clock_ms() - test_began));
}

static int
run_suite(void)
{
	CU_SuiteInfo suites[] = {
		{ functional_name, NULL, NULL, begin_test, end_test,
			functional_tests },
		CU_SUITE_INFO_NULL,
	};

	if (CU_initialize_registry() != CUE_SUCCESS ||
	    CU_register_suites(suites) != CUE_SUCCESS) {
		fprintf(stderr, "%s: %s\n", functional_name,
			CU_get_error_msg());
		return 2;
	}
	CU_basic_set_mode(CU_BRM_VERBOSE);
	CU_basic_run_tests();

	unsigned failed = CU_get_number_of_tests_failed();
	unsigned run = CU_get_number_of_tests_run();
	CU_cleanup_registry();
	printf("\n%s: %u passed, %u failed\n", functional_name, run - failed,
		failed);
	fflush(stdout);
	return failed > 0 || run == 0;
}

static int
skip_suite(const char *reason)
{
	unsigned count = 0;

	while (functional_tests[count].pName != NULL)
		count++;
	printf("%s: 0 passed, 0 failed, %u skipped (%s)\n", functional_name,
		count, reason);
	return 0;
}

/* An argument chooses the tests whose name contains it. */
static void
choose_tests(const char *part)
{
	size_t kept = 0;

	for (size_t i = 0; functional_tests[i].pName != NULL; i++) {
		if (strstr(functional_tests[i].pName, part) != NULL)
			functional_tests[kept++] = functional_tests[i];
	}
	functional_tests[kept] = (CU_TestInfo)CU_TEST_INFO_NULL;
}

int
main(int argc, char *argv[])
{
	const char *reason = world_enter(functional_name);

	if (reason != NULL)
		return skip_suite(reason);
	if (argc > 1)
		choose_tests(argv[1]);
	setvbuf(stdout, NULL, _IOLBF, 0);
	int status = run_suite();
	fflush(stdout);
	/* No leak check here: a test that failed leaves its client open. */
	_exit(status);
}
