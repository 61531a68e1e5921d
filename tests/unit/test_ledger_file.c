/*
 * test_ledger_file.c - the ledger of other servers is read and written.
 */
#include "common/base.h"

#include "common/io.h"
#include "daemon/quota/ledger_file.h"
#include "tests/unit/scratch.h"
#include "tests/unit/unit.h"

#include <fcntl.h>
#include <sys/stat.h>

const char *const unit_name = "ledger_file";

static void
check(const char *text, int64_t bytes, int64_t changes, int64_t empty)
{
	struct ledger l;
	size_t line;

	CU_ASSERT_EQUAL_FATAL(ledger_parse(text, strlen(text), &l, &line), 0);
	CU_ASSERT_EQUAL(l.bytes, bytes);
	CU_ASSERT_EQUAL(l.changes, changes);
	CU_ASSERT_EQUAL(l.empty_lines, empty);
}

static void
test_good(void)
{
	check("1000\n", 1000, 0, 0);
	check("1000", 1000, 0, 0);
	check("1000\n+24\n-500\n30\n", 554, 3, 0);
	check("0\n", 0, 0, 0);
	check("-5\n", -5, 0, 0);
	check("10\n\n5\n\n\n", 15, 1, 3);
	check("\n10\n", 10, 0, 1);
	check(" 10 \r\n\t-3\r\n", 7, 1, 0);
	check("9223372036854775807\n-1\n", INT64_MAX - 1, 1, 0);
}

static void
check_bad(const char *text, size_t len, size_t bad)
{
	struct ledger l;
	size_t line;

	CU_ASSERT_EQUAL(ledger_parse(text, len, &l, &line), -EINVAL);
	CU_ASSERT_EQUAL(line, bad);
}

static void
test_bad(void)
{
	check_bad("", 0, 0);
	check_bad("\n\n", 2, 2);
	check_bad("x\n", 2, 1);
	check_bad("10\n1e3\n", 7, 2);
	check_bad("10\n--3\n", 7, 2);
	check_bad("10\n+\n", 5, 2);
	check_bad("10 20\n", 6, 1);
	check_bad("1\0\n", 3, 1);
	check_bad("9223372036854775808\n", 20, 1);
	check_bad("9223372036854775807\n1\n", 22, 2);
	check_bad("-9223372036854775807\n-2\n", 24, 2);
}

static void
check_text(const char *expected)
{
	char text[256];

	CU_ASSERT_TRUE_FATAL(io_read_file("ledger", text, sizeof(text)) >= 0);
	CU_ASSERT_STRING_EQUAL(text, expected);
}

static void
test_write(void)
{
	struct ledger_file f = { 0 };
	struct scratch t;

	scratch_open(&t);
	CU_ASSERT_EQUAL(ledger_file_write(&f, AT_FDCWD, "ledger", 100, 3), 0);
	check_text("100\n");
	CU_ASSERT_EQUAL(ledger_file_write(&f, AT_FDCWD, "ledger", 150, 3), 0);
	CU_ASSERT_EQUAL(ledger_file_write(&f, AT_FDCWD, "ledger", 20, 3), 0);
	CU_ASSERT_EQUAL(ledger_file_write(&f, AT_FDCWD, "ledger", 21, 3), 0);
	check_text("100\n+50\n-130\n+1\n");
	CU_ASSERT_EQUAL(ledger_file_write(&f, AT_FDCWD, "ledger", 22, 3), 0);
	check_text("22\n");
	CU_ASSERT_NOT_EQUAL(access("ledger.new", F_OK), 0);
	scratch_close(&t);
}

/* Somebody else has written to the file, or it is a link: it is replaced. */
static void
test_not_ours(void)
{
	struct ledger_file f = { 0 };
	struct scratch t;
	struct stat st;

	scratch_open(&t);
	CU_ASSERT_EQUAL(ledger_file_write(&f, AT_FDCWD, "ledger", 100, 9), 0);
	scratch_file("ledger", 0, 1);
	CU_ASSERT_EQUAL(truncate("ledger", 0), 0);
	CU_ASSERT_EQUAL(ledger_file_write(&f, AT_FDCWD, "ledger", 110, 9), 0);
	check_text("110\n");
	CU_ASSERT_EQUAL(unlink("ledger"), 0);
	scratch_file("target", 3, 1);
	scratch_link("target", "ledger");
	scratch_link("target", "ledger.new");
	CU_ASSERT_EQUAL(ledger_file_write(&f, AT_FDCWD, "ledger", 120, 9), 0);
	check_text("120\n");
	CU_ASSERT_EQUAL(stat("target", &st), 0);
	CU_ASSERT_EQUAL(st.st_size, 3);
	scratch_close(&t);
}

static void
test_read(void)
{
	struct ledger_file f = { 0 };
	struct scratch t;
	struct ledger l;
	struct stat st;
	size_t line;

	scratch_open(&t);
	CU_ASSERT_EQUAL(ledger_file_read(AT_FDCWD, "ledger", &l, &st, &line),
		-ENOENT);
	CU_ASSERT_EQUAL(ledger_file_write(&f, AT_FDCWD, "ledger", 7, 9), 0);
	CU_ASSERT_EQUAL(ledger_file_write(&f, AT_FDCWD, "ledger", 4, 9), 0);
	CU_ASSERT_EQUAL(ledger_file_read(AT_FDCWD, "ledger", &l, &st, &line),
		0);
	CU_ASSERT_EQUAL(l.bytes, 4);
	CU_ASSERT_EQUAL(l.changes, 1);
	CU_ASSERT_EQUAL(st.st_size, 5);
	scratch_link("ledger", "link");
	CU_ASSERT_EQUAL(ledger_file_read(AT_FDCWD, "link", &l, &st, &line),
		-ELOOP);
	CU_ASSERT_EQUAL(mkfifo("pipe", 0600), 0);
	CU_ASSERT_EQUAL(ledger_file_read(AT_FDCWD, "pipe", &l, &st, &line),
		-EINVAL);
	scratch_file("large", LEDGER_FILE_MAX + 1, 1);
	CU_ASSERT_EQUAL(ledger_file_read(AT_FDCWD, "large", &l, &st, &line),
		-EFBIG);
	scratch_close(&t);
}

CU_TestInfo unit_tests[] = {
	{ "ledgers", test_good },
	{ "what is no ledger", test_bad },
	{ "changes are appended", test_write },
	{ "a file of somebody else is replaced", test_not_ours },
	{ "reading the file", test_read },
	CU_TEST_INFO_NULL
};
