/*
 * suite_quota_scans.c - a directory is counted just while a session has a file
 * there that is not in the count: the count is exact nevertheless.  Scanners
 * that are stopped hold up nobody.
 */
#include "common/base.h"
#include "tests/functional/functional.h"

#include "common/clock.h"
#include "tests/functional/ctl.h"
#include "tests/functional/files.h"
#include "tests/functional/logged.h"
#include "tests/functional/paused.h"
#include "tests/functional/procs.h"
#include "tests/functional/quotas.h"

#include <signal.h>
#include <sys/stat.h>

const char *const functional_name = "quota_scans";

#define ROOT	  "/home/anna"
#define SCANNER	  "sureftpd-scan"
#define LIMIT	  "quota.quota_files=3"
#define CALLS_MAX 300

static bool
exists(const char *path, UNUSED void *context)
{
	return files_exist(path);
}

static void
wait_until_used(struct ftp *c, int bytes, int files)
{
	int64_t deadline = clock_ms() + 20000;
	char text[64];

	snprintf(text, sizeof(text), "200 %d bytes and %d of 3 files used.",
		bytes, files);
	EXPECT(c, 200, "SITE QUOTA");
	while (strcmp(c->text, text) != 0 && !clock_passed(deadline)) {
		clock_sleep_until(clock_ms() + 20);
		EXPECT(c, 200, "SITE QUOTA");
	}
	CHECK_TEXT(c->text, text);
}

/* The first upload of a session makes its file, and waits for the first count
 * of the directory, which finds that file. */
static void
test_first_count(void)
{
	struct server s;
	struct ftp c;
	struct proc p;

	if (!SERVER(&s, LIMIT) ||
	    !CHECK(procs_wait_for_count(QUOTAS_BOOKKEEPER, 1, 5000)))
		return;
	CHECK_NUMBER(procs_list(QUOTAS_BOOKKEEPER, &p, 1), 1);
	CHECK(kill(p.pid, SIGSTOP) == 0);
	if (CHECK(ftp_enter(&c, "anna")) && CHECK(ftp_prepare(&c))) {
		CHECK(ftp_send_text(&c, "STOR f\r\n"));
		CHECK(files_wait_until(ROOT "/f", exists, NULL, 5000));
		CHECK(kill(p.pid, SIGCONT) == 0);
		EXPECT_REPLY(&c, 150);
		CHECK_NUMBER(ftp_data_send(&c, "hello", 5), 5);
		CHECK_NUMBER(ftp_finish(&c), 226);
		EXPECT(&c, 200, "SITE QUOTA");
		CHECK_TEXT(c.text, "200 5 bytes and 1 of 3 files used.");
	}
	(void)kill(p.pid, SIGCONT);
	ftp_close(&c);
	server_stop(&s);
}

/* A killed session makes the bookkeeper count again. */
static void
count_again(void)
{
	struct proc list[3];
	struct ftp other;
	size_t mark = logged_mark();

	if (!CHECK(ftp_enter(&other, "anna")))
		return;
	size_t n = procs_list(PROCS_SESSION, list, ARRAY_SIZE(list));
	pid_t last = 0;
	for (size_t i = 0; i < n && i < ARRAY_SIZE(list); i++)
		last = list[i].pid > last ? list[i].pid : last;
	CHECK(last > 0 && kill(last, SIGKILL) == 0);
	CHECK_LOGGED(mark, "debug bookkeeper: counted " ROOT ": *");
	ftp_close(&other);
}

/* Stop it before its n-th call; false at the end of the command. */
static bool
refuse(struct ftp *c, pid_t pid, int n, int *scans)
{
	if (!CHECK(ftp_prepare(c)) || !CHECK(paused_begin(pid)))
		return false;
	CHECK(ftp_send_text(c, "STOR refused\r\n"));
	bool paused = paused_at(pid, n, c);
	if (paused && files_exist(ROOT "/refused")) {
		count_again();
		++*scans;
	}
	CHECK(paused_end(pid));
	EXPECT_REPLY(c, 552);
	ftp_data_close(c);
	return paused;
}

