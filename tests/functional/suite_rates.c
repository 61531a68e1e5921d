/*
 * suite_rates.c - rate limits of transfers.
 *
 * Upper bounds are strict.  Lower bounds are loose, because a busy machine can
 * make everything slower; test_rate and test_share check the exact limits with
 * simulated clocks.
 */
#include "common/base.h"
#include "tests/functional/functional.h"

#include "common/clock.h"
#include "tests/functional/ctl.h"
#include "tests/functional/files.h"
#include "tests/functional/ftps.h"
#include "tests/functional/ftps_certs.h"
#include "tests/functional/procs.h"

#include <poll.h>
#include <sys/socket.h>

const char *const functional_name = "rates";

#define FILE_LEN (160 << 10)

static char *content;

static void
make_file(const char *account)
{
	char path[64];

	if (content == NULL)
		content = files_pattern(FILE_LEN);
	snprintf(path, sizeof(path), "/home/%s/f", account);
	files_write_as(account, path, content, FILE_LEN);
}

/* A file of 160 KiB at 200 KiB/s takes 0.8 seconds, but for the piece that
 * moves at once. */
static void
check_took(int64_t began, const char *what)
{
	int64_t took = clock_ms() - began;

	CHECK_SAYS(took >= 750 && took < 6000, "%s took %" PRId64 " ms",
		what, took);
}

static void
check_download(struct ftp *c, const char *what)
{
	size_t len;
	int64_t began = clock_ms();
	char *got = ftp_get(c, &len, "RETR f");

	check_took(began, what);
	EXPECT_WAS(c, 226);
	CHECK(got != NULL && len == FILE_LEN &&
	    memcmp(got, content, len) == 0);
	free(got);
}

static void
check_upload(struct ftp *c, const char *what)
{
	int64_t began = clock_ms();

	CHECK_NUMBER(ftp_put(c, content, FILE_LEN, "STOR g"), 226);
	check_took(began, what);
}

/* With each CR LF as LF. */
static void
check_stored_as_text(const char *path)
{
	char *expected = malloc(FILE_LEN);
	size_t len = 0;

	if (expected == NULL)
		abort();
	for (size_t i = 0; i < FILE_LEN; i++)
		if (content[i] != '\r' || content[i + 1] != '\n')
			expected[len++] = content[i];
	CHECK(len < FILE_LEN && files_same(path, expected, len));
	free(expected);
}

#define SLOW "limits.max_download_rate=200k", "limits.max_upload_rate=200k"

static void
test_plain(void)
{
	struct server s;
	struct ftp c;

	if (!SERVER(&s, SLOW) || !ftp_enter(&c, "anna"))
		return;
	make_file("anna");
	EXPECT(&c, 200, "TYPE I");
	check_download(&c, "RETR");
	check_upload(&c, "STOR");
	/* Through the buffers that ASCII needs. */
	EXPECT(&c, 200, "TYPE A");
	check_upload(&c, "STOR in ASCII");
	check_stored_as_text("/home/anna/g");
	ftp_close(&c);
	server_stop(&s);
}

static void
test_tls(void)
{
	struct server s;
	struct ftps t;

	if (!FTPS_SERVER(&s, SLOW))
		return;
	ftps_init(&t);
	if (!ftps_enter(&t, "anna"))
		return;
	make_file("anna");
	EXPECT(&t.c, 200, "TYPE I");
	check_download(&t.c, "RETR under TLS");
	check_upload(&t.c, "STOR under TLS");
	ftp_close(&t.c);
	server_stop(&s);
}

/* Many small files together do not exceed the limit either. */
static void
test_small_files(void)
{
	struct server s;
	struct ftp c;
	int64_t began;

	if (!SERVER(&s, "limits.max_download_rate=40k") ||
	    !ftp_enter(&c, "anna"))
		return;
	if (content == NULL)
		content = files_pattern(FILE_LEN);
	files_write_as("anna", "/home/anna/s", content, 4096);
	EXPECT(&c, 200, "TYPE I");
	began = clock_ms();
	for (int i = 0; i < 10; i++) {
		size_t len;
		char *got = ftp_get(&c, &len, "RETR s");
		CHECK(got != NULL && len == 4096);
		free(got);
	}
	/* 40 KiB: one second. */
	int64_t took = clock_ms() - began;
	CHECK_SAYS(took >= 850 && took < 6000, "%" PRId64 " ms", took);
	ftp_close(&c);
	server_stop(&s);
}

/* A throttled session answers immediately, is not treated as stalled, and uses
 * almost no processor time. */
static void
test_answers(void)
{
	struct server s;
	struct ftp c;

	if (!SERVER(&s, "limits.max_download_rate=2k",
	    "limits.data_timeout=1") || !ftp_enter(&c, "anna"))
		return;
	make_file("anna");
	EXPECT(&c, 200, "TYPE I");
	CHECK_NUMBER(ftp_start(&c, "RETR f"), 150);
	pid_t session = procs_serving(PROCS_SESSION);
	int64_t ticks = procs_ticks(session);
	/* Longer than data_timeout. */
	wait_for_time(1500);
	CHECK_SAYS(procs_ticks(session) - ticks < 10, "%" PRId64 " ticks",
		procs_ticks(session) - ticks);
	int64_t began = clock_ms();
	EXPECT(&c, 211, "STAT");
	EXPECT(&c, 426, "ABOR");
	EXPECT_REPLY(&c, 226);
	CHECK(clock_ms() - began < 1000);
	ftp_data_close(&c);
	ftp_close(&c);
	server_stop(&s);
}

