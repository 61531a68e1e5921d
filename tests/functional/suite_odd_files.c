/*
 * suite_odd_files.c - files with a wrong, changing or very large size, and file
 * systems with limited features.
 */
#include "common/base.h"
#include "tests/functional/functional.h"

#include "common/buffer.h"
#include "tests/functional/accounts.h"
#include "tests/functional/files.h"
#include "tests/functional/ftps.h"
#include "tests/functional/ftps_certs.h"
#include "tests/functional/fuse.h"
#include "tests/functional/lists.h"

#include <fcntl.h>
#include <sys/socket.h>

const char *const functional_name = "odd_files";

#define F "/home/anna/f"
#define M "/home/anna/m"
#define LARGE ((size_t)24 << 20)	/* more than sockets hold */
#define HUGE_FILE ((INT64_C(1) << 32) + (1 << 20))

static bool
read_exactly(struct ftp *c, char *data, size_t len)
{
	size_t got = 0, n;

	while (got < len && (n = ftp_data_read(c, data + got, len - got)) > 0)
		got += n;
	return got == len;
}

/* --- sizes that change */

/* Data appended during a download is sent, too. */
static void
test_grows(void)
{
	char *data = files_pattern(2 * LARGE), *got = malloc(2 * LARGE + 1);
	struct server s;
	struct ftp c;

	if (!SERVER(&s) || !ftp_enter(&c, "anna"))
		return;
	files_write_as("anna", F, data, LARGE);
	EXPECT(&c, 200, "TYPE I");
	CHECK_NUMBER(ftp_start(&c, "RETR f"), 150);
	CHECK(read_exactly(&c, got, 1));
	int fd = open(F, O_WRONLY | O_APPEND | O_CLOEXEC);
	CHECK(write(fd, data + LARGE, LARGE) == (ssize_t)LARGE);
	close(fd);
	CHECK(read_exactly(&c, got + 1, 2 * LARGE - 1));
	CHECK_NUMBER(ftp_data_read(&c, got, 1), 0);
	CHECK_NUMBER(ftp_finish(&c), 226);
	CHECK_LOGGED(0, "*download*" F "*%zu bytes*", 2 * LARGE);
	free(got);
	free(data);
	ftp_close(&c);
	server_stop(&s);
}

/* A file that is overwritten during its download is sent as read. */
static void
test_changes(void)
{
	char *data = files_pattern(LARGE), *got = malloc(LARGE + 1);
	struct server s;
	struct ftp c;

	if (!SERVER(&s) || !ftp_enter(&c, "anna"))
		return;
	files_write_as("anna", F, data, LARGE);
	EXPECT(&c, 200, "TYPE I");
	CHECK_NUMBER(ftp_start(&c, "RETR f"), 150);
	CHECK(read_exactly(&c, got, 1));
	/* If the name is replaced by another file, the opened one is sent. */
	CHECK(rename(F, "/home/anna/g") == 0);
	files_write_as("anna", F, "new", 3);
	CHECK(unlink("/home/anna/g") == 0);
	CHECK(read_exactly(&c, got + 1, LARGE - 1));
	CHECK(memcmp(got, data, LARGE) == 0);
	CHECK_NUMBER(ftp_finish(&c), 226);
	free(got);
	free(data);
	ftp_close(&c);
	server_stop(&s);
}

/* --- large and sparse ones */

