/*
 * test_reason.c - the texts that clients get for an errno.
 */
#include "common/base.h"

#include "tests/unit/unit.h"
#include "common/permissions.h"
#include "worker/reason.h"

const char *const unit_name = "reason";

static void
test_words(void)
{
	static const struct {
		int error;
		const char *text;
	} rows[] = {
		{ ENOENT, "No such file or directory" },
		{ EACCES, "Permission denied" }, { EPERM, "Permission denied" },
		{ EEXIST, "File exists" }, { EINVAL, "Invalid file name" },
		{ ETXTBSY, "File is a running program" },
		{ EIO, "Input/output error" },
		{ ESTALE, "Stale file handle" },
		{ ENOTCONN, "Network file system not connected" },
		{ ETIMEDOUT, "Network file system timed out" },
		{ ESPIPE, "File system cannot change parts of files" },
		/* Those without a row: a locked encrypted home, NFS without
		 * locks, a damaged file system. */
		{ ENOKEY, "Required key not available" },
		{ ENOLCK, "No locks available" },
		{ EUCLEAN, "Structure needs cleaning" },
		{ 0, "Local error" }, { REASON_INSIDE + 1, "Local error" },
		{ -1, "Local error" }, { 99999, "Local error" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		CU_ASSERT_STRING_EQUAL(reason_text(rows[i].error),
			rows[i].text);
	CU_ASSERT_STRING_EQUAL(reason_text(permissions_errno(
		PERMISSION_make_directory)),
		"No permission to make directories here");
	/* nothing else has these words, and no bit has none */
	for (uint32_t i = 0; i <= PERMISSIONS; i++) {
		int error = permissions_errno(UINT32_C(1) << i);
		const char *text = reason_text(error);
		bool known = strncmp(text, "No permission to ", 17) == 0;
		CU_ASSERT_EQUAL(known, i < PERMISSIONS);
		CU_ASSERT_EQUAL(reason_code(error, 550), 550);
	}
}

/* RFC 959 4.2.2 */
static void
test_codes(void)
{
	CU_ASSERT_EQUAL(reason_code(ENOENT, 550), 550);
	CU_ASSERT_EQUAL(reason_code(EIO, 451), 451);
	CU_ASSERT_EQUAL(reason_code(ENOSPC, 550), 452);
	CU_ASSERT_EQUAL(reason_code(ENOSPC, 451), 452);
	CU_ASSERT_EQUAL(reason_code(EDQUOT, 451), 552);
	CU_ASSERT_EQUAL(reason_code(EFBIG, 451), 552);
	CU_ASSERT_EQUAL(reason_code(ENAMETOOLONG, 550), 553);
	CU_ASSERT_EQUAL(reason_code(EAGAIN, 550), 450);
	CU_ASSERT_EQUAL(reason_code(99999, 550), 550);
}

CU_TestInfo unit_tests[] = {
	{ "every error shown to clients has a text", test_words },
	{ "errors with their own reply code", test_codes },
	CU_TEST_INFO_NULL,
};
