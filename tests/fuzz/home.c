/*
 * home.c - see home.h.
 */
#include "common/base.h"

#include "tests/fuzz/home.h"

#include "tests/fuzz/fuzz.h"

#include <fcntl.h>
#include <sys/stat.h>

#define WHEN   1000000000	/* 2001-09-09, for every entry */
#define SPARSE 300000		/* bytes, of no content */

enum kind { FILE_OF, DIRECTORY, LINK_TO, FIFO };

/* A directory comes before what is in it. */
static const struct {
	const char *name;
	enum kind kind;
	mode_t mode;
	const char *content;	/* or where the link leads */
} entries[] = {
	{ "anna", DIRECTORY, 0755, NULL },
	{ "bob", DIRECTORY, 0700, NULL },
	{ "bob/letter", FILE_OF, 0600, "private\n" },
	{ "anna/a", FILE_OF, 0644, "one\ntwo\r\nthree" },
	{ "anna/empty", FILE_OF, 0644, "" },
	{ "anna/sparse", FILE_OF, 0644, NULL },
	{ "anna/locked", FILE_OF, 0644, "taken" },
	{ "anna/secret", FILE_OF, 0000, "unreadable" },
	{ "anna/readonly", FILE_OF, 0444, "rr" },
	{ "anna/.hidden", FILE_OF, 0644, "h" },
	{ "anna/~", DIRECTORY, 0755, NULL },
	{ "anna/ blank", FILE_OF, 0644, "b" },
	{ "anna/two\r\n213 lines", FILE_OF, 0644, "l" },
	{ "anna/\xff\xfe\"\x1b", FILE_OF, 0644, "bytes" },
	{ "anna/d", DIRECTORY, 0755, NULL },
	{ "anna/d/b", FILE_OF, 0644, "bb" },
	{ "anna/d/e", DIRECTORY, 0755, NULL },
	{ "anna/d/e/f", DIRECTORY, 0755, NULL },
	{ "anna/two\r\n257 names", DIRECTORY, 0755, NULL },
	{ "anna/odd", LINK_TO, 0, "two\r\n257 names" },
	{ "anna/closed", DIRECTORY, 0000, NULL },
	{ "anna/listonly", DIRECTORY, 0444, NULL },
	{ "anna/up", LINK_TO, 0, ".." },
	{ "anna/loop", LINK_TO, 0, "loop" },
	{ "anna/nowhere", LINK_TO, 0, "d/missing\r\n" },
	{ "anna/out", LINK_TO, 0, "/../canary" },
	{ "anna/fifo", FIFO, 0644, NULL },
};

static void
make_file(const char *name, mode_t mode, const char *content)
{
	int fd = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
	size_t len = content != NULL ? strlen(content) : 0;

	fuzz_must(fd >= 0 && write(fd, content, len) == (ssize_t)len, name);
	if (content == NULL)
		fuzz_must(ftruncate(fd, SPARSE) == 0, name);
	close(fd);
}

static void
make(size_t i)
{
	static const struct timespec times[] = { { WHEN, 0 }, { WHEN, 0 } };
	const char *name = entries[i].name;

	switch (entries[i].kind) {
	case FILE_OF:
		make_file(name, entries[i].mode, entries[i].content);
		break;
	case DIRECTORY:
		fuzz_must(mkdir(name, entries[i].mode) == 0, name);
		break;
	case LINK_TO:
		fuzz_must(symlink(entries[i].content, name) == 0, name);
		break;
	case FIFO:
		fuzz_must(mkfifo(name, entries[i].mode) == 0, name);
		break;
	}
	fuzz_must(utimensat(AT_FDCWD, name, times, AT_SYMLINK_NOFOLLOW) == 0,
		name);
}

static int
hold_lock(const char *name)
{
	struct flock whole = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
	int fd = open(name, O_RDWR | O_CLOEXEC);

	fuzz_must(fd >= 0 && fcntl(fd, F_OFD_SETLK, &whole) == 0, name);
	return fd;
}

int
home_make(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(entries); i++)
		make(i);
	fuzz_must(chdir(HOME_DIRECTORY) == 0, HOME_DIRECTORY);
	return hold_lock("locked");
}
