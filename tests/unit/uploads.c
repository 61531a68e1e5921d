/*
 * uploads.c - a tree to upload to.
 */
#include "common/base.h"

#include "tests/unit/scratch.h"
#include "tests/unit/unit.h"
#include "tests/unit/uploads.h"

#include <fcntl.h>

struct user_settings settings;
struct tree tree;

static struct scratch scratch;

void
uploads_enter(void)
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

void
uploads_enter_atomic(bool named)
{
	uploads_enter();
	umask(022);
	settings.atomic_uploads = true;
	settings.max_list_entries = 1000;
	tree.hidden.named_only = named;
}

void
uploads_leave(void)
{
	scratch_close(&scratch);
}

const char *
uploads_top(void)
{
	return scratch.top;
}

void
uploads_write(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);

	CU_ASSERT_EQUAL_FATAL(write(fd, text, strlen(text)),
		(ssize_t)strlen(text));
	close(fd);
}

void
uploads_check(const char *path, const char *text)
{
	char data[64] = "";
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	CU_ASSERT(fd >= 0);
	CU_ASSERT_EQUAL(read(fd, data, sizeof(data) - 1),
		(ssize_t)strlen(text));
	CU_ASSERT_STRING_EQUAL(data, text);
	close(fd);
}

void
uploads_begin(struct file *f, const char *path, const char *text)
{
	CU_ASSERT_EQUAL_FATAL(file_prepare_upload(&tree, f, path,
		UPLOAD_STORE), 0);
	CU_ASSERT_EQUAL_FATAL(file_begin_upload(&tree, f, 0), 0);
	CU_ASSERT_EQUAL(write(f->fd, text, strlen(text)),
		(ssize_t)strlen(text));
}

int
uploads_end(struct file *f, bool complete)
{
	int error = file_end_upload(&tree, f, complete);

	file_close(f);
	return error;
}

bool
uploads_is_link(const char *path)
{
	struct stat st;

	return lstat(path, &st) == 0 && S_ISLNK(st.st_mode);
}
