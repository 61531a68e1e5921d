/*
 * test_file_meanwhile.c - changes of the file by others between the command and
 * its data.
 */
#include "common/base.h"

#include "tests/unit/unit.h"
#include "tests/unit/uploads.h"

#include <fcntl.h>
#include <sys/stat.h>

const char *const unit_name = "file_meanwhile";

static struct file f;

/* Another session removes the file between opening and looking at it. */
static bool removed_at_once;

/* In place of the C library's. */
int
fstat(int fd, struct stat *st)
{
	if (removed_at_once)
		CU_ASSERT_EQUAL(unlink("f"), 0);
	removed_at_once = false;
	return fstatat(fd, "", st, AT_EMPTY_PATH);
}

/* The name is taken between the first look and the file's making. */
static void
test_name_taken_meanwhile(void)
{
	uploads_enter();
	settings.overwrite = OVERWRITE_DENY;
	CU_ASSERT_EQUAL(file_prepare_upload(&tree, &f, "f", UPLOAD_STORE), 0);
	uploads_write("f", "theirs");
	CU_ASSERT_EQUAL(file_begin_upload(&tree, &f, 0), -EEXIST);
	file_close(&f);
	settings.overwrite = OVERWRITE_RENAME;
	for (int i = 0; i < 2; i++) {
		const char *path = i == 0 ? "f" : "g";

		CU_ASSERT_EQUAL(file_prepare_upload(&tree, &f, path,
			UPLOAD_STORE), 0);
		uploads_write(i == 0 ? "f.1" : "g", "theirs");
		CU_ASSERT_EQUAL(file_begin_upload(&tree, &f, 0), 0);
		CU_ASSERT_STRING_EQUAL(f.numbered.path, i == 0 ? "f.2" :
			"g.1");
		CU_ASSERT_EQUAL(file_end_upload(&tree, &f, true), 0);
		file_close(&f);
	}
	uploads_check("f", "theirs");
	uploads_check("f.1", "theirs");
	uploads_check("g", "theirs");
	uploads_leave();
}

/* Both found no file: the second must not cut off what the first writes. */
static void
test_made_by_two(void)
{
	struct file second;

	uploads_enter();
	CU_ASSERT_EQUAL(file_prepare_upload(&tree, &f, "f", UPLOAD_STORE), 0);
	CU_ASSERT_EQUAL(file_prepare_upload(&tree, &second, "f",
		UPLOAD_STORE), 0);
	CU_ASSERT_EQUAL(file_begin_upload(&tree, &f, 0), 0);
	CU_ASSERT_EQUAL(write(f.fd, "first", 5), 5);
	CU_ASSERT_EQUAL(file_begin_upload(&tree, &second, 0), -EAGAIN);
	file_close(&second);
	CU_ASSERT_EQUAL(file_end_upload(&tree, &f, true), 0);
	file_close(&f);
	uploads_check("f", "first");
	uploads_leave();
}

/* Between the command and its data anybody may do anything to the file. */
static void
test_changed_meanwhile(void)
{
	uploads_enter();
	uploads_write("f", "");
	CU_ASSERT_EQUAL(file_prepare_upload(&tree, &f, "f", UPLOAD_STORE), 0);
	uploads_write("f", "grown");
	CU_ASSERT_EQUAL(file_begin_upload(&tree, &f, 0), 0);
	CU_ASSERT_EQUAL(write(f.fd, "abc", 3), 3);
	CU_ASSERT_EQUAL(file_end_upload(&tree, &f, true), 0);
	file_close(&f);
	uploads_check("f", "abc");

	CU_ASSERT_EQUAL(file_prepare_upload(&tree, &f, "f", UPLOAD_RESUME), 0);
	uploads_write("f", "abcdefgh");
	CU_ASSERT_EQUAL(file_begin_upload(&tree, &f, 3), 0);
	CU_ASSERT_EQUAL(write(f.fd, "DE", 2), 2);
	CU_ASSERT_EQUAL(file_end_upload(&tree, &f, true), 0);
	file_close(&f);
	uploads_check("f", "abcDEfgh");

	CU_ASSERT_EQUAL(file_prepare_upload(&tree, &f, "f", UPLOAD_RESUME), 0);
	uploads_write("f", "ab");
	CU_ASSERT_EQUAL(file_begin_upload(&tree, &f, 5), -ENODATA);
	file_close(&f);
	uploads_check("f", "ab");

	CU_ASSERT_EQUAL(file_prepare_upload(&tree, &f, "f", UPLOAD_RESUME), 0);
	CU_ASSERT_EQUAL(unlink("f"), 0);
	CU_ASSERT_EQUAL(file_begin_upload(&tree, &f, 2), -ENODATA);
	file_close(&f);
	CU_ASSERT_EQUAL(access("f", F_OK), -1);
	uploads_leave();
}

/* What would go into a file that has no name any more is lost. */
static void
test_replaced_meanwhile(void)
{
	static const enum upload_kind kinds[] = { UPLOAD_STORE, UPLOAD_APPEND };
	static const char *const replaced[] = { "abc", "otherabc" };

	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
		uploads_enter();
		uploads_write("f", "first");
		CU_ASSERT_EQUAL(file_prepare_upload(&tree, &f, "f", kinds[i]),
			0);
		CU_ASSERT_EQUAL(unlink("f"), 0);
		CU_ASSERT_EQUAL(file_begin_upload(&tree, &f, 0), 0);
		CU_ASSERT_EQUAL(write(f.fd, "abc", 3), 3);
		CU_ASSERT_EQUAL(file_end_upload(&tree, &f, true), 0);
		file_close(&f);
		uploads_check("f", "abc");

		CU_ASSERT_EQUAL(file_prepare_upload(&tree, &f, "f", kinds[i]),
			0);
		uploads_write("g", "other");
		CU_ASSERT_EQUAL(rename("g", "f"), 0);
		CU_ASSERT_EQUAL(file_begin_upload(&tree, &f, 0), 0);
		CU_ASSERT_EQUAL(write(f.fd, "abc", 3), 3);
		CU_ASSERT_EQUAL(file_end_upload(&tree, &f, true), 0);
		file_close(&f);
		uploads_check("f", replaced[i]);
		uploads_leave();
	}
}

/* The same, before it is locked: the command begins again. */
static void
test_removed_at_once(void)
{
	static const enum upload_kind kinds[] = { UPLOAD_STORE, UPLOAD_APPEND };

	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
		uploads_enter();
		uploads_write("f", "first");
		removed_at_once = true;
		CU_ASSERT_EQUAL(file_prepare_upload(&tree, &f, "f", kinds[i]),
			-EAGAIN);
		CU_ASSERT_FALSE(removed_at_once);
		file_close(&f);
		uploads_leave();
	}
}

CU_TestInfo unit_tests[] = {
	{ "a name that is created meanwhile", test_name_taken_meanwhile },
	{ "two uploads that create the same file", test_made_by_two },
	{ "a file that is changed before its data arrive",
		test_changed_meanwhile },
	{ "a file that is removed or replaced meanwhile",
		test_replaced_meanwhile },
	{ "a file that is removed before it is locked", test_removed_at_once },
	CU_TEST_INFO_NULL,
};
