/*
 * test_quota_link.c - a session never begins without the quota of its account.
 */
#include "common/base.h"
#include "tests/unit/unit.h"
#include "tests/unit/with_settings.h"

#include "pam/quota_link.h"

#include <sys/resource.h>

const char *const unit_name = "quota_link";

static int
open_link(struct quota_link *l, const char *option, int *fd)
{
	struct complaints complaints;
	struct settings *settings = OPTIONS(&complaints, option);
	struct identity identity = { .user = "anna", .home = "/" };

	CU_ASSERT_PTR_NOT_NULL_FATAL(settings);
	identity.settings = &settings->user;
	int error = quota_link_open(l, -1, &identity, 1, fd);
	settings_free(settings);
	return error;
}

static void
test_no_quota(void)
{
	struct quota_link l = { .fd = -1 };
	int fd = 0;

	CU_ASSERT_EQUAL(open_link(&l, "limits.max_clients=5", &fd), 0);
	CU_ASSERT_EQUAL(fd, -1);
	quota_link_close(&l);
}

static void
test_without_bookkeeper(void)
{
	struct quota_link l = { .fd = -1 };
	char byte;
	int fd = -1;

	CU_ASSERT_EQUAL(open_link(&l, "quota.quota_bytes=5", &fd), 0);
	CU_ASSERT_FATAL(fd >= 0);
	/* Its other end is closed. */
	CU_ASSERT_EQUAL(read(fd, &byte, 1), 0);
	close(fd);
	quota_link_close(&l);
}

static void
test_no_descriptors(void)
{
	struct quota_link l = { .fd = -1 };
	struct rlimit limit, none;
	int fd = 0;

	CU_ASSERT_EQUAL_FATAL(getrlimit(RLIMIT_NOFILE, &limit), 0);
	none = limit;
	none.rlim_cur = 0;
	CU_ASSERT_EQUAL_FATAL(setrlimit(RLIMIT_NOFILE, &none), 0);
	int error = open_link(&l, "quota.quota_bytes=5", &fd);
	CU_ASSERT_EQUAL(setrlimit(RLIMIT_NOFILE, &limit), 0);
	CU_ASSERT_EQUAL(error, -EMFILE);
	CU_ASSERT_EQUAL(fd, -1);
	quota_link_close(&l);
}

CU_TestInfo unit_tests[] = {
	{ "an account without a quota has no channel", test_no_quota },
	{ "without a bookkeeper nothing can be stored",
		test_without_bookkeeper },
	{ "without descriptors there is no login", test_no_descriptors },
	CU_TEST_INFO_NULL,
};
