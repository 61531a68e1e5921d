/*
 * test_hidden.c - temporary files of uploads left by a crash, and their
 * removal.
 */
#include "common/base.h"

#include "common/settings/settings.h"
#include "tests/unit/scratch.h"
#include "tests/unit/unit.h"
#include "tests/unit/uploads.h"
#include "worker/tree/file_end.h"
#include "worker/tree/lock.h"

#include <fcntl.h>

const char *const unit_name = "hidden";

#define HIDDEN ".sureftpd-upload.0123456789abcdef"

static struct file f;
static bool named;

static void
test_names(void)
{
	static const char *const others[] = { "", ".", ".sureftpd-upload.",
		".sureftpd-upload.0123456789abcde", HIDDEN "0", ("x" HIDDEN),
		".sureftpd-upload.0123456789ABCDEF" };

	CU_ASSERT(hidden_is_name(HIDDEN));
	for (size_t i = 0; i < ARRAY_SIZE(others); i++)
		CU_ASSERT_FALSE(hidden_is_name(others[i]));
}

static void
test_clean(void)
{
	struct hidden_state fresh = { .named_only = false };

	named = false;
	uploads_enter_atomic(named);
	uploads_write(HIDDEN, "left");
	uploads_write(".sureftpd-upload.0123456789abcdeX", "somebody's");
	uploads_write(".sureftpd-upload.ffffffffffffffff", "running");
	int fd = open(".sureftpd-upload.ffffffffffffffff",
		O_WRONLY | O_CLOEXEC);
	CU_ASSERT_EQUAL(lock_file(fd, F_WRLCK), 0);
	CU_ASSERT_EQUAL(symlink("/etc/passwd",
		".sureftpd-upload.eeeeeeeeeeeeeeee"), 0);
	/* Of others: theirs to remove. */
	hidden_clean(&tree.resolver, &tree.hidden, AT_FDCWD, 12345, 1000);
	CU_ASSERT_EQUAL(access(HIDDEN, F_OK), 0);
	tree.hidden = fresh;
	file_clean_directory(&tree);
	CU_ASSERT_EQUAL(access(HIDDEN, F_OK), -1);
	CU_ASSERT_EQUAL(access(".sureftpd-upload.0123456789abcdeX", F_OK), 0);
	uploads_check(".sureftpd-upload.ffffffffffffffff", "running");
	CU_ASSERT(uploads_is_link(".sureftpd-upload.eeeeeeeeeeeeeeee"));
	close(fd);
	/* Once in a session, and also before an upload. */
	file_clean_directory(&tree);
	CU_ASSERT_EQUAL(access(".sureftpd-upload.ffffffffffffffff", F_OK), 0);
	tree.hidden = fresh;
	uploads_begin(&f, "f", "x");
	CU_ASSERT_EQUAL(access(".sureftpd-upload.ffffffffffffffff", F_OK),
		-1);
	CU_ASSERT_EQUAL(uploads_end(&f, true), 0);
	uploads_leave();
}

/* A running upload is not taken for a crashed one's. */
static void
test_clean_spares_the_living(void)
{
	struct tree another;

	named = true;
	uploads_enter_atomic(named);
	another = tree;
	uploads_begin(&f, "f", "whole");
	file_clean_directory(&another);
	CU_ASSERT_EQUAL(uploads_end(&f, true), 0);
	uploads_check("f", "whole");
	uploads_leave();
}

CU_TestInfo unit_tests[] = {
	{ "hidden names", test_names },
	{ "files left by a crash are removed", test_clean },
	{ "files in use are not removed", test_clean_spares_the_living },
	CU_TEST_INFO_NULL,
};
