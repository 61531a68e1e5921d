/*
 * test_radius_reports.c - the queue of accounting reports while no server
 * answers.
 */
#include "common/base.h"
#include "daemon/radius/reports.h"

#include "common/io.h"
#include "common/log/log.h"
#include "common/process/service_socket.h"
#include "daemon/recorder/intake.h"
#include "tests/unit/unit.h"

const char *const unit_name = "radius_reports";

/* They live as long as the process radius. */
static struct radius_reports *full, *unused;

/* The last line of the log, after `count` lines. */
static void
expect_lines(struct intake *intake, size_t count, const char *last)
{
	const struct event *e = NULL;

	for (size_t n = 0; n < count; n++)
		while ((e = intake_next(intake)) == NULL)
			if (!intake_wait(intake))
				break;
	CU_ASSERT_PTR_NOT_NULL_FATAL(e);
	CU_ASSERT_STRING_EQUAL(e->text, last);
	CU_ASSERT_PTR_NULL(intake_next(intake));
}

static void
test_full_queue(void)
{
	static struct radius_servers servers = { .count = 1 };
	static struct radius_accounting report;
	static uint32_t waiting;
	int service[2];

	CU_ASSERT_EQUAL_FATAL(service_socket_pair(service, 1 << 20), 0);
	struct intake *intake = intake_new(service[0], -1, geteuid(), 0);
	CU_ASSERT_PTR_NOT_NULL_FATAL(intake);
	log_connect(service[1]);
	full = radius_reports_new(NULL, &servers, &waiting);
	CU_ASSERT_PTR_NOT_NULL_FATAL(full);
	for (size_t i = 0; i < RADIUS_REPORTS_MAX; i++)
		radius_reports_add(full, &report, 1);
	CU_ASSERT_EQUAL(radius_reports_count(full), RADIUS_REPORTS_MAX);
	/* More are dropped; a line about it comes at once, others later. */
	for (int64_t now = 1; now < 4; now++)
		radius_reports_add(full, &report, now);
	radius_reports_add(full, &report, 20000);
	log_connect(-1);
	expect_lines(intake, 2, "accounting reports were dropped, because no "
		"RADIUS server has confirmed earlier ones: 3");
	intake_free(intake);
	io_close(&service[0]);
	io_close(&service[1]);
	CU_ASSERT_EQUAL(radius_reports_count(full), RADIUS_REPORTS_MAX);
	CU_ASSERT_EQUAL(waiting, RADIUS_REPORTS_MAX);
}

/* Without accounting servers nothing is kept. */
static void
test_no_server(void)
{
	static struct radius_servers servers;
	static struct radius_accounting report;
	static uint32_t waiting;

	unused = radius_reports_new(NULL, &servers, &waiting);
	CU_ASSERT_PTR_NOT_NULL_FATAL(unused);
	radius_reports_add(unused, &report, 1);
	CU_ASSERT_EQUAL(radius_reports_count(unused), 0);
	CU_ASSERT_EQUAL(waiting, 0);
}

CU_TestInfo unit_tests[] = {
	{ "a full queue", test_full_queue },
	{ "no accounting servers", test_no_server },
	CU_TEST_INFO_NULL
};
