/*
 * test_keeper_service.c - the master's side of a keeper that dies while it
 * starts.
 */
#include "common/base.h"
#include "daemon/services/keeper_service.h"
#include "tests/unit/child.h"
#include "tests/unit/unit.h"

#include "common/clock.h"
#include "common/log/event.h"
#include "common/settings/settings_load.h"

#include <sys/resource.h>

const char *const unit_name = "keeper_service";

static char path[] = "/tmp/sureftpd-unit.XXXXXX";

static void
drop_event(void *context UNUSED, struct event *e UNUSED)
{
}

/* The keeper aborts, because there is no account for it. */
static void
be_master(void)
{
	const struct rlimit none = { 0, 0 };
	char option[64], *options[] = { option };
	int status;

	/* If it kills its own group, the caller stays. */
	child_new_group(0);
	CHILD_CHECK(setrlimit(RLIMIT_CORE, &none) == 0);
	event_divert(drop_event, NULL);
	snprintf(option, sizeof(option), "tls.certificate=%s", path);
	struct settings *settings = settings_load(NULL, true, options, 1,
		NULL, NULL);
	CHILD_CHECK(settings != NULL);
	struct tls_server *tls = tls_server_load(settings, NULL, NULL);
	struct loop *loop = loop_new();
	CHILD_CHECK(tls != NULL && loop != NULL);
	struct keeper_service *k = keeper_service_new(loop, tls);
	CHILD_CHECK(k != NULL && keeper_service_state(k) == KEEPER_STARTING);
	/* Another child's SIGCHLD may be handled before the report. */
	pid_t pid = waitpid(-1, &status, 0);
	CHILD_CHECK(keeper_service_exited(k, pid, status));
	for (int i = 0; i < 100 && keeper_service_state(k) == KEEPER_STARTING;
		i++)
		loop_wait(loop, clock_ms() + 100);
	CHILD_CHECK(keeper_service_state(k) == KEEPER_FAILED);
	CHILD_CHECK(!keeper_service_serves(k) &&
		    keeper_service_due(k, clock_ms()) != CLOCK_NEVER);
	keeper_service_free(k);
	loop_free(loop);
	tls_server_free(tls);
	settings_free(settings);
}

static void
test_reaped_before_its_report(void)
{
	int fd = mkstemp(path);

	CU_ASSERT_FATAL(fd >= 0);
	close(fd);
	unlink(path);
	CU_ASSERT_EQUAL(tls_server_make_certificate(path, "a.b"), 0);
	CU_ASSERT_EQUAL(child_run(be_master), 0);
	unlink(path);
}

CU_TestInfo unit_tests[] = {
	{ "keeper reaped before its report", test_reaped_before_its_report },
	CU_TEST_INFO_NULL,
};
