/*
 * test_passwd_file.c - changes of the accounts file.
 */
#include "common/base.h"
#include "daemon/control/passwd_file.h"

#include "common/text.h"
#include "tests/unit/unit.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

const char *const unit_name = "passwd_file";

static char directory[64], path[128];

/* What was synced, a letter each: f the new file before it replaces the old
 * one, d the directory after that. */
static char synced[8];

/* In place of the C library's. */
int
fsync(int fd)
{
	size_t n = strlen(synced);
	char new_path[140];
	struct stat st, named;

	snprintf(new_path, sizeof(new_path), "%s.new", path);
	CU_ASSERT_EQUAL(fstat(fd, &st), 0);
	bool is_new = stat(new_path, &named) == 0 &&
		named.st_ino == st.st_ino;
	if (n + 1 < sizeof(synced))
		synced[n] = is_new ? 'f' : S_ISDIR(st.st_mode) &&
			access(new_path, F_OK) < 0 ? 'd' : '?';
	return 0;
}

static void
write_text(const char *text)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	CU_ASSERT_FATAL(fd >= 0);
	CU_ASSERT_EQUAL(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	close(fd);
}

static const char *
read_text(void)
{
	static char text[4096];
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? 0 : read(fd, text, sizeof(text) - 1);

	text[n > 0 ? n : 0] = '\0';
	close(fd);
	return text;
}

static void
begin(const char *text)
{
	snprintf(directory, sizeof(directory), "/tmp/sureftpd-unit.XXXXXX");
	CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(directory));
	snprintf(path, sizeof(path), "%s/accounts", directory);
	if (text != NULL)
		write_text(text);
}

/* Nothing but the file and its lock is left. */
static void
end(void)
{
	char lock[140];

	unlink(path);
	snprintf(lock, sizeof(lock), "%s.lock", path);
	unlink(lock);
	CU_ASSERT_EQUAL(rmdir(directory), 0);
}

/* The file after a change; key NULL deletes the account. */
static const char *
change(const char *text, const char *name, const char *key, const char *value)
{
	struct passwd_file f;

	begin(text);
	CU_ASSERT_EQUAL(passwd_file_open(&f, path, true), 0);
	CU_ASSERT_EQUAL(key == NULL ? passwd_file_delete(&f, name) :
		passwd_file_set(&f, name, key, value), 0);
	CU_ASSERT_EQUAL(passwd_file_write(&f), 0);
	passwd_file_close(&f);
	const char *after = read_text();
	end();
	return after;
}

