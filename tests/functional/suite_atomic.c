/*
 * suite_atomic.c - atomic_uploads: no partial file is ever visible under its
 * name, however an upload ends.
 */
#include "common/base.h"
#include "tests/functional/functional.h"

#include "tests/functional/files.h"
#include "tests/functional/procs.h"
#include "tests/functional/world.h"

#include <dirent.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>

const char *const functional_name = "atomic";

#define HOME   "/home/anna/"
#define ATOMIC "session.atomic_uploads=yes"

static bool
holds(const char *path, const char *text)
{
	return files_same(path, text, strlen(text));
}

/* Entries of anna's home directory, hidden ones as well. */
static int
entries(void)
{
	DIR *d = opendir(HOME);
	int n = 0;

	while (d != NULL && readdir(d) != NULL)
		n++;
	if (d != NULL)
		closedir(d);
	return n - 2;
}

static bool
begin(struct ftp *c, const char *command)
{
	EXPECT(c, 200, "TYPE I");
	return CHECK_NUMBER(ftp_start(c, "%s", command), 150) &&
		CHECK_NUMBER(ftp_data_send(c, "half ", 5), 5);
}

static void
test_whole(void)
{
	struct server s;
	struct ftp a, b;
	size_t len;

	if (!SERVER(&s, ATOMIC) || !ftp_enter(&a, "anna") ||
		!ftp_enter(&b, "anna"))
		return;
	files_write_as("anna", HOME "f", "old", 3);
	CHECK(chmod(HOME "f", 0604) == 0);
	/* Others still get the old file, and a new name does not exist yet. */
	if (!begin(&a, "STOR f"))
		return;
	char *text = ftp_get(&b, &len, "RETR f");
	CHECK_NUMBER(b.code, 226);
	CHECK(text != NULL && strcmp(text, "old") == 0);
	free(text);
	CHECK_NUMBER(ftp_data_send(&a, "whole", 5), 5);
	CHECK_NUMBER(ftp_finish(&a), 226);
	CHECK(holds(HOME "f", "half whole"));
	struct stat st = { 0 };
	CHECK(stat(HOME "f", &st) == 0);
	CHECK_NUMBER(st.st_mode & 07777, 0604);
	if (!begin(&a, "STOR new"))
		return;
	EXPECT(&b, 550, "RETR new");
	EXPECT(&b, 550, "MDTM new");
	text = ftp_get(&b, &len, "MLSD");
	CHECK(text != NULL);
	CHECK_LACKS(text, "new");
	CHECK_LACKS(text, "sureftpd");
	free(text);
	CHECK_NUMBER(ftp_finish(&a), 226);
	CHECK(holds(HOME "new", "half "));
	CHECK_NUMBER(entries(), 2);
	ftp_close(&a);
	ftp_close(&b);
	server_stop(&s);
}

#define SIZE   (200 << 10)
#define ROUNDS 60

/* A local program that reads the file repeatedly: it always exists, and is
 * always one complete upload.  Returns its exit status. */
static int
read_for_ever(pid_t parent)
{
	static char text[SIZE + 1];

	while (getppid() == parent) {
		ssize_t n = files_read(HOME "f", text, sizeof(text));
		if (n != SIZE)
			return 1;
		for (ssize_t i = 1; i < n; i++)
			if (text[i] != text[0])
				return 2;
	}
	return 3;
}

static void
test_reader(void)
{
	static char data[SIZE];
	pid_t self = getpid();
	struct server s;
	struct ftp c;
	int status;

	if (!SERVER(&s, ATOMIC) || !ftp_enter(&c, "anna"))
		return;
	EXPECT(&c, 200, "TYPE I");
	memset(data, '0', sizeof(data));
	files_write_as("anna", HOME "f", data, sizeof(data));
	pid_t reader = fork();
	if (reader == 0)
		_exit(read_for_ever(self));
	for (int i = 0; i < ROUNDS; i++) {
		memset(data, 'a' + i % 26, sizeof(data));
		CHECK_NUMBER(ftp_put(&c, data, sizeof(data), "STOR f"), 226);
	}
	CHECK_SAYS(waitpid(reader, &status, WNOHANG) == 0,
		"the reader saw a file that is not whole: %d",
		WEXITSTATUS(status));
	CHECK(kill(reader, SIGKILL) == 0);
	CHECK(waitpid(reader, &status, 0) == reader);
	ftp_close(&c);
	server_stop(&s);
}

/* --- all ways in which an upload can be interrupted */

static void
by_abor(struct ftp *c)
{
	EXPECT(c, 426, "ABOR");
	EXPECT_REPLY(c, 226);
}