/* Holes are zeros to a client. */
static void
test_sparse(void)
{
	const size_t size = (size_t)8 << 20, at = (size_t)5 << 20;
	char *expected = calloc(1, size), *got;
	struct server s;
	struct ftp c;
	size_t len = 0;

	if (!SERVER(&s) || !ftp_enter(&c, "anna"))
		return;
	int fd = open(F, O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
	CHECK(pwrite(fd, "island", 6, (off_t)at) == 6);
	CHECK(ftruncate(fd, (off_t)size) == 0);
	close(fd);
	CHECK(files_give(F, "anna"));
	memcpy(expected + at, "island", 6);
	EXPECT(&c, 200, "TYPE I");
	got = ftp_get(&c, &len, "RETR f");
	CHECK_NUMBER(c.code, 226);
	CHECK_NUMBER(len, size);
	CHECK(got != NULL && len == size && memcmp(got, expected, size) == 0);
	free(got);
	/* REST beyond the end of the file never creates a hole. */
	EXPECT(&c, 350, "REST %zu", size + 1);
	CHECK_NUMBER(ftp_put(&c, "x", 1, "STOR f"), 554);
	CHECK_NUMBER(files_size(F), (int64_t)size);
	free(expected);
	ftp_close(&c);
	server_stop(&s);
}

/* Bytes are counted beyond 2^32; they are written to a device that discards
 * them. */
static int64_t
count_data(struct ftp *c)
{
	int64_t bytes = 0;
	ssize_t n;

	while ((n = recv(c->data, NULL, (size_t)1 << 30, MSG_TRUNC)) > 0)
		bytes += n;
	return n < 0 ? -1 : bytes;
}

static void
test_huge(void)
{
	struct server s;
	struct ftp c;

	if (!SERVER(&s) || !ftp_enter(&c, "anna"))
		return;
	files_write_as("anna", F, "", 0);
	CHECK(truncate(F, HUGE_FILE) == 0);
	EXPECT(&c, 200, "TYPE I");
	EXPECT(&c, 213, "SIZE f");
	CHECK_TEXT(c.text, "213 4296015872");
	char *text = lists_get(&c, "LIST f");
	CHECK_HAS(text, " 4296015872 ");
	free(text);
	CHECK_NUMBER(ftp_start(&c, "RETR f"), 150);
	CHECK_HAS(c.text, "(4296015872 bytes)");
	CHECK_NUMBER(count_data(&c), HUGE_FILE);
	CHECK_NUMBER(ftp_finish(&c), 226);
	CHECK_LOGGED(0, "*download*" F "*4296015872 bytes*");
	CHECK_NUMBER(ftp_put(&c, "end", 3, "APPE f"), 226);
	CHECK_NUMBER(files_size(F), HUGE_FILE + 3);
	EXPECT(&c, 350, "REST 4296015872");
	CHECK_NUMBER(ftp_start(&c, "RETR f"), 150);
	CHECK_HAS(c.text, "(3 bytes)");
	CHECK_NUMBER(count_data(&c), 3);
	CHECK_NUMBER(ftp_finish(&c), 226);
	ftp_close(&c);
	server_stop(&s);
}

/* --- FUSE file systems */

static bool
mount_fuse(void)
{
	files_mkdir_as("anna", M, 0755);
	if (fuse_mount(M, 1001, 1001))
		return true;
	printf("no FUSE here: not tested\n");
	return false;
}

static void
check_content(struct ftp *c, const char *type, const char *path,
	const char *expected)
{
	size_t len = 0;

	EXPECT(c, 200, "TYPE %s", type);
	char *text = ftp_get(c, &len, "RETR %s", path);
	CHECK_SAYS(c->code == 226 && text != NULL &&
		strcmp(text, expected) == 0, "TYPE %s, %s: %d, \"%s\"", type,
		path, c->code, text != NULL ? text : "");
	free(text);
}

/* The readable data is sent, independently of the size. */
static void
check_sizes(struct ftp *c)
{
	static const char *const names[] = { "hello", "nosize", "page" };
	static const char ascii[] = "Hello from the user's own file system."
		"\r\n";
	BUFFER(path, 32);

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		buffer_clear(&path);
		buffer_addf(&path, "m/%s", names[i]);
		check_content(c, "I", buffer_text(&path), FUSE_HELLO);
		check_content(c, "A", buffer_text(&path), ascii);
		EXPECT(c, 250, "XCRC %s", buffer_text(&path));
		CHECK_TEXT(c->text, "250 8b99178b");
	}
	EXPECT(c, 200, "TYPE I");
	EXPECT(c, 350, "REST 6");
	size_t len = 0;
	char *text = ftp_get(c, &len, "RETR m/page");
	CHECK_SAYS(text != NULL && strcmp(text, &FUSE_HELLO[6]) == 0, "%s",
		text);
	free(text);
}

static bool
is_large(const char *data, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (data[i] != FUSE_HELLO[i % FUSE_HELLO_LEN])
			return false;
	return len == FUSE_LARGE;
}

