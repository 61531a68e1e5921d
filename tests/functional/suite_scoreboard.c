/*
 * suite_scoreboard.c - the state of sessions as shown by sureftpctl who.
 */
#include "common/base.h"
#include "tests/functional/functional.h"

#include "common/process/page.h"
#include "tests/functional/ctl.h"
#include "tests/functional/files.h"
#include "tests/functional/procs.h"

#include <fcntl.h>
#include <sysexits.h>

const char *const functional_name = "scoreboard";

#define FILE_SIZE (8 << 20)
#define PART	  (3 << 20)

static struct ctl_result r;

/* The number that follows this key in the JSON of the only session. */
static long long
number_of(const char *key)
{
	char wanted[64];
	long long n = 0;

	CHECK_NUMBER(CTL(&r, "who", "--json"), EX_OK);
	snprintf(wanted, sizeof(wanted), "\"%s\":", key);
	const char *at = strstr(r.out, wanted);
	if (!CHECK_SAYS(at != NULL, "%s lacks %s", r.out, wanted))
		return -1;
	for (at += strlen(wanted); *at >= '0' && *at <= '9'; at++)
		n = n * 10 + (*at - '0');
	return n;
}

struct wanted {
	const char *key;
	long long number;
};

static bool
has_number(void *context)
{
	const struct wanted *w = context;

	return number_of(w->key) == w->number;
}

static void
comes(const char *key, long long number)
{
	struct wanted w = { key, number };

	CHECK_SAYS(wait_until(has_number, &w, 3000), "%s is %lld", key,
		number_of(key));
}

static void
read_part(struct ftp *c, size_t part)
{
	static char data[65536];

	for (size_t got = 0, n = 1; got < part && n > 0; got += n)
		n = ftp_data_read(c, data, sizeof(data));
}

static void
test_download(void)
{
	struct server s;
	struct ftp c;
	char *data = files_pattern(FILE_SIZE);

	if (!SERVER(&s) || !ftp_enter(&c, "anna"))
		goto out;
	CHECK_HAS(CTL(&r, "who", "--json") == EX_OK ? r.out : "",
		"\"activity\":\"idle\"");
	CHECK(files_write("/home/anna/big", data, FILE_SIZE));
	EXPECT(&c, 200, "TYPE I");
	EXPECT(&c, 350, "REST 1048576");
	CHECK_NUMBER(ftp_start(&c, "RETR big"), 150);
	read_part(&c, PART);
	CHECK(number_of("moved") >= PART);
	CHECK_HAS(r.out, "\"activity\":\"download\"");
	CHECK_HAS(r.out, "\"verb\":\"RETR\",\"path\":\"/home/anna/big\","
		"\"offset\":1048576,");
	CHECK_HAS(r.out, "\"size\":8388608,");
	CHECK(number_of("down") >= PART);
	CHECK_NUMBER(CTL(&r, "who"), EX_OK);
	CHECK_HAS(ctl_line(r.out, 1), "download");
	CHECK_HAS(ctl_line(r.out, 1), "RETR /home/anna/big ");
	CHECK_HAS(ctl_line(r.out, 1), "%");
	read_part(&c, FILE_SIZE);
	CHECK_NUMBER(ftp_finish(&c), 226);
	comes("down", FILE_SIZE - (1 << 20));
	comes("files_down", 1);
	CHECK_NUMBER(number_of("moved"), 0);
	CHECK_HAS(r.out, "\"activity\":\"idle\"");
	ftp_close(&c);
	server_stop(&s);
out:
	free(data);
}

static void
test_upload(void)
{
	struct server s;
	struct ftp c;
	char *data = files_pattern(PART);

	if (!SERVER(&s) || !ftp_enter(&c, "anna"))
		goto out;
	EXPECT(&c, 200, "TYPE I");
	CHECK_NUMBER(ftp_start(&c, "STOR new\033"), 150);
	CHECK(ftp_data_send(&c, data, PART) == PART);
	comes("moved", PART);
	CHECK_HAS(r.out, "\"activity\":\"upload\"");
	CHECK_HAS(r.out, "\"path\":\"/home/anna/new\\u001b\"");
	CHECK_HAS(r.out, "\"size\":null");
	CHECK_NUMBER(CTL(&r, "who"), EX_OK);
	CHECK_HAS(ctl_line(r.out, 1), "3.0M  STOR /home/anna/new\\x1B");
	CHECK_NUMBER(ftp_finish(&c), 226);
	comes("files_up", 1);
	CHECK_NUMBER(number_of("up"), PART);
	CHECK_NUMBER(number_of("down"), 0);
	ftp_close(&c);
	server_stop(&s);
out:
	free(data);
}