/* What has come on the data connections until then. */
static void
read_for(struct ftp *c, size_t *got, size_t n, int64_t ms)
{
	static char scratch[65536];
	struct pollfd fds[8];
	int64_t until = clock_ms() + ms;

	while (clock_ms() < until) {
		for (size_t i = 0; i < n; i++)
			fds[i] = (struct pollfd){ c[i].data, POLLIN, 0 };
		if (poll(fds, n, (int)(until - clock_ms())) <= 0)
			continue;
		for (size_t i = 0; i < n; i++) {
			ssize_t len = fds[i].revents == 0 ? 0 :
			    recv(c[i].data, scratch, sizeof(scratch),
				MSG_DONTWAIT);
			got[i] += len > 0 ? (size_t)len : 0;
		}
	}
}

/* Two sessions share 400 kB/s: together no more, and each about a half. */
static void
check_shared(struct ftp *c)
{
	size_t got[2] = { 0, 0 };

	for (int i = 0; i < 2; i++) {
		EXPECT(&c[i], 200, "TYPE I");
		CHECK_NUMBER(ftp_start(&c[i], "RETR big"), 150);
	}
	read_for(c, got, 2, 1500);
	size_t both = got[0] + got[1];
	CHECK_SAYS(both < 700000 && both > 200000, "%zu bytes", both);
	CHECK_SAYS(got[0] < 2 * got[1] && got[1] < 2 * got[0],
		"%zu and %zu bytes", got[0], got[1]);
	for (int i = 0; i < 2; i++) {
		ftp_data_close(&c[i]);
		ftp_close(&c[i]);
	}
}

static void enter_both(struct ftp *c, const char *first, const char *second);

/* Members of the group, set in its section. */
static void
test_group(void)
{
	struct server s;
	struct ftp c[2];

	server_configure("[group team]\nmax_group_download_rate = 400000\n");
	if (!SERVER(&s))
		return;
	enter_both(c, "anna", "bert");
	check_shared(c);
	server_stop(&s);
}

static void
enter_both(struct ftp *c, const char *first, const char *second)
{
	const char *const names[] = { first, second };

	for (int i = 0; i < 2; i++) {
		char path[64];
		snprintf(path, sizeof(path), "/home/%s/big", names[i]);
		files_write_as(names[i], path, "", 0);
		CHECK_NUMBER(truncate(path, 64 << 20), 0);
		ftp_enter(&c[i], names[i]);
	}
}

static void
test_shared(void)
{
	static const char *const options[] = {
		"limits.max_user_download_rate=400000",
		"limits.max_server_download_rate=400000",
		"listener.max_download_rate=400000",
	};
	struct server s;
	struct ftp c[2];

	for (size_t i = 0; i < ARRAY_SIZE(options); i++) {
		if (!SERVER(&s, options[i]))
			return;
		enter_both(c, "anna", i == 0 ? "anna" : "bert");
		check_shared(c);
		server_stop(&s);
	}
}

/* Bytes that come in one second, after 0.3 seconds for what was on its way. */
static size_t
bytes_now(struct ftp *c)
{
	size_t got = 0;

	read_for(c, &got, 1, 300);
	got = 0;
	read_for(c, &got, 1, 1000);
	return got;
}

static void
check_set(struct ftp *c, const char *name, const char *value,
	const char *option, const char *which, size_t most)
{
	struct ctl_result r;

	CHECK_NUMBER(option == NULL ? CTL(&r, "set", name, value) :
		CTL(&r, "set", name, value, option, which), 0);
	size_t got = bytes_now(c);
	CHECK_SAYS(got < most && got > most / 8, "%s %s: %zu bytes", name,
		value, got);
}

/* sureftpctl changes limits of a running transfer. */
static void
test_set(void)
{
	struct server s;
	struct ftp c[2];

	if (!SERVER(&s, "limits.max_download_rate=100000"))
		return;
	enter_both(c, "anna", "bert");
	EXPECT(&c[0], 200, "TYPE I");
	CHECK_NUMBER(ftp_start(&c[0], "RETR big"), 150);
	size_t got = bytes_now(c);
	CHECK_SAYS(got < 135000, "%zu bytes", got);
	check_set(c, "download_rate", "300k", "--user", "anna", 400000);
	check_set(c, "max_user_download_rate", "40k", "--user", "anna", 54000);
	check_set(c, "max_user_download_rate", "0", "--user", "anna", 400000);
	check_set(c, "max_server_download_rate", "20k", NULL, NULL, 27000);
	ftp_data_close(&c[0]);
	ftp_close(&c[0]);
	ftp_close(&c[1]);
	server_stop(&s);
}

CU_TestInfo functional_tests[] = {
	{ "downloads and uploads do not exceed their limit", test_plain },
	{ "downloads and uploads do not exceed their limit, with TLS",
		test_tls },
	{ "many small files do not exceed the limit", test_small_files },
	{ "a throttled transfer answers, and is not stalled", test_answers },
	{ "sessions share a limit", test_shared },
	{ "members of a group share its limit", test_group },
	{ "limits of a running transfer can be changed", test_set },
	CU_TEST_INFO_NULL,
};