static void
check_large(struct ftp *c)
{
	size_t len = 0;
	char *data = ftp_get(c, &len, "RETR m/large");

	CHECK_NUMBER(c->code, 226);
	CHECK(data != NULL && is_large(data, len));
	free(data);
}

/* A read error is not an end of file: the client gets an error reply, and the
 * data connection is reset. */
static void
check_broken(struct ftp *c)
{
	char byte[1];

	CHECK_NUMBER(ftp_start(c, "RETR m/broken"), 150);
	while (recv(c->data, byte, sizeof(byte), MSG_TRUNC) > 0)
		;
	CHECK(errno == ECONNRESET);
	CHECK_NUMBER(ftp_finish(c), 451);
	CHECK_HAS(c->text, "Input/output error");
	EXPECT(c, 200, "NOOP");
}

static void
test_fuse(void)
{
	struct server s;
	struct ftp c;

	if (!mount_fuse() || !SERVER(&s) || !ftp_enter(&c, "anna"))
		return;
	check_sizes(&c);
	check_large(&c);
	check_broken(&c);
	CHECK_LOGGED(0, "*" M "/broken*Input/output error*");
	EXPECT(&c, 250, "MLST m/nosize");
	CHECK_HAS(c.text, "size=0;");
	/* Uploads are not supported, and are refused. */
	ftp_put(&c, "x", 1, "STOR m/new");
	CHECK_SAYS(c.code >= 500, "%s", c.text);
	EXPECT(&c, 200, "NOOP");
	ftp_close(&c);
	server_stop(&s);
	fuse_unmount(M);
}

static void
test_fuse_under_tls(void)
{
	struct server s;
	struct ftps t;

	if (!mount_fuse() || !FTPS_SERVER(&s))
		return;
	ftps_init(&t);
	if (!ftps_enter(&t, "anna"))
		return;
	check_sizes(&t.c);
	check_large(&t.c);
	ftp_close(&t.c);
	server_stop(&s);
	fuse_unmount(M);
}

/* A slow listing does not block the session, sorted or not. */
static void
check_slow(struct ftp *c, const char *command)
{
	CHECK_NUMBER(ftp_start(c, "%s", command), 150);
	CHECK(ftp_send_text(c, "NOOP\r\n"));
	CHECK_SAYS(ftp_replies_within(c, 1500), "%s: NOOP", command);
	CHECK_NUMBER(ftp_reply(c), 200);
	CHECK(ftp_send_text(c, "ABOR\r\n"));
	CHECK_SAYS(ftp_replies_within(c, 1500), "%s: ABOR", command);
	CHECK_NUMBER(ftp_reply(c), 426);
	CHECK_NUMBER(ftp_reply(c), 226);
	ftp_data_close(c);
}

static void
test_slow_directory(void)
{
	struct server s;
	struct ftp c;

	server_configure("[user \"anna\"]\nlist_sort = none\n");
	if (!mount_fuse() || !SERVER(&s) || !ftp_enter(&c, "anna"))
		return;
	check_slow(&c, "LIST m");
	check_slow(&c, "MLSD m");
	check_slow(&c, "LIST -t m");
	ftp_close(&c);
	server_stop(&s);
	server_configure("");
	if (!SERVER(&s, "limits.data_timeout=2") || !ftp_enter(&c, "anna"))
		return;
	check_slow(&c, "LIST m");
	check_slow(&c, "NLST -F m");
	/* Names alone are quick, and so is what is known by now. */
	free(lists_get(&c, "NLST m"));
	/* No timer fires while it is being read. */
	char *text = lists_get(&c, "LIST m");
	CHECK_NUMBER(lists_count_lines(text), FUSE_SLOW + 5);
	free(text);
	ftp_close(&c);
	server_stop(&s);
	fuse_unmount(M);
}

CU_TestInfo functional_tests[] = {
	{ "a file that grows is sent to its end", test_grows },
	{ "a file replaced during its download is sent as opened",
		test_changes },
	{ "sparse files", test_sparse },
	{ "files larger than 2^32 bytes", test_huge },
	{ "wrong sizes and read errors (FUSE)", test_fuse },
	{ "wrong sizes and read errors (FUSE), with TLS", test_fuse_under_tls },
	{ "a slow directory does not block the session", test_slow_directory },
	CU_TEST_INFO_NULL,
};