static void
by_reset(struct ftp *c)
{
	struct linger now = { .l_onoff = 1 };

	setsockopt(c->data, SOL_SOCKET, SO_LINGER, &now, sizeof(now));
	ftp_data_close(c);
	EXPECT_REPLY(c, 426);
}

static void
by_lost_client(struct ftp *c)
{
	ftp_reset(c);
	ftp_data_close(c);
}

static void
by_size(struct ftp *c)
{
	static char data[64 << 10];

	(void)ftp_data_send(c, data, sizeof(data));
	ftp_data_close(c);
	EXPECT_REPLY(c, 552);
}

static void
by_kill(struct ftp *c)
{
	pid_t pid = procs_serving(PROCS_SESSION);

	CHECK(pid > 1 && kill(pid, SIGKILL) == 0);
	CHECK(ftp_is_closed(c));
}

static const struct {
	const char *name;
	void (*run)(struct ftp *c);
	bool ends_session;
} ends[] = {
	{ "ABOR", by_abor, false },
	{ "a reset of the data connection", by_reset, false },
	{ "a client that is gone", by_lost_client, true },
	{ "max_upload_size", by_size, false },
	{ "SIGKILL", by_kill, true },
};

static bool
only_the_old(void *context UNUSED)
{
	return entries() == 1;
}

static void
test_interrupted(void)
{
	static const char *const keep[] = { "session.incomplete_uploads=keep",
		"session.incomplete_uploads=delete" };
	static const char *const commands[] = { "STOR f", "STOR new",
		"STOU u" };
	struct server s;
	struct ftp c;

	for (size_t k = 0; k < ARRAY_SIZE(keep); k++) {
		if (!SERVER(&s, ATOMIC, keep[k], "limits.max_upload_size=30k"))
			return;
		files_write_as("anna", HOME "f", "old", 3);
		for (size_t i = 0; i < ARRAY_SIZE(ends) *
			ARRAY_SIZE(commands); i++) {
			size_t n = i / ARRAY_SIZE(commands);
			const char *command =
				commands[i % ARRAY_SIZE(commands)];

			if (!ftp_enter(&c, "anna") || !begin(&c, command))
				return;
			ends[n].run(&c);
			CHECK_SAYS(holds(HOME "f", "old"), "%s after %s",
				command, ends[n].name);
			CHECK_SAYS(wait_until(only_the_old, NULL, 5000),
				"%s after %s left %d",
				command, ends[n].name, entries());
			ftp_data_close(&c);
			ftp_close(&c);
		}
		server_stop(&s);
	}
}

/* A full disk, while it is written or only at the end. */
static void
test_full_disk(void)
{
	static char data[2 << 20];
	struct server s;
	struct ftp c;

	if (!SERVER(&s, ATOMIC))
		return;
	files_mkdir_as("anna", HOME "small", 0755);
	CHECK(world_mount(HOME "small", "size=1m,uid=1001,gid=1001,mode=755"));
	files_write_as("anna", HOME "small/f", "old", 3);
	if (!ftp_enter(&c, "anna"))
		return;
	EXPECT(&c, 200, "TYPE I");
	CHECK_NUMBER(ftp_put(&c, data, sizeof(data), "STOR small/f"), 452);
	CHECK(holds(HOME "small/f", "old"));
	CHECK_NUMBER(ftp_put(&c, data, 900 << 10, "STOR small/f"), 226);
	CHECK_NUMBER(files_size(HOME "small/f"), 900 << 10);
	ftp_close(&c);
	server_stop(&s);
}

/* --- uploads in place, and refused ones */

static void
test_restart_and_append(void)
{
	struct server s;
	struct ftp c;

	if (!SERVER(&s, ATOMIC) || !ftp_enter(&c, "anna"))
		return;
	files_write_as("anna", HOME "f", "old", 3);
	EXPECT(&c, 200, "TYPE I");
	EXPECT(&c, 350, "REST 3");
	CHECK_NUMBER(ftp_put(&c, "x", 1, "STOR f"), 554);
	CHECK_HAS(c.text, "atomic_uploads");
	CHECK(holds(HOME "f", "old"));
	EXPECT(&c, 350, "REST 0");
	CHECK_NUMBER(ftp_put(&c, "new", 3, "STOR f"), 226);
	CHECK(holds(HOME "f", "new"));
	CHECK_NUMBER(ftp_put(&c, "er", 2, "APPE f"), 226);
	CHECK(holds(HOME "f", "newer"));
	if (!begin(&c, "APPE f"))
		return;
	CHECK_HAS(c.text, "150 Ready to append to f in BINARY mode, in place.");
	CHECK(files_wait_for_text(HOME "f", "half"));
	by_abor(&c);
	CHECK(holds(HOME "f", "newerhalf "));
	/* STOU creates a new file. */
	CHECK_NUMBER(ftp_put(&c, "x", 1, "STOU f"), 226);
	CHECK_NUMBER(entries(), 2);
	ftp_close(&c);
	server_stop(&s);
}

