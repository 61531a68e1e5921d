/*
 * test_page.c - the pages of a session and the master's board of them:
 * consistent reads, isolation, and untrusted contents.
 */
#include "common/base.h"
#include "tests/unit/unit.h"

#include "common/clock.h"
#include "common/log/log_context.h"
#include "common/text.h"
#include "daemon/sessions/board.h"

#include <sys/mman.h>
#include <sys/wait.h>

const char *const unit_name = "page";

static struct board *
new_board(void)
{
	struct board *b;

	CU_ASSERT_EQUAL_FATAL(board_new(&b), 0);
	return b;
}

static size_t
take(struct board *b)
{
	ssize_t place = board_take(b);

	CU_ASSERT_TRUE_FATAL(place >= 0);
	return (size_t)place;
}

static struct page_report
read_report(const struct board *b, size_t place)
{
	struct page_report r;

	CU_ASSERT_TRUE_FATAL(board_report(b, place, &r, clock_ms()));
	return r;
}

/* Run this with the pages of the place, in a child; its exit status. */
static int
in_child(const struct board *b, size_t place, int (*run)(void))
{
	const struct page_files files = board_files(b);
	int status = -1;
	pid_t pid = fork();

	CU_ASSERT_TRUE_FATAL(pid >= 0);
	if (pid == 0)
		_exit(page_map(&files, place) == 0 ? run() : 99);
	CU_ASSERT_EQUAL(waitpid(pid, &status, 0), pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}

static int
download(void)
{
	page_idle();
	page_command("RETR");
	page_transfer(PAGE_DOWNLOAD, "/srv/big.iso", 100, 4000);
	page_moved(1500);
	return 0;
}

static int
three_transfers(void)
{
	download();
	page_idle();
	page_command("STOR");
	page_transfer(PAGE_UPLOAD, "/srv/up", 0, PAGE_SIZE_UNKNOWN);
	page_moved(70);
	page_idle();
	page_command("LIST");
	page_transfer(PAGE_LISTING, "", 0, PAGE_SIZE_UNKNOWN);
	page_moved(9);
	page_idle();
	return 0;
}

static void
test_reports(void)
{
	struct board *b = new_board();
	size_t place = take(b), other = take(b);
	int64_t before = clock_ms();

	CU_ASSERT_EQUAL(in_child(b, place, download), 0);
	struct page_report r = read_report(b, place);
	CU_ASSERT_EQUAL(r.state, PAGE_DOWNLOAD);
	CU_ASSERT_STRING_EQUAL(r.verb, "RETR");
	CU_ASSERT_STRING_EQUAL(r.path, "/srv/big.iso");
	CU_ASSERT_EQUAL(r.moved, 1500);
	CU_ASSERT_EQUAL(r.offset, 100);
	CU_ASSERT_EQUAL(r.size, 4000);
	CU_ASSERT_EQUAL(r.down, 0);
	CU_ASSERT_TRUE(r.since >= before && r.since <= clock_ms());
	CU_ASSERT_EQUAL(read_report(b, other).state, PAGE_NONE);
	board_free(b);
}

static void
test_sums(void)
{
	struct board *b = new_board();
	size_t place = take(b);

	CU_ASSERT_EQUAL(in_child(b, place, three_transfers), 0);
	struct page_report r = read_report(b, place);
	CU_ASSERT_EQUAL(r.state, PAGE_IDLE);
	CU_ASSERT_EQUAL(r.down, 1500);
	CU_ASSERT_EQUAL(r.up, 70);
	CU_ASSERT_EQUAL(r.files_down, 1);
	CU_ASSERT_EQUAL(r.files_up, 1);
	CU_ASSERT_EQUAL(r.commands, 3);
	CU_ASSERT_EQUAL(r.moved, 0);
	CU_ASSERT_STRING_EQUAL(r.path, "");
	board_free(b);
}

static int
long_texts(void)
{
	char path[3000];

	memset(path, 'd', sizeof(path));
	path[0] = '/';
	memcpy(path + sizeof(path) - 9, "/the-end", 9);
	page_command("AVERYLONGVERBINDEED");
	page_transfer(PAGE_UPLOAD, path, 0, 1);
	return 0;
}

static int
in_a_jail(void)
{
	log_set_root("/home/anna");
	page_transfer(PAGE_UPLOAD, "/f", 0, 1);
	return 0;
}

static void
test_paths(void)
{
	struct board *b = new_board();
	size_t place = take(b);

	CU_ASSERT_EQUAL(in_child(b, place, long_texts), 0);
	struct page_report r = read_report(b, place);
	CU_ASSERT_EQUAL(strlen(r.path), PAGE_PATH_SIZE - 1);
	CU_ASSERT_EQUAL(strncmp(r.path, "...d", 4), 0);
	CU_ASSERT_STRING_EQUAL(r.path + strlen(r.path) - 8, "/the-end");
	CU_ASSERT_STRING_EQUAL(r.verb, "AVERYLONGVERBIN");
	CU_ASSERT_EQUAL(in_child(b, place, in_a_jail), 0);
	CU_ASSERT_STRING_EQUAL(read_report(b, place).path, "/home/anna/f");
	board_free(b);
}

/* Where a mapping of this file begins in this process; 0 without one. */
static uintptr_t
mapping_of(const char *file)
{
	FILE *maps = fopen("/proc/self/maps", "re");
	char line[1024];
	uintptr_t at = 0;

	if (maps == NULL)
		return 0;
	while (at == 0 && fgets(line, sizeof(line), maps) != NULL)
		for (const char *c = line; strstr(line, file) && *c != '-'; c++)
			at = at * 16 + (uintptr_t)(text_is_digit(*c) ?
				*c - '0' : *c - 'a' + 10);
	fclose(maps);
	return at;
}

static int
cannot_write_orders(void)
{
	size_t size = (size_t)sysconf(_SC_PAGESIZE);
	void *at = (void *)mapping_of("memfd:orders");

	if (at == NULL)
		return 1;
	return mprotect(at, size, PROT_READ | PROT_WRITE) < 0 &&
		errno == EACCES ? 0 : 2;
}

static int
obeys(void)
{
	struct page_order o = page_order();

	return page_order_number() == 2 && o.download_rate == 1000 &&
		o.upload_rate == 2000 && o.log_level == 4 ? 0 : 1;
}

static int
has_no_orders(void)
{
	struct page_order o = page_order();

	return page_order_number() == 0 && o.download_rate == 0 &&
		o.log_level == 0 ? 0 : 1;
}

static void
test_orders(void)
{
	struct board *b = new_board();
	size_t place = take(b), other = take(b);
	struct page_order o = { .log_level = 4, .download_rate = 1000,
		.upload_rate = 2000 };

	board_set_order(b, place, &o);
	CU_ASSERT_EQUAL(in_child(b, place, obeys), 0);
	CU_ASSERT_EQUAL(in_child(b, other, has_no_orders), 0);
	CU_ASSERT_EQUAL(in_child(b, place, cannot_write_orders), 0);
	CU_ASSERT_EQUAL(board_order(b, place).upload_rate, 2000);
	board_free(b);
}

/* A fork copies none of the master's mappings. */
static void
test_not_inherited(void)
{
	struct board *b = new_board();
	int status = -1;

	take(b);
	CU_ASSERT_NOT_EQUAL(mapping_of("memfd:reports"), 0);
	pid_t pid = fork();
	if (pid == 0)
		_exit(mapping_of("memfd:reports") == 0 &&
			mapping_of("memfd:orders") == 0 ? 0 : 1);
	CU_ASSERT_EQUAL(waitpid(pid, &status, 0), pid);
	CU_ASSERT_EQUAL(status, 0);
	board_free(b);
}

/* What a place's last worker left is gone; the same place is not used again at
 * once; and there may be any number. */
static void
test_places(void)
{
	struct board *b = new_board();
	size_t first = take(b);
	struct page_order o = { .download_rate = 5 };
	size_t again = first + 1;

	CU_ASSERT_EQUAL(in_child(b, first, download), 0);
	board_set_order(b, first, &o);
	board_give_back(b, first);
	CU_ASSERT_NOT_EQUAL(take(b), first);
	for (int i = 0; i < 1000 && again != first; i++)
		again = take(b);
	CU_ASSERT_EQUAL(again, first);
	CU_ASSERT_EQUAL(read_report(b, first).state, PAGE_NONE);
	CU_ASSERT_EQUAL(read_report(b, first).moved, 0);
	CU_ASSERT_EQUAL(board_order(b, first).download_rate, 0);
	for (int i = 0; i < 2000; i++)
		again = take(b);
	CU_ASSERT_TRUE(again >= 2000);
	CU_ASSERT_EQUAL(in_child(b, again, download), 0);
	CU_ASSERT_EQUAL(read_report(b, again).moved, 1500);
	CU_ASSERT_EQUAL(in_child(b, first, download), 0);
	CU_ASSERT_EQUAL(read_report(b, first).moved, 1500);
	board_free(b);
}

static void
test_lies(void)
{
	struct page_report page, r;

	memset(&page, 0xff, sizeof(page));
	CU_ASSERT_FALSE(page_read(&page, &r, 1000));	/* odd */
	page.sequence = 2;
	CU_ASSERT_TRUE(page_read(&page, &r, 1000));
	CU_ASSERT_EQUAL(r.state, PAGE_NONE);
	CU_ASSERT_EQUAL(r.moved, 0);
	CU_ASSERT_EQUAL(r.size, PAGE_SIZE_UNKNOWN);
	CU_ASSERT_EQUAL(r.down, 0);
	CU_ASSERT_EQUAL(strlen(r.verb), PAGE_VERB_SIZE - 1);
	CU_ASSERT_EQUAL(strlen(r.path), PAGE_PATH_SIZE - 1);
	page.since = page.up = INT64_MAX;
	CU_ASSERT_TRUE(page_read(&page, &r, 1000));
	CU_ASSERT_EQUAL(r.since, 1000);
	/* Sums of several cannot overflow. */
	CU_ASSERT_TRUE(r.up <= INT64_MAX / 4);
}

/* Each record says in three places which one it is. */
static int
writes_all_the_time(void)
{
	for (int64_t i = 0; i < 300000; i++) {
		char path[32];
		snprintf(path, sizeof(path), "/%" PRId64, i);
		page_transfer(PAGE_UPLOAD, path, i, i);
	}
	return 0;
}

static void
test_whole_records(void)
{
	struct board *b = new_board();
	const struct page_files files = board_files(b);
	size_t place = take(b);
	int status = -1, whole = 0, torn = 0;
	pid_t pid = fork();

	if (pid == 0)
		_exit(page_map(&files, place) == 0 ?
			writes_all_the_time() : 99);
	while (waitpid(pid, &status, WNOHANG) == 0) {
		struct page_report r;
		char path[32];
		if (!board_report(b, place, &r, clock_ms()) ||
			r.state == PAGE_NONE)
			continue;
		snprintf(path, sizeof(path), "/%" PRId64, r.offset);
		if (r.offset == r.size && strcmp(path, r.path) == 0)
			whole++;
		else
			torn++;
	}
	CU_ASSERT_EQUAL(status, 0);
	CU_ASSERT_EQUAL(torn, 0);
	CU_ASSERT_TRUE(whole > 0);
	board_free(b);
}

static void
test_without_pages(void)
{
	CU_ASSERT_PTR_NULL(page_own());
	CU_ASSERT_EQUAL(three_transfers(), 0);
	CU_ASSERT_EQUAL(has_no_orders(), 0);
	page_unmap();
}

CU_TestInfo unit_tests[] = {
	{ "a session's report reaches the master", test_reports },
	{ "bytes and files add up, listings aside", test_sums },
	{ "long paths keep their end, jails are named", test_paths },
	{ "a session has its own orders, and cannot write them", test_orders },
	{ "a fork inherits no mapping", test_not_inherited },
	{ "places are cleared, reused late, and added if needed", test_places },
	{ "an invalid report is made valid", test_lies },
	{ "a record is read consistently or not at all", test_whole_records },
	{ "without pages the functions do nothing", test_without_pages },
	CU_TEST_INFO_NULL,
};
