/*
 * test_file_meanwhile.c - what happens to a file between the command to upload
 * to it and the data.
 */
#include "common/base.h"

#include "common/settings/settings.h"
#include "tests/unit/scratch.h"
#include "tests/unit/unit.h"
#include "worker/tree/file_end.h"

#include <fcntl.h>

const char *const unit_name = "file_meanwhile";

static struct scratch scratch;
static struct user_settings settings;
static struct tree tree;
static struct file f;

static void
enter(void)
{
	static const struct identity identity = { .client_home = "/nonexistent",
		.permissions = UINT32_MAX, .settings = &settings };

	scratch_open(&scratch);
	settings = (struct user_settings){
		.upload_locking = true,
		.file_mode = 0666,
		.incomplete_uploads = INCOMPLETE_DELETE,
	};
	tree_init(&tree, &identity);
}

static void
leave(void)
{
	scratch_close(&scratch);
}

static void
write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);

	CU_ASSERT_EQUAL_FATAL(write(fd, text, strlen(text)),
		(ssize_t)strlen(text));
	close(fd);
}

static void
check_content(const char *path, const char *text)
{
	char data[64] = "";
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	CU_ASSERT(fd >= 0);
	CU_ASSERT_EQUAL(read(fd, data, sizeof(data) - 1),
		(ssize_t)strlen(text));
	CU_ASSERT_STRING_EQUAL(data, text);
	close(fd);
}

/* The data, after file_begin_upload(). */
static void
receive(const char *text)
{
	CU_ASSERT_EQUAL(write(f.fd, text, strlen(text)),
		(ssize_t)strlen(text));
	CU_ASSERT_EQUAL(file_end_upload(&tree, &f, true), 0);
	file_close(&f);
}

/* Between the command and its data anybody may do anything to the file. */
static void
test_changed_meanwhile(void)
{
	enter();
	write_file("f", "");
	CU_ASSERT_EQUAL(file_prepare_upload(&tree, &f, "f", UPLOAD_STORE), 0);
	write_file("f", "grown");
	CU_ASSERT_EQUAL(file_begin_upload(&tree, &f, 0), 0);
	receive("abc");
	check_content("f", "abc");

	CU_ASSERT_EQUAL(file_prepare_upload(&tree, &f, "f", UPLOAD_RESUME),
		0);
	write_file("f", "abcdefgh");
	CU_ASSERT_EQUAL(file_begin_upload(&tree, &f, 3), 0);
	receive("DE");
	check_content("f", "abcDE");

	CU_ASSERT_EQUAL(file_prepare_upload(&tree, &f, "f", UPLOAD_RESUME),
		0);
	write_file("f", "ab");
	CU_ASSERT_EQUAL(file_begin_upload(&tree, &f, 5), -ENODATA);
	file_close(&f);
	check_content("f", "ab");
	leave();
}

/* What would go into a file that has no name any more is lost. */
static void
test_replaced_meanwhile(void)
{
	static const enum upload_kind kinds[] = { UPLOAD_STORE, UPLOAD_APPEND };
	static const char *const replaced[] = { "abc", "otherabc" };

	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
		enter();
		write_file("f", "first");
		CU_ASSERT_EQUAL(file_prepare_upload(&tree, &f, "f", kinds[i]),
			0);
		CU_ASSERT_EQUAL(unlink("f"), 0);
		CU_ASSERT_EQUAL(file_begin_upload(&tree, &f, 0), 0);
		receive("abc");
		check_content("f", "abc");

		CU_ASSERT_EQUAL(file_prepare_upload(&tree, &f, "f", kinds[i]),
			0);
		write_file("g", "other");
		CU_ASSERT_EQUAL(rename("g", "f"), 0);
		CU_ASSERT_EQUAL(file_begin_upload(&tree, &f, 0), 0);
		receive("abc");
		check_content("f", replaced[i]);
		leave();
	}
}

CU_TestInfo unit_tests[] = {
	{ "a file that was changed before its data come",
		test_changed_meanwhile },
	{ "and one that was removed or replaced", test_replaced_meanwhile },
	CU_TEST_INFO_NULL,
};
