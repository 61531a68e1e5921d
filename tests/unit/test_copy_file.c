/*
 * test_copy_file.c - a file system that shares blocks is asked first, and
 * gives no more than there is room for.
 */
#include "common/base.h"
#include "worker/data/copy_file.h"

#include "tests/unit/unit.h"

#include <stdarg.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>

const char *const unit_name = "copy_file";

#define TEXT "0123456789"

/* In place of the kernel's: how many bytes the file has got when its blocks are
 * shared; -1: that is not possible here. */
static int64_t shared;

int
ioctl(int fd, unsigned long request, ...)
{
	if (shared < 0) {
		errno = EOPNOTSUPP;
		return -1;
	}
	va_list ap;
	va_start(ap, request);
	int from = va_arg(ap, int);
	va_end(ap);
	return pwrite(from, TEXT, (size_t)shared, 0) == shared &&
		pwrite(fd, TEXT, (size_t)shared, 0) == shared ? 0 : -1;
}

/* Copy five bytes; returns how many the copy has. */
static int64_t
copy(int64_t room, enum transfer_end *end)
{
	struct watch w = { .control_fd = -1, .monitor_fd = -1 };
	int from = memfd_create("from", MFD_CLOEXEC);
	int to = memfd_create("to", MFD_CLOEXEC);
	struct transfer_result r;
	struct stat st;

	CU_ASSERT_EQUAL_FATAL(pwrite(from, TEXT, 5, 0), 5);
	copy_file(&w, from, to, room, &r);
	CU_ASSERT_EQUAL(fstat(to, &st), 0);
	CU_ASSERT_EQUAL(st.st_size, r.bytes);
	CU_ASSERT_EQUAL(r.error, 0);
	close(from);
	close(to);
	*end = r.end;
	return r.bytes;
}

static void
test_copies(void)
{
	enum transfer_end end;

	for (shared = -1; shared <= 5; shared += 6) {
		CU_ASSERT_EQUAL(copy(100, &end), 5);
		CU_ASSERT_EQUAL(end, TRANSFER_COMPLETE);
		CU_ASSERT_EQUAL(copy(5, &end), 5);
		CU_ASSERT_EQUAL(end, TRANSFER_COMPLETE);
		CU_ASSERT_EQUAL(copy(4, &end), 4);
		CU_ASSERT_EQUAL(end, TRANSFER_TOO_LARGE);
	}
}

/* Another session appends to the file meanwhile. */
static void
test_growing(void)
{
	enum transfer_end end;

	shared = 9;
	CU_ASSERT_EQUAL(copy(9, &end), 9);
	CU_ASSERT_EQUAL(end, TRANSFER_COMPLETE);
	CU_ASSERT_EQUAL(copy(7, &end), 7);
	CU_ASSERT_EQUAL(end, TRANSFER_TOO_LARGE);
}

CU_TestInfo unit_tests[] = {
	{ "all is copied that there is room for", test_copies },
	{ "a file that grows gets no more room", test_growing },
	CU_TEST_INFO_NULL
};
