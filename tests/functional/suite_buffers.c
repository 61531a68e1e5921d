/*
 * suite_buffers.c - data_send_buffer, data_receive_buffer and transfer_buffer:
 * what the kernel has for the session's sockets, and how many calls a transfer
 * takes.
 */
#include "common/base.h"
#include "tests/functional/functional.h"

#include "common/text.h"
#include "tests/functional/ctl.h"
#include "tests/functional/files.h"
#include "tests/functional/procs.h"
#include "tests/functional/sockets.h"
#include "tests/functional/world.h"

#include <sys/socket.h>
#include <sysexits.h>

const char *const functional_name = "buffers";

#define CAMERA "127.0.0.5"
#define HOME   "/home/anna/"
#define LEN    ((size_t)4 << 20)

static int
size_of(int fd, int option)
{
	return sockets_option(fd, SOL_SOCKET, option);
}

/* The sizes of one download's connection; 0: the kernel's own.  It returns
 * twice what was set (socket(7)). */
static void
check_sizes(struct ftp *c, int send, int receive)
{
	const pid_t session = procs_serving(PROCS_SESSION);

	for (int mode = 0; mode < FTP_MODES; mode++) {
		c->mode = (enum ftp_mode)mode;
		CHECK_NUMBER(ftp_start(c, "RETR big"), 150);
		int fd = sockets_borrow_peer(session, c->data);
		if (!CHECK_SAYS(fd >= 0, "no data connection in mode %d",
			mode))
			return;
		if (send > 0)
			CHECK_NUMBER(size_of(fd, SO_SNDBUF), 2 * send);
		else
			CHECK(size_of(fd, SO_SNDBUF) > 2 * 24576);
		if (receive > 0)
			CHECK_NUMBER(size_of(fd, SO_RCVBUF), 2 * receive);
		else
			CHECK(size_of(fd, SO_RCVBUF) > 2 * 16384);
		close(fd);
		EXPECT(c, 426, "ABOR");
		EXPECT_REPLY(c, 226);
		ftp_data_close(c);
	}
}

static void
write_big(void)
{
	char *big = files_pattern(8 * LEN);

	files_write_as("anna", HOME "big", big, 8 * LEN);
	free(big);
}

/* Each mode opens its sockets in another way. */
static void
test_sockets(void)
{
	struct server s;
	struct ftp c;

	if (!SERVER(&s, "session.data_send_buffer=24k",
	    "session.data_receive_buffer=16k") || !ftp_enter(&c, "anna"))
		return;
	write_big();
	EXPECT(&c, 200, "TYPE I");
	check_sizes(&c, 24576, 16384);
	ftp_close(&c);
	server_stop(&s);
}

/* From the monitor. */
static void
test_privileged_port(void)
{
	struct server s;
	struct ftp c;

	if (!SERVER(&s, "user anna.data_send_buffer=24k",
	    "listener.active_source_port=20") || !ftp_enter(&c, "anna"))
		return;
	write_big();
	EXPECT(&c, 200, "TYPE I");
	check_sizes(&c, 24576, 0);
	ftp_close(&c);
	server_stop(&s);
}

/* The kernel's, except for one client. */
static void
test_client(void)
{
	struct server s;
	struct ftp c;

	if (!SERVER(&s, "client \"" CAMERA "\".data_send_buffer=24k") ||
	    !ftp_enter(&c, "anna"))
		return;
	write_big();
	EXPECT(&c, 200, "TYPE I");
	check_sizes(&c, 0, 0);
	ftp_close(&c);
	CHECK(procs_wait_for_count(PROCS_SESSION, 0, 5000));
	if (!ftp_enter_to(&c, FTP_HOST, CAMERA, "anna"))
		return;
	EXPECT(&c, 200, "TYPE I");
	check_sizes(&c, 24576, 0);
	ftp_close(&c);
	server_stop(&s);
}

/* --- transfer_buffer */

/* Calls that have written something, sendfile() included (proc_pid_io(5)). */
static int64_t
writes_of(pid_t pid)
{
	char path[64], text[1024];
	const char *line;
	int64_t calls;

	snprintf(path, sizeof(path), "/proc/%d/io", pid);
	ssize_t len = files_read(path, text, sizeof(text));
	if (len < 0 || (line = strstr(text, "syscw: ")) == NULL)
		return -1;
	line += strlen("syscw: ");
	return text_number(line, strcspn(line, "\n"), &calls) == 0 ? calls :
		-1;
}

/* One upload and one download, both whole; how many calls each took. */
static void
measure(struct ftp *c, pid_t pid, const char *type, const char *data,
	int64_t calls[2])
{
	int64_t begin = writes_of(pid);
	size_t len = 0;

	CHECK(begin >= 0);
	EXPECT(c, 200, "TYPE %s", type);
	CHECK_NUMBER(ftp_put(c, data, LEN, "STOR f"), 226);
	int64_t middle = writes_of(pid);
	char *got = ftp_get(c, &len, "RETR f");
	calls[0] = middle - begin;
	calls[1] = writes_of(pid) - middle;
	CHECK_SAYS(got != NULL && len == LEN && memcmp(got, data, LEN) == 0,
		"TYPE %s: %zu bytes are not those that were sent", type, len);
	free(got);
}

static void
check_calls(const char *option, const char *type, bool small)
{
	char *data = malloc(LEN + 1);
	int64_t calls[2];
	struct server s;
	struct ftp c;

	if (data == NULL || !SERVER(&s, option) || !ftp_enter(&c, "anna"))
		return;
	/* Without line ends, so that TYPE A changes nothing. */
	memset(data, 'x', LEN);
	measure(&c, procs_serving(PROCS_SESSION), type, data, calls);
	for (int i = 0; i < 2; i++)
		CHECK_SAYS(small == (calls[i] >= (int64_t)(LEN / 4096)),
			"%s, TYPE %s: %" PRId64 " calls for %s", option, type,
			calls[i], i == 0 ? "STOR" : "RETR");
	ftp_close(&c);
	server_stop(&s);
	free(data);
}

static void
test_calls(void)
{
	check_calls("session.transfer_buffer=0", "I", false);
	check_calls("session.transfer_buffer=4k", "I", true);
	check_calls("session.transfer_buffer=4k", "A", true);
	/* Smaller ones count as 4k, and large ones change nothing here. */
	check_calls("session.transfer_buffer=1", "I", true);
	check_calls("session.transfer_buffer=4M", "I", false);
	check_calls("session.transfer_buffer=4M", "A", false);
}

static void
test_ranges(void)
{
	static const char *const bad[] = { "transfer_buffer = 5M",
		"transfer_buffer = -1", "data_send_buffer = 2G",
		"data_receive_buffer = some" };
	static const char *const arguments[] = { "-C", SERVER_CONFIG,
		"--check", NULL };
	struct ctl_result r;

	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		files_writef(SERVER_CONFIG, "[session]\n%s\n", bad[i]);
		CHECK_NUMBER(ctl_run_program(&r, WORLD_SERVER, NULL,
			arguments), EX_CONFIG);
		CHECK_HAS(r.err, SERVER_CONFIG ":2: ");
	}
}

CU_TestInfo functional_tests[] = {
	{ "sockets have the sizes that are set", test_sockets },
	{ "those from a privileged port, too", test_privileged_port },
	{ "for one client only", test_client },
	{ "transfer_buffer is how much each call moves", test_calls },
	{ "sizes out of range are refused", test_ranges },
	CU_TEST_INFO_NULL,
};
