/*
 * test_same_file.c - removing exactly the file that is open, whatever others
 * put in its place meanwhile.
 */
#include "common/base.h"

#include "tests/unit/unit.h"
#include "tests/unit/uploads.h"
#include "worker/tree/same_file.h"

#include <fcntl.h>
#include <sys/syscall.h>

const char *const unit_name = "same_file";

/* What others do just before the first and the second rename of a removal. */
static void (*others[2])(void);
static size_t renames;

/* In place of the C library's. */
int
renameat2(int from, const char *old, int to, const char *new, unsigned flags)
{
	size_t n = renames++;

	if (n < ARRAY_SIZE(others) && others[n] != NULL)
		others[n]();
	return (int)syscall(SYS_renameat2, from, old, to, new, flags);
}

static void
replace(void)
{
	uploads_write("g", "theirs");
	CU_ASSERT_EQUAL(rename("g", "f"), 0);
}

static void
create(void)
{
	uploads_write("f", "newest");
}

/* Write and open the file, then have it removed by its name. */
static enum same_file_result
remove_it(void (*before)(void), void (*first)(void), void (*second)(void))
{
	uploads_enter();
	uploads_write("f", "ours");
	int fd = open("f", O_RDONLY | O_CLOEXEC);
	if (before != NULL)
		before();
	others[0] = first;
	others[1] = second;
	renames = 0;
	enum same_file_result result = same_file_remove(AT_FDCWD, "f", fd);
	close(fd);
	return result;
}

static void
test_removed(void)
{
	CU_ASSERT_EQUAL(remove_it(NULL, NULL, NULL), SAME_FILE_REMOVED);
	CU_ASSERT_EQUAL(access("f", F_OK), -1);
	uploads_leave();
}

static void
test_another(void)
{
	CU_ASSERT_EQUAL(remove_it(replace, NULL, NULL), SAME_FILE_KEPT);
	uploads_check("f", "theirs");
	uploads_leave();
}

/* It is only seen under its hidden name that it is another, and gets its name
 * back. */
static void
test_replaced_meanwhile(void)
{
	CU_ASSERT_EQUAL(remove_it(NULL, replace, NULL), SAME_FILE_KEPT);
	uploads_check("f", "theirs");
	uploads_leave();
	CU_ASSERT_EQUAL(remove_it(NULL, replace, create), SAME_FILE_OTHER);
	uploads_check("f", "newest");
	uploads_leave();
}

CU_TestInfo unit_tests[] = {
	{ "the open file is removed", test_removed },
	{ "another file of this name is kept", test_another },
	{ "a file that gets the name meanwhile", test_replaced_meanwhile },
	CU_TEST_INFO_NULL,
};