static void
test_with_overwrite(void)
{
	struct server s;
	struct ftp a, b;

	if (!SERVER(&s, ATOMIC, "session.overwrite=rename",
		"user bert.overwrite=deny") || !ftp_enter(&a, "anna") ||
		!ftp_enter(&b, "anna"))
		return;
	if (!begin(&a, "STOR f") || !begin(&b, "STOR f"))
		return;
	CHECK_NUMBER(ftp_finish(&b), 226);
	CHECK_LACKS(b.text, "stored as");
	CHECK_NUMBER(ftp_finish(&a), 226);
	CHECK_HAS(a.text, "stored as f.1");
	CHECK(holds(HOME "f", "half ") && holds(HOME "f.1", "half "));
	ftp_close(&a);
	ftp_close(&b);

	if (!ftp_enter(&a, "bert") || !begin(&a, "STOR f"))
		return;
	files_write_as("bert", "/home/bert/f", "theirs", 6);
	CHECK(ftp_finish(&a) >= 400);
	CHECK_HAS(a.text, "File exists");
	CHECK(holds("/home/bert/f", "theirs"));
	ftp_close(&a);
	server_stop(&s);
}

/* Uploads and appends exclude each other as without atomic_uploads. */
static void
test_with_locks(void)
{
	struct server s;
	struct ftp a, b;

	if (!SERVER(&s, ATOMIC) || !ftp_enter(&a, "anna") ||
		!ftp_enter(&b, "anna"))
		return;
	files_write_as("anna", HOME "f", "old", 3);
	if (!begin(&a, "STOR f"))
		return;
	CHECK_NUMBER(ftp_put(&b, "x", 1, "APPE f"), 450);
	CHECK_NUMBER(ftp_finish(&a), 226);
	if (!begin(&a, "APPE f"))
		return;
	CHECK_NUMBER(ftp_put(&b, "x", 1, "STOR f"), 450);
	CHECK_NUMBER(ftp_finish(&a), 226);
	CHECK(holds(HOME "f", "half half "));
	ftp_close(&a);
	ftp_close(&b);
	server_stop(&s);
}

/* Replacing a file that the account cannot read does not affect readers. */
static void
test_without_reading(void)
{
	/* More than fits in socket buffers. */
	static char old[16 << 20];
	struct server s;
	struct ftp a, b;
	size_t len;

	if (!SERVER(&s, ATOMIC, "user anna.permissions=elw") ||
		!ftp_enter(&a, "anna") || !ftp_enter(&b, "bert"))
		return;
	files_write_as("anna", HOME "f", old, sizeof(old));
	CHECK(chmod(HOME, 0755) == 0 && chmod(HOME "f", 0666) == 0);
	EXPECT(&b, 200, "TYPE I");
	if (!begin(&a, "STOR f"))
		return;
	free(ftp_get(&b, &len, "RETR " HOME "f"));
	EXPECT_WAS(&b, 226);
	CHECK_NUMBER(ftp_start(&b, "RETR " HOME "f"), 150);
	CHECK_NUMBER(ftp_finish(&a), 226);
	CHECK_NUMBER(ftp_put(&a, "new", 3, "STOR f"), 226);
	while (ftp_data_read(&b, old, sizeof(old)) > 0)
		;
	CHECK_NUMBER(ftp_finish(&b), 226);
	/* but those who write are */
	CHECK_NUMBER(ftp_start(&b, "APPE " HOME "f"), 150);
	CHECK_NUMBER(ftp_put(&a, "x", 1, "STOR f"), 450);
	CHECK_NUMBER(ftp_finish(&b), 226);
	CHECK(holds(HOME "f", "new"));
	ftp_close(&a);
	ftp_close(&b);
	server_stop(&s);
}

CU_TestInfo functional_tests[] = {
	{ "a file gets its name when it is complete", test_whole },
	{ "concurrent readers never see a partial file", test_reader },
	{ "an interrupted upload leaves only the old file", test_interrupted },
	{ "a full disk", test_full_disk },
	{ "REST is refused, APPE works in place", test_restart_and_append },
	{ "with overwrite = rename and deny", test_with_overwrite },
	{ "with upload_locking", test_with_locks },
	{ "without the permission to read", test_without_reading },
	CU_TEST_INFO_NULL,
};