/* The file of an upload that is refused exists for a moment. */
static void
test_refused(void)
{
	struct server s;
	struct ftp c;
	struct proc p;
	int scans = 0;

	if (!SERVER(&s, LIMIT, "log.level=debug") || !ftp_enter(&c, "anna"))
		return;
	CHECK_NUMBER(procs_list(PROCS_SESSION, &p, 1), 1);
	CHECK_NUMBER(ftp_put(&c, "1", 1, "STOR a"), 226);
	CHECK_NUMBER(ftp_put(&c, "1", 1, "STOR b"), 226);
	CHECK_NUMBER(ftp_put(&c, "1", 1, "STOR c"), 226);
	for (int n = 1; n < CALLS_MAX && refuse(&c, p.pid, n, &scans); n++) {
		/* Of a scan that has ended before the session has asked, the
		 * bookkeeper does not know whether the file was found. */
		wait_until_used(&c, 3, 3);
	}
	printf("counted %d times\n", scans);
	CHECK(scans > 5);
	EXPECT(&c, 250, "DELE a");
	CHECK_NUMBER(ftp_put(&c, "1", 1, "STOR d"), 226);
	ftp_close(&c);
	server_stop(&s);
}

/* Enough files for a scan to take half a second. */
static void
make_files(const char *account)
{
	char path[64];

	for (int i = 0; i < 25000; i++) {
		snprintf(path, sizeof(path), "/home/%s/%d", account, i);
		CHECK(mknod(path, S_IFREG | 0644, 0) == 0);
	}
}

static bool
has_scanner(void *p)
{
	return procs_list(SCANNER, p, 1) == 1;
}

/* Log in, and wait for the scan, which begins only then. */
static void
enter_and_find_scanner(struct ftp *c, const char *account,
	const struct proc *bookkeeper, struct proc *scanner)
{
	CHECK(kill(bookkeeper->pid, SIGSTOP) == 0);
	CHECK(ftp_enter(c, account));
	CHECK(kill(bookkeeper->pid, SIGCONT) == 0);
	CHECK(wait_until(has_scanner, scanner, 5000));
}

/* Start the server, and find its bookkeeper. */
static bool
begin(struct server *s, struct proc *bookkeeper)
{
	return SERVER(s, QUOTAS_BYTES, "quota.quota_bytes=100k") &&
		CHECK(procs_wait_for_count(QUOTAS_BOOKKEEPER, 1, 5000)) &&
		CHECK_NUMBER(procs_list(QUOTAS_BOOKKEEPER, bookkeeper, 1), 1);
}

/* A process of the account may do that at any time; others are counted. */
static void
test_stopped_scanners(void)
{
	static const char *const names[] = { "anna", "bert" };
	struct proc bookkeeper, scanner;
	struct ftp c[2], other;
	struct server s;

	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		make_files(names[i]);
	files_mkdir_as("finn", "/home/finn", 0755);
	if (!begin(&s, &bookkeeper))
		return;
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		enter_and_find_scanner(&c[i], names[i], &bookkeeper, &scanner);
		CHECK(kill(scanner.pid, SIGSTOP) == 0);
		CHECK(procs_wait_for_count(SCANNER, 0, 5000));
	}
	CHECK(ftp_enter(&other, "finn") && EXPECT(&other, 200, "TYPE I"));
	CHECK_NUMBER(quotas_put(&other, 1000, "STOR f"), 226);
	CHECK_LOGGED(0, "warning a scanner was stopped by a process of its "
		"account: killed");
	CHECK_LOGGED(0, "error bookkeeper: cannot count /home/anna: *");
	CHECK_NUMBER(logged_times(0, "* crashed*"), 0);
	ftp_close(&other);
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		ftp_close(&c[i]);
	server_stop(&s);
}

/* A scanner waits for the bookkeeper while the server is upgraded, and is
 * stopped by its account then: the new program ends it, too. */
static void
test_stopped_after_upgrade(void)
{
	struct proc bookkeeper, scanner;
	struct ctl_result r;
	struct server s;
	struct ftp c;

	make_files("anna");
	if (!begin(&s, &bookkeeper))
		return;
	enter_and_find_scanner(&c, "anna", &bookkeeper, &scanner);
	CHECK(kill(bookkeeper.pid, SIGSTOP) == 0);
	CHECK_NUMBER(CTL(&r, "upgrade"), 0);
	size_t mark = logged_mark();
	CHECK(kill(scanner.pid, SIGSTOP) == 0);
	CHECK_LOGGED(mark, "warning a scanner was stopped by a process of its "
		"account: killed");
	CHECK(procs_wait_for_count(SCANNER, 0, 5000));
	CHECK(kill(bookkeeper.pid, SIGCONT) == 0);
	ftp_close(&c);
	server_stop(&s);
}

CU_TestInfo functional_tests[] = {
	{ "P13 a new file while the first count runs", test_first_count },
	{ "P13 the new file of a refused upload", test_refused },
	{ "scanners that their account stops", test_stopped_scanners },
	{ "a scanner that is stopped after an upgrade",
		test_stopped_after_upgrade },
	CU_TEST_INFO_NULL,
};
