/*
 * test_host_check.c - what --check cannot see, because another account than
 * root runs it, is not reported as missing.
 */
#include "common/base.h"
#include "daemon/modes/host_check.h"

#include "tests/unit/scratch.h"
#include "tests/unit/unit.h"
#include "tests/unit/with_settings.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#define NOBODY 65534

const char *const unit_name = "host_check";

static size_t
warnings(const struct scratch *t, uid_t uid)
{
	char text[1000];
	struct complaints c;

	snprintf(text, sizeof(text), "[auth]\nbackends = file\n"
		"accounts_file = %1$s/d/f\n[events]\non_login = %1$s/d/f\n"
		"[log]\ntext_file = %1$s/d/in/f\n[limits]\n"
		"bans_file = %1$s/d/in/f\n[session]\nupload_check = %1$s/d/f\n",
		t->top);
	struct settings *s = with_text(text, &c);
	CU_ASSERT_PTR_NOT_NULL_FATAL(s);
	CU_ASSERT_EQUAL(seteuid(uid), 0);
	size_t count = host_check(s, with_complaint, &c);
	CU_ASSERT_EQUAL(seteuid(0), 0);
	settings_free(s);
	return count;
}

static void
test_closed_directory(void)
{
	struct scratch t;

	scratch_open(&t);
	CU_ASSERT_EQUAL(chmod(".", 0755), 0);
	scratch_directory("d");
	scratch_directory("d/in");
	scratch_file("d/f", 1, 0);
	CU_ASSERT_EQUAL(chmod("d/f", 0755), 0);
	CU_ASSERT_EQUAL(warnings(&t, 0), 0);
	CU_ASSERT_EQUAL(chmod("d", 0700), 0);
	CU_ASSERT_EQUAL(warnings(&t, NOBODY), 0);
	CU_ASSERT_EQUAL(unlink("d/f"), 0);
	CU_ASSERT_EQUAL(rmdir("d/in"), 0);
	CU_ASSERT_EQUAL(warnings(&t, 0), 5);
	scratch_close(&t);
}

CU_TestInfo unit_tests[] = {
	{ "directories that are closed to who checks", test_closed_directory },
	CU_TEST_INFO_NULL,
};
