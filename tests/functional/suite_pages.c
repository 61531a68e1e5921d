/*
 * suite_pages.c - the memory that a session shares with the master: only its
 * own pages (common/process/page.h).
 */
#include "common/base.h"
#include "tests/functional/functional.h"

#include "tests/functional/files.h"
#include "tests/functional/ftps_certs.h"
#include "tests/functional/inject.h"
#include "tests/functional/procs.h"

#include <sys/mman.h>
#include <sys/syscall.h>

const char *const functional_name = "pages";

#define MAPS_SIZE 262144

/* A shared mapping as /proc shows it. */
struct shared {
	char rights[8];
	uintptr_t begin;
	size_t bytes;
	uintptr_t offset;
};

static uintptr_t
hex(const char **text)
{
	uintptr_t n = 0;

	for (; **text != '\0' && strchr("0123456789abcdef", **text); ++*text)
		n = n * 16 + (uintptr_t)(**text <= '9' ? **text - '0' :
			**text - 'a' + 10);
	++*text;
	return n;
}

/* "55d0-55d1 rw-s 00003000 00:01 2059 /memfd:reports (deleted)" */
static struct shared
parse(const char *line)
{
	struct shared s = { 0 };
	uintptr_t begin = hex(&line), end = hex(&line);

	s.begin = begin;
	s.bytes = end - begin;
	memcpy(s.rights, line, 4);
	line += 5;
	s.offset = hex(&line);
	return s;
}

/* The mappings of this file that a process has: how many, and the last. */
static size_t
mappings(pid_t pid, const char *file, struct shared *last)
{
	char path[64], *text = malloc(MAPS_SIZE), *save = NULL;
	size_t n = 0;

	snprintf(path, sizeof(path), "/proc/%d/maps", pid);
	CHECK_SAYS(files_read(path, text, MAPS_SIZE) > 0, "no maps of %d",
		(int)pid);
	for (char *line = strtok_r(text, "\n", &save); line != NULL;
	     line = strtok_r(NULL, "\n", &save))
		if (strstr(line, file) != NULL) {
			*last = parse(line);
			n++;
		}
	free(text);
	return n;
}

static struct shared
only_page(pid_t pid, const char *file, const char *rights)
{
	struct shared s = { 0 };

	CHECK_NUMBER(mappings(pid, file, &s), 1);
	CHECK_TEXT(s.rights, rights);
	CHECK_NUMBER(s.bytes, sysconf(_SC_PAGESIZE));
	return s;
}

static void
check_none(const char *process)
{
	struct proc list[16];
	struct shared s;
	size_t n = procs_list(process, list, ARRAY_SIZE(list));

	CHECK_SAYS(n > 0, "no %s", process);
	for (size_t i = 0; i < n && i < ARRAY_SIZE(list); i++) {
		CHECK_NUMBER(mappings(list[i].pid, "memfd:reports", &s), 0);
		CHECK_NUMBER(mappings(list[i].pid, "memfd:orders", &s), 0);
	}
}

static void
test_own_pages_only(void)
{
	struct server s;
	struct ftp a, b;
	struct proc list[8], monitors[16];

	if (!SERVER(&s) || !ftp_enter(&a, "anna") || !ftp_enter(&b, "bert"))
		return;
	CHECK(procs_settle());
	CHECK_NUMBER(procs_list(PROCS_SESSION, list, 8), 2);
	struct shared first = only_page(list[0].pid, "memfd:reports", "rw-s");
	struct shared second = only_page(list[1].pid, "memfd:reports", "rw-s");
	CHECK(first.offset != second.offset);
	CHECK_NUMBER(only_page(list[0].pid, "memfd:orders", "r--s").offset,
		first.offset);
	CHECK_NUMBER(only_page(list[1].pid, "memfd:orders", "r--s").offset,
		second.offset);
	/* Each monitor has those of its own session. */
	size_t n = procs_list(PROCS_MONITOR, monitors, 16);
	for (size_t i = 0; i < n && i < 16; i++) {
		struct shared m = only_page(monitors[i].pid, "memfd:reports",
			"rw-s");
		for (size_t k = 0; k < 2; k++)
			CHECK((list[k].ppid == monitors[i].pid) ==
				(m.offset == (k == 0 ? first : second).offset));
	}
	/* The monitors of both sessions have exited; these are those of idle
	 * workers. */
	CHECK(procs_wait_for_count(PROCS_GREETER, 2, 3000));
	check_none(PROCS_GREETER);
	check_none(PROCS_RECORDER);
	ftp_close(&a);
	ftp_close(&b);
	server_stop(&s);
}

