/*
 * test_tree.c - the door to the file tree: what it permits, does and records.
 */
#include "common/base.h"

#include "common/settings/settings.h"
#include "common/text.h"
#include "tests/unit/scratch.h"
#include "tests/unit/unit.h"
#include "worker/reason.h"
#include "worker/tree/tree.h"

#include <fcntl.h>

const char *const unit_name = "tree";

static struct scratch scratch;
static struct user_settings settings;
static struct identity identity = {
	.settings = &settings, .permissions = UINT32_MAX };
static struct tree tree;

/* The event that was recorded last, as "name path path2 ok|reason". */
static char recorded[3 * PATH_MAX];

static void
deliver(void *context UNUSED, struct event *e)
{
	size_t len = strlen(scratch.top);
	const char *path = e->path != NULL ? e->path : "";
	const char *path2 = e->path2 != NULL ? e->path2 : "";

	if (strncmp(path, scratch.top, len) == 0)
		path += len;
	if (strncmp(path2, scratch.top, len) == 0)
		path2 += len;
	snprintf(recorded, sizeof(recorded), "%s %s%s%s %s",
		event_name(e->type), path, path2[0] != '\0' ? " " : "", path2,
		e->ok ? "ok" : e->text);
}

static void
enter(void)
{
	scratch_open(&scratch);
	snprintf(identity.client_home, sizeof(identity.client_home),
		"%s/home", scratch.top);
	settings = (struct user_settings){ .permissions = UINT32_MAX,
		.directory_umask = -1 };
	tree_init(&tree, &identity);
	recorded[0] = '\0';
	event_divert(deliver, NULL);
}

static void
leave(void)
{
	event_divert(NULL, NULL);
	scratch_close(&scratch);
}

#define CHECK_RECORD(call, error, record)                    \
	do {                                                 \
		recorded[0] = '\0';                          \
		CU_ASSERT_EQUAL(call, error);                \
		CU_ASSERT_STRING_EQUAL(recorded, record);    \
	} while (0)

/* The name that a rename got, if it was another; else "". */
static char numbered_name[PATH_MAX];

static int
rename_to(const char *from, const char *to)
{
	BUFFER(numbered, PATH_MAX);
	int error = tree_rename(&tree, from, to, &numbered);

	(void)!text_copy(numbered_name, sizeof(numbered_name),
		buffer_text(&numbered));
	return error;
}

static void
test_directories(void)
{
	BUFFER(made, 2 * PATH_MAX);

	enter();
	CHECK_RECORD(tree_make_directory(&tree, "d", &made), 0,
		"mkdir /d ok");
	CU_ASSERT_STRING_EQUAL(buffer_text(&made) + strlen(scratch.top),
		"/d");
	CHECK_RECORD(tree_make_directory(&tree, "d", &made), -EEXIST,
		"mkdir /d File exists");
	CHECK_RECORD(tree_change_directory(&tree, "d"), 0, "");
	CHECK_RECORD(tree_make_directory(&tree, "e/", &made), 0,
		"mkdir /d/e ok");
	CHECK_RECORD(tree_remove_directory(&tree, "../d/e"), 0,
		"rmdir /d/e ok");
	CHECK_RECORD(tree_remove_directory(&tree, "../d"), 0, "rmdir /d ok");
	/* out of the directory that is no more */
	CHECK_RECORD(tree_change_directory(&tree, ".."), 0, "");
	leave();
}

static void
test_free_space(void)
{
	uint64_t bytes = 0;

	enter();
	scratch_directory("d");
	scratch_file("f", 5, 0);
	CU_ASSERT_EQUAL(tree_free_space(&tree, "d", &bytes), 0);
	CU_ASSERT(bytes > 0 && bytes % 512 == 0);
	CU_ASSERT_EQUAL(tree_free_space(&tree, "f", &bytes), -ENOTDIR);
	CU_ASSERT_EQUAL(tree_free_space(&tree, "g", &bytes), -ENOENT);
	leave();
}

