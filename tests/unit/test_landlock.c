/*
 * test_landlock.c - the access rights of a process for each permission letter.
 */
#include "common/base.h"
#include "common/process/landlock.h"

#include "common/permissions.h"
#include "common/settings/settings.h"
#include "tests/unit/child.h"
#include "tests/unit/scratch.h"
#include "tests/unit/unit.h"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/stat.h>

const char *const unit_name = "landlock";

static struct scratch scratch;
static struct identity_directory directory = { .fd = -1 };
static struct identity identity;
static const struct user_settings settings;

static bool
available(void)
{
	if (landlock_version() > 0)
		return true;
	printf("this kernel has no Landlock: not tested\n");
	return false;
}

/* f and d/f in the scratch directory. */
static void
open_tree(void)
{
	scratch_open(&scratch);
	scratch_directory("d");
	scratch_file("f", 3, 0);
	scratch_file("d/f", 3, 0);
	identity = (struct identity){ .root = -1, .settings = &settings };
}

static void
enter(uint32_t permissions)
{
	identity.permissions = permissions;
	CHILD_CHECK(prctl(PR_SET_NO_NEW_PRIVS, 1UL, 0UL, 0UL, 0UL) == 0);
	CHILD_CHECK(landlock_enter(&identity) == 0);
}

static bool
opens(const char *path, int flags)
{
	int fd = open(path, flags | O_CLOEXEC, 0600);

	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

static bool
makes(const char *path)
{
	return mkdir(path, 0700) == 0;
}

/* Looked at and entered it always can be: the kernel's modes decide. */
static void
nothing(void)
{
	struct stat st;

	enter(0);
	CHILD_CHECK(stat("d/f", &st) == 0 && chdir("d") == 0);
	CHILD_CHECK(opens(".", O_PATH) && chdir("..") == 0);
	CHILD_CHECK(!opens("f", O_RDONLY) && !opens("f", O_WRONLY));
	CHILD_CHECK(!opens("d", O_RDONLY) && !opens("new", O_WRONLY | O_CREAT));
	CHILD_CHECK(!makes("new") && unlink("f") < 0 && rename("f", "g") < 0);
	CHILD_CHECK(symlink("f", "l") < 0 && link("f", "l") < 0);
	CHILD_CHECK(truncate("f", 0) < 0 && rmdir("d") < 0);
	CHILD_CHECK(!opens("/etc/passwd", O_RDONLY));
}

static void
reader(void)
{
	enter(PERMISSIONS_TO_READ);
	CHILD_CHECK(opens("f", O_RDONLY) && opens("d", O_RDONLY));
	CHILD_CHECK(!opens("f", O_WRONLY) && !opens("f", O_RDWR));
	CHILD_CHECK(!opens("new", O_WRONLY | O_CREAT) && !makes("new"));
	CHILD_CHECK(unlink("f") < 0 && rename("f", "g") < 0);
	CHILD_CHECK(truncate("f", 0) < 0);
}

static void
writer(void)
{
	enter(PERMISSION_store);
	CHILD_CHECK(opens("new", O_WRONLY | O_CREAT | O_EXCL));
	CHILD_CHECK(opens("f", O_WRONLY | O_TRUNC));
	CHILD_CHECK(!opens("f", O_RDONLY) && !opens(".", O_RDONLY));
	CHILD_CHECK(!makes("dir") && rmdir("d") < 0);
	CHILD_CHECK(symlink("f", "l") < 0 && mkfifo("p", 0600) < 0);
	CHILD_CHECK(rename("f", "new") == 0);
	CHILD_CHECK(rename("new", "d/new") < 0);
}

static void
appender(void)
{
	enter(PERMISSION_append);
	CHILD_CHECK(opens("new", O_WRONLY | O_CREAT | O_APPEND));
	CHILD_CHECK(unlink("f") < 0 && rename("f", "g") < 0);
	CHILD_CHECK(landlock_version() < 3 || !opens("f", O_WRONLY | O_TRUNC));
}

static void
renamer(void)
{
	enter(PERMISSION_rename);
	CHILD_CHECK(rename("f", "d/g") == 0 && rename("d/g", "h") == 0);
	CHILD_CHECK(mkfifo("p", 0600) == 0 || errno == EACCES);
	CHILD_CHECK(rename("d", "e") == 0);
	CHILD_CHECK(!opens("h", O_RDONLY) && !opens("h", O_WRONLY));
}

static void
deleter(void)
{
	enter(PERMISSION_delete | PERMISSION_make_directory);
	CHILD_CHECK(unlink("d/f") == 0 && rmdir("d") == 0 && makes("d"));
	CHILD_CHECK(rename("f", "g") < 0 && !opens("x", O_WRONLY | O_CREAT));
}

/* More in one directory, and as much elsewhere as was said. */
static void
in_directory(void)
{
	directory.permissions = PERMISSION_store;
	enter(PERMISSION_retrieve);
	CHILD_CHECK(opens("d/new", O_WRONLY | O_CREAT));
	CHILD_CHECK(opens("d/f", O_RDONLY) && opens("f", O_RDONLY));
	CHILD_CHECK(!opens("new", O_WRONLY | O_CREAT));
	CHILD_CHECK(!opens("f", O_WRONLY));
}

/* Rights that grow on the way would forbid a rename. */
static void
renames_into_directory(void)
{
	directory.permissions = PERMISSION_store | PERMISSION_rename;
	enter(PERMISSION_retrieve | PERMISSION_rename);
	CHILD_CHECK(rename("f", "d/g") == 0 && rename("d/g", "f") == 0);
	CHILD_CHECK(unlink("f") == 0 && opens("d/new", O_WRONLY | O_CREAT));
}

static void
test_letters(void)
{
	static void (*const children[])(void) = { nothing, reader, writer,
		appender, renamer, deleter };

	for (size_t i = 0; available() && i < ARRAY_SIZE(children); i++) {
		open_tree();
		CU_ASSERT_EQUAL(child_run(children[i]), 0);
		scratch_close(&scratch);
	}
}

static void
test_directories(void)
{
	static void (*const children[])(void) = { in_directory,
		renames_into_directory };

	for (size_t i = 0; available() && i < ARRAY_SIZE(children); i++) {
		open_tree();
		directory.fd = open("d", O_PATH | O_DIRECTORY | O_CLOEXEC);
		identity.directories = &directory;
		identity.ndirectories = 1;
		CU_ASSERT_EQUAL(child_run(children[i]), 0);
		close(directory.fd);
		scratch_close(&scratch);
	}
}

CU_TestInfo unit_tests[] = {
	{ "access rights of each permission", test_letters },
	{ "access rights of directories", test_directories },
	CU_TEST_INFO_NULL,
};