static void
test_keeper_and_relay(void)
{
	struct server s;
	struct shared m;

	if (!FTPS_SERVER(&s))
		return;
	check_none(PROCS_KEEPER);
	/* The master has all of them, once. */
	CHECK_NUMBER(mappings(s.pid, "memfd:reports", &m), 1);
	CHECK_NUMBER(mappings(s.pid, "memfd:orders", &m), 1);
	server_stop(&s);
}

/* Nobody else can forge the counters. */
static void
test_metrics(void)
{
	struct proc list[32];
	struct server s;
	struct shared m;
	struct ftp c;

	if (!FTPS_SERVER(&s) || !ftp_enter(&c, "anna") ||
	    !CHECK(procs_wait_for_count(PROCS_GREETER, 2, 3000)) ||
	    !CHECK(procs_settle()))
		return;
	size_t n = procs_list(NULL, list, ARRAY_SIZE(list));
	CHECK(n >= 6);
	for (size_t i = 0; i < n && i < ARRAY_SIZE(list); i++) {
		bool writes = list[i].pid == s.pid ||
			strcmp(list[i].name, PROCS_RECORDER) == 0;
		CHECK_SAYS(mappings(list[i].pid, "memfd:metrics", &m) ==
			(writes ? 1 : 0), "%s, %d", list[i].name, list[i].pid);
	}
	ftp_close(&c);
	server_stop(&s);
}

/* No descriptor of the files that hold them is left. */
static void
test_descriptors(void)
{
	struct server s;
	struct ftp c;
	struct proc list[32];
	char text[256];

	if (!SERVER(&s) || !ftp_enter(&c, "anna"))
		return;
	size_t n = procs_list(NULL, list, ARRAY_SIZE(list));
	for (size_t i = 0; i < n && i < ARRAY_SIZE(list); i++)
		for (int fd = 0; fd < 128 && list[i].pid != s.pid; fd++) {
			procs_descriptor(list[i].pid, fd, text, sizeof(text));
			CHECK_SAYS(strstr(text, "memfd:") == NULL,
				"%s has %s open", list[i].name, text);
		}
	ftp_close(&c);
	server_stop(&s);
}

/* The pages of other sessions are next to its own in the file: the mapping must
 * not grow over them. */
static void
check_cannot_grow(pid_t pid, const char *file)
{
	struct captive captive;
	struct shared own;

	if (!CHECK_NUMBER(mappings(pid, file, &own), 1) ||
	    !CHECK(inject_capture(&captive, pid)))
		return;
	const uint64_t args[6] = { own.begin, own.bytes, 8 * own.bytes,
		MREMAP_MAYMOVE };
	CHECK_NUMBER(inject_syscall(&captive, SYS_mremap, args), -ENOMEM);
	CHECK(inject_release(&captive));
}

static void
test_no_growth(void)
{
	struct server s;
	struct ftp c;

	if (!SERVER(&s) || !ftp_enter(&c, "anna"))
		return;
	check_cannot_grow(procs_serving(PROCS_SESSION), "memfd:reports");
	check_cannot_grow(procs_serving(PROCS_SESSION), "memfd:orders");
	EXPECT(&c, 200, "NOOP");
	ftp_close(&c);
	server_stop(&s);
}

CU_TestInfo functional_tests[] = {
	{ "a session maps its own pages, and can only read its orders",
		test_own_pages_only },
	{ "a captured session cannot map the pages of others",
		test_no_growth },
	{ "keeper and recorder map no pages", test_keeper_and_relay },
	{ "only master and recorder map the metrics", test_metrics },
	{ "no worker holds the files of all pages", test_descriptors },
	CU_TEST_INFO_NULL,
};