static void
test_set(void)
{
	static const struct {
		const char *before, *name, *after;
	} rows[] = {
		{ NULL, "anna", "[\"anna\"]\nk = v\n" },
		{ "", "a b", "[\"a b\"]\nk = v\n" },
		{ "# note", "anna", "# note\n\n[\"anna\"]\nk = v\n" },
		{ "[anna]\nx = 1\n", "anna", "[anna]\nx = 1\nk = v\n" },
		{ "[anna]\nk = 1\nx = 1\n", "anna",
			"[anna]\nx = 1\nk = v\n" },
		{ "[anna]\nk=1\n continued\nx = 1\nk  = 2\n", "anna",
			"[anna]\nx = 1\nk = v\n" },
		{ "[anna]", "anna", "[anna]\nk = v\n" },
		{ "[ \"anna\" ]\r\nx = 1\n# of bert\n[bert]\nk = 1\n", "anna",
			"[ \"anna\" ]\r\nx = 1\nk = v\n# of bert\n[bert]\n"
			"k = 1\n" },
		{ "[ann]\nk = 1\n[annab]\nk = 2\n", "anna",
			"[ann]\nk = 1\n[annab]\nk = 2\n\n[\"anna\"]\n"
			"k = v\n" },
		/* a key that begins like it, a value that looks like one */
		{ "[anna]\nkk = 1\nx = k = 2\n", "anna",
			"[anna]\nkk = 1\nx = k = 2\nk = v\n" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		CU_ASSERT_STRING_EQUAL(change(rows[i].before, rows[i].name,
			"k", "v"), rows[i].after);
}

static void
test_delete(void)
{
	static const char text[] = "# head\n[anna]\nk = 1\n\n# of bert\n"
		"[bert]\nk = 2\n";

	CU_ASSERT_STRING_EQUAL(change(text, "anna", NULL, NULL),
		"# head\n\n# of bert\n[bert]\nk = 2\n");
	CU_ASSERT_STRING_EQUAL(change(text, "bert", NULL, NULL),
		"# head\n[anna]\nk = 1\n\n# of bert\n");
	begin(text);
	struct passwd_file f;
	CU_ASSERT_EQUAL(passwd_file_open(&f, path, true), 0);
	CU_ASSERT_EQUAL(passwd_file_delete(&f, "carl"), -ENOENT);
	passwd_file_close(&f);
	end();
}

static void
test_look(void)
{
	char name[256], value[8];
	struct passwd_file f;
	size_t at = 0;

	begin("[anna]\naccount = www \n[\"b c\"]\naccount=longer-than-that\n"
		"[bad name]\n[dora]\n");
	CU_ASSERT_EQUAL(passwd_file_open(&f, path, false), 0);
	CU_ASSERT(passwd_file_has(&f, "anna"));
	CU_ASSERT(passwd_file_has(&f, "b c"));
	CU_ASSERT(!passwd_file_has(&f, "bad name"));
	CU_ASSERT(!passwd_file_has(&f, "ann"));
	static const char *const names[] = { "anna", "b c", "dora" };
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		CU_ASSERT(passwd_file_next(&f, &at, name));
		CU_ASSERT_STRING_EQUAL(name, names[i]);
	}
	CU_ASSERT(!passwd_file_next(&f, &at, name));
	passwd_file_value(&f, "anna", "account", value, sizeof(value));
	CU_ASSERT_STRING_EQUAL(value, "www");
	passwd_file_value(&f, "b c", "account", value, sizeof(value));
	CU_ASSERT_STRING_EQUAL(value, "");	/* too long for it */
	passwd_file_value(&f, "dora", "account", value, sizeof(value));
	CU_ASSERT_STRING_EQUAL(value, "");
	passwd_file_close(&f);
	end();
}

/* Mode and owner stay, a link or rubbish of before is no trap, readers see the
 * old file or the new one. */
static void
test_replaced(void)
{
	char new_path[140];
	struct passwd_file f;
	struct stat st;

	begin("[anna]\n");
	snprintf(new_path, sizeof(new_path), "%s.new", path);
	CU_ASSERT_EQUAL(symlink("/dev/null/x", new_path), 0);
	CU_ASSERT_EQUAL(chmod(path, 0640), 0);
	int old = open(path, O_RDONLY | O_CLOEXEC);
	CU_ASSERT_EQUAL(passwd_file_open(&f, path, true), 0);
	CU_ASSERT_EQUAL(passwd_file_set(&f, "anna", "k", "v"), 0);
	memset(synced, 0, sizeof(synced));
	CU_ASSERT_EQUAL(passwd_file_write(&f), 0);
	CU_ASSERT_STRING_EQUAL(synced, "fd");
	passwd_file_close(&f);
	char text[64];
	CU_ASSERT_EQUAL(read(old, text, sizeof(text)), 7);
	close(old);
	CU_ASSERT_EQUAL(lstat(path, &st), 0);
	CU_ASSERT(S_ISREG(st.st_mode));
	CU_ASSERT_EQUAL(st.st_mode & 07777, 0640);
	CU_ASSERT_EQUAL(lstat(new_path, &st), -1);
	end();
}

static void
test_locked(void)
{
	struct passwd_file f;
	char lock[140];

	begin("[anna]\n");
	CU_ASSERT_EQUAL(passwd_file_open(&f, path, true), 0);
	snprintf(lock, sizeof(lock), "%s.lock", path);
	int fd = open(lock, O_RDWR | O_CLOEXEC);
	CU_ASSERT_EQUAL(flock(fd, LOCK_EX | LOCK_NB), -1);
	CU_ASSERT_EQUAL(errno, EWOULDBLOCK);
	passwd_file_close(&f);
	CU_ASSERT_EQUAL(flock(fd, LOCK_EX | LOCK_NB), 0);
	close(fd);
	end();
}

static void
test_refused(void)
{
	struct passwd_file f;

	begin(NULL);
	CU_ASSERT_EQUAL(mkdir(path, 0700), 0);
	CU_ASSERT_EQUAL(passwd_file_open(&f, path, false), -EINVAL);
	passwd_file_close(&f);
	CU_ASSERT_EQUAL(rmdir(path), 0);
	int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	CU_ASSERT_EQUAL(write(fd, "[a]\0\n", 5), 5);
	close(fd);
	CU_ASSERT_EQUAL(passwd_file_open(&f, path, false), -EINVAL);
	passwd_file_close(&f);
	end();
}

CU_TestInfo unit_tests[] = {
	{ "a key is set, other lines are kept", test_set },
	{ "an account is removed", test_delete },
	{ "names and values", test_look },
	{ "the file is replaced as a whole", test_replaced },
	{ "one change at a time", test_locked },
	{ "a missing file, and a binary file", test_refused },
	CU_TEST_INFO_NULL
};