/* In a jail the path is the host's. */
static void
test_jail(void)
{
	struct server s;
	struct ftp c;

	if (!SERVER(&s, "session.jail=home") || !ftp_enter(&c, "anna"))
		return;
	CHECK_NUMBER(ftp_start(&c, "STOR /in"), 150);
	CHECK_NUMBER(ftp_data_send(&c, "x", 1), 1);
	comes("moved", 1);
	CHECK_HAS(r.out, "\"path\":\"/home/anna/in\"");
	CHECK_NUMBER(ftp_finish(&c), 226);
	ftp_close(&c);
	server_stop(&s);
}

/* Where the report page of a process is in its memory; 0: nowhere. */
static uintptr_t
page_of(pid_t pid)
{
	static char maps[262144];
	char path[64];
	uintptr_t at = 0;

	snprintf(path, sizeof(path), "/proc/%d/maps", pid);
	CHECK(files_read(path, maps, sizeof(maps)) > 0);
	const char *line = strstr(maps, "/memfd:reports");
	while (line != NULL && line > maps && line[-1] != '\n')
		line--;
	for (; line != NULL && *line != '-'; line++)
		at = at * 16 + (uintptr_t)(*line <= '9' ? *line - '0' :
			*line - 'a' + 10);
	return at;
}

static void
forge(pid_t pid, const struct page_report *page)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/mem", pid);
	int fd = open(path, O_RDWR | O_CLOEXEC);
	CHECK(pwrite(fd, page, sizeof(*page), (off_t)page_of(pid)) ==
		(ssize_t)sizeof(*page));
	close(fd);
}

static bool
is_tame(const char *text)
{
	for (; *text != '\0'; text++)
		if (*text != '\n' && (*text < ' ' || *text > '~'))
			return false;
	return true;
}

/* A compromised session writes arbitrary data. */
static void
test_lies(void)
{
	struct server s;
	struct ftp c, other;
	struct page_report page;

	if (!SERVER(&s) || !ftp_enter(&c, "anna"))
		return;
	pid_t liar = procs_serving(PROCS_SESSION);
	CHECK(ftp_enter(&other, "bert"));
	memset(&page, 0xff, sizeof(page));
	forge(liar, &page);
	CHECK_NUMBER(CTL(&r, "who", "--json"), EX_OK);
	CHECK_NUMBER(ctl_json_lines(r.out), 2);
	CHECK_HAS(ctl_line(r.out, 0), "\"activity\":\"unknown\"");
	CHECK_HAS(ctl_line(r.out, 1), "\"activity\":\"idle\"");
	/* Now with a valid sequence number. */
	page.sequence = 4;
	page.state = PAGE_DOWNLOAD;
	page.moved = page.size = page.down = INT64_MAX;
	memset(page.path, '\n', sizeof(page.path));
	memcpy(page.verb, "\033[2J\r\n99", 9);
	forge(liar, &page);
	CHECK_NUMBER(CTL(&r, "who", "--json"), EX_OK);
	CHECK_NUMBER(ctl_json_lines(r.out), 2);
	CHECK(is_tame(r.out));
	CHECK_NUMBER(CTL(&r, "who"), EX_OK);
	CHECK(is_tame(r.out));
	CHECK_HAS(ctl_line(r.out, 1), "\\x1B[2J\\x0D\\x0A99");
	CHECK_HAS(ctl_line(r.out, 2), "bert");
	CHECK_TEXT(ctl_line(r.out, 3), "");
	CHECK_NUMBER(CTL(&r, "status"), EX_OK);
	/* It continues, like all other processes. */
	EXPECT(&c, 200, "NOOP");
	EXPECT(&other, 200, "NOOP");
	ftp_close(&c);
	ftp_close(&other);
	server_stop(&s);
}

CU_TestInfo functional_tests[] = {
	{ "a download after REST, and the totals", test_download },
	{ "an upload with a hostile name", test_upload },
	{ "in a jail", test_jail },
	{ "a session with forged data on its page", test_lies },
	CU_TEST_INFO_NULL,
};