static void
test_files(void)
{
	struct timespec when = { .tv_sec = 981173106 };
	struct stat st;

	enter();
	scratch_directory("d");
	scratch_link("d", "link");
	scratch_file("d/f", 5, 0);
	CU_ASSERT_EQUAL(tree_stat(&tree, "link/f", &st), 0);
	CU_ASSERT_EQUAL(st.st_size, 5);
	CHECK_RECORD(tree_set_time(&tree, "link/f", &when), 0,
		"mtime /d/f ok");
	CU_ASSERT_EQUAL(tree_stat(&tree, "d/f", &st), 0);
	CU_ASSERT_EQUAL(st.st_mtim.tv_sec, 981173106);
	CU_ASSERT_EQUAL(tree_may_rename(&tree, "link/f"), 0);
	CU_ASSERT_EQUAL(tree_may_rename(&tree, "link/g"), -ENOENT);
	CHECK_RECORD(rename_to("link/f", "link/../g"), 0,
		"rename /d/f /g ok");
	CHECK_RECORD(rename_to("x", "no/y"), -ENOENT,
		"rename /x /no/y No such file or directory");
	CHECK_RECORD(tree_delete(&tree, "d/../g"), 0, "delete /g ok");
	/* the link, not what it leads to */
	CHECK_RECORD(tree_delete(&tree, "link"), 0, "delete /link ok");
	CHECK_RECORD(tree_delete(&tree, "d"), -EISDIR,
		"delete /d Is a directory");
	leave();
}

/* With overwrite = deny and rename nothing is replaced. */
static void
test_rename_replaces_nothing(void)
{
	enter();
	scratch_directory("d");
	scratch_file("d/a", 1, 0);
	scratch_file("d/b", 2, 0);
	settings.overwrite = OVERWRITE_DENY;
	CHECK_RECORD(rename_to("d/a", "d/b"), -EEXIST,
		"rename /d/a /d/b File exists");
	CHECK_RECORD(rename_to("d/a", "d/a"), 0, "rename /d/a /d/a ok");
	settings.overwrite = OVERWRITE_RENAME;
	CHECK_RECORD(rename_to("d/a", "d/b"), 0, "rename /d/a /d/b.1 ok");
	CU_ASSERT_STRING_EQUAL(numbered_name, "d/b.1");
	CHECK_RECORD(rename_to("d/b.1", "d/c"), 0, "rename /d/b.1 /d/c ok");
	CU_ASSERT_STRING_EQUAL(numbered_name, "");
	settings.overwrite = OVERWRITE_ALLOW;
	CHECK_RECORD(rename_to("d/c", "d/b"), 0, "rename /d/c /d/b ok");
	CU_ASSERT_EQUAL(access("d/c", F_OK), -1);
	leave();
}

/* The directory that one stands in moves along. */
static void
test_renamed_below(void)
{
	enter();
	scratch_directory("d");
	scratch_directory("d/e");
	CU_ASSERT_EQUAL(chdir("d/e"), 0);
	CHECK_RECORD(rename_to("../../d", "../../moved"), 0,
		"rename /d /moved ok");
	leave();
}

static void
test_look_up(void)
{
	BUFFER(path, 2 * PATH_MAX);
	struct fact_user user;
	struct stat st, dir;

	enter();
	scratch_directory("home");
	scratch_link("nowhere", "broken");
	CU_ASSERT_EQUAL(tree_look_up(&tree, "broken", &st, &user, &dir,
		&path), 0);
	CU_ASSERT(S_ISLNK(st.st_mode));
	CU_ASSERT(S_ISDIR(dir.st_mode));
	CU_ASSERT_STRING_EQUAL(buffer_text(&path) + strlen(scratch.top),
		"/broken");
	buffer_clear(&path);
	CU_ASSERT_EQUAL(tree_look_up(&tree, "~", &st, &user, &dir,
		&path), 0);
	CU_ASSERT(S_ISDIR(st.st_mode));
	CU_ASSERT_STRING_EQUAL(buffer_text(&path), identity.client_home);
	CU_ASSERT_EQUAL(tree_look_up(&tree, "none", &st, &user, &dir,
		&path), -ENOENT);
	CU_ASSERT_EQUAL(tree_change_directory(&tree, "~/."), 0);
	leave();
}

/* --- modes */

static void
check_mode(const char *path, mode_t mode, int expected)
{
	struct stat before, after;

	CU_ASSERT_EQUAL(stat(path, &before), 0);
	CU_ASSERT_EQUAL(tree_change_mode(&tree, path, mode), expected);
	CU_ASSERT_EQUAL(stat(path, &after), 0);
	CU_ASSERT_EQUAL(after.st_mode & 07777,
		expected == 0 ? mode : before.st_mode & 07777);
}

static void
test_modes(void)
{
	enter();
	scratch_file("f", 0, 0);
	scratch_directory("d");
	scratch_link("f", "link");
	check_mode("f", 0640, 0);
	CU_ASSERT_STRING_EQUAL(recorded, "chmod /f ok");
	check_mode("f", 04755, -REASON_MODE);
	CU_ASSERT_STRING_EQUAL(recorded, "chmod /f Mode not allowed: no "
		"setuid; setgid and sticky on directories only");
	check_mode("f", 02755, -REASON_MODE);
	check_mode("f", 01644, -REASON_MODE);
	check_mode("link", 02755, -REASON_MODE);
	check_mode("d", 02775, 0);
	check_mode("d", 01777, 0);
	check_mode("d", 03770, 0);
	check_mode("d", 04755, -REASON_MODE);
	settings.allow_special_modes = true;
	check_mode("f", 04755, 0);
	check_mode("f", 06755, 0);
	check_mode("d", 07777, 0);
	CU_ASSERT_EQUAL(tree_change_mode(&tree, "none", 0644), -ENOENT);
	leave();
}

/* --- permissions */

static int
do_stat(void)
{
	struct stat st;

	return tree_stat(&tree, "f", &st);
}

static int
do_look_up(void)
{
	BUFFER(path, 2 * PATH_MAX);
	struct fact_user user;
	struct stat st, dir;

	return tree_look_up(&tree, "f", &st, &user, &dir, &path);
}

static int
do_list(void)
{
	int fd = tree_open_directory(&tree, ".");

	if (fd >= 0)
		close(fd);
	return fd < 0 ? fd : 0;
}

static int
do_enter(void)
{
	return tree_change_directory(&tree, ".");
}

static int
do_make_directory(void)
{
	BUFFER(path, 2 * PATH_MAX);

	return tree_make_directory(&tree, "d", &path);
}

static int
do_remove_directory(void)
{
	return tree_remove_directory(&tree, "d");
}

static int
do_set_time(void)
{
	struct timespec when = { .tv_sec = 1 };

	return tree_set_time(&tree, "f", &when);
}

static int
do_change_mode(void)
{
	return tree_change_mode(&tree, "f", 0644);
}

static int
do_may_rename(void)
{
	return tree_may_rename(&tree, "f");
}

static int
do_rename(void)
{
	return rename_to("f", "g");
}

static int
do_delete(void)
{
	return tree_delete(&tree, "g");
}

static void
test_permissions(void)
{
	static const struct {
		uint32_t permission;
		int (*act)(void);
	} rows[] = {
		{ PERMISSION_list, do_stat }, { PERMISSION_list, do_look_up },
		{ PERMISSION_list, do_list }, { PERMISSION_enter, do_enter },
		{ PERMISSION_make_directory, do_make_directory },
		{ PERMISSION_delete, do_remove_directory },
		{ PERMISSION_set_time, do_set_time },
		{ PERMISSION_change_mode, do_change_mode },
		{ PERMISSION_rename, do_may_rename },
		{ PERMISSION_rename, do_rename },
		{ PERMISSION_delete, do_delete },
	};

	enter();
	scratch_file("f", 0, 0);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		tree.user.permissions = ~rows[i].permission;
		CU_ASSERT_EQUAL(rows[i].act(),
			-permissions_errno(rows[i].permission));
		tree.user.permissions = rows[i].permission;
		CU_ASSERT_EQUAL(rows[i].act(), 0);
	}
	leave();
}

CU_TestInfo unit_tests[] = {
	{ "the free space of a directory", test_free_space },
	{ "directories are made, entered and removed", test_directories },
	{ "files are changed where the kernel finds them", test_files },
	{ "a rename replaces nothing, if overwrite says so",
		test_rename_replaces_nothing },
	{ "a rename of the working directory's parent", test_renamed_below },
	{ "dangling links, and links to the home directory", test_look_up },
	{ "special mode bits are refused on files", test_modes },
	{ "every operation needs its permission", test_permissions },
	CU_TEST_INFO_NULL,
};
