/*
 * test_listing_sort.c - sorting of any number of lines.
 */
#include "common/base.h"

#include "tests/unit/unit.h"
#include "worker/tree/listing_sort.h"

#include <sys/stat.h>

const char *const unit_name = "listing_sort";

/* A line "[NAME]" with this rank. */
static void
add_ranked(struct listing_sort *s, const char *name, uint64_t rank)
{
	const struct listing_name at = { 1, strlen(name) };
	struct buffer line;

	CU_ASSERT_EQUAL_FATAL(listing_sort_line(s, &line), 0);
	buffer_addf(&line, "[%s]", name);
	CU_ASSERT_EQUAL_FATAL(listing_sort_add(s, &line, at, rank), 0);
}

static void
add(struct listing_sort *s, const char *name)
{
	add_ranked(s, name, 7);
}

/* Finish, and compare all lines with this text. */
static void
check(struct listing_sort *s, bool reverse, const char *expected)
{
	const char *line, *again;
	BUFFER(got, 256);
	size_t len;

	CU_ASSERT_EQUAL(listing_sort_finish(s, reverse), 0);
	while (listing_sort_peek(s, &line, &len) == 1) {
		CU_ASSERT_EQUAL(listing_sort_peek(s, &again, &len), 1);
		CU_ASSERT_PTR_EQUAL(again, line);
		buffer_add(&got, line, len);
		CU_ASSERT_FALSE_FATAL(got.overflow);
		listing_sort_next(s);
	}
	CU_ASSERT_STRING_EQUAL(buffer_text(&got), expected);
	listing_sort_clear(s);
}

static void
test_few(void)
{
	struct listing_sort s = { 0 };

	check(&s, false, "");
	check(&s, true, "");
	add(&s, "only");
	check(&s, false, "[only]");
	add(&s, "b");
	add(&s, "a");
	check(&s, false, "[a][b]");
	add(&s, "b");
	add(&s, "a");
	check(&s, true, "[b][a]");
}

static void
test_names(void)
{
	struct listing_sort s = { 0 };
	static const char *const names[] = {
		"b", "B", "a", "", "ab", "\xc3\xa4", "Z", "10", "9", "a b",
	};

	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		add(&s, names[i]);
	check(&s, false, "[][10][9][B][Z][a][a b][ab][b][\xc3\xa4]");
}

/* What they have in common, and then what is longer than a number. */
static void
test_long_names(void)
{
	struct listing_sort s = { 0 };
	static const char *const names[] = {
		"x123456789c", "x123456789", "x1234567", "x123456789b",
		"x12345678", "x123456789bb", "x",
	};

	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		add(&s, names[i]);
	check(&s, false, "[x][x1234567][x12345678][x123456789]"
		"[x123456789b][x123456789bb][x123456789c]");
}

static void
add_time(struct listing_sort *s, const char *name, int64_t seconds, long ns)
{
	const struct stat st = { .st_mtim = { seconds, ns } };

	add_ranked(s, name, listing_sort_newest(&st));
}

static void
test_times(void)
{
	struct listing_sort s = { 0 };

	add_time(&s, "old", 1, 0);
	add_time(&s, "far", INT64_MAX, 0);
	add_time(&s, "early", INT64_MIN, 0);
	add_time(&s, "before", -1, 999999999);
	add_time(&s, "later", 5, 2);
	add_time(&s, "sooner", 5, 1);
	add_time(&s, "also", 5, 1);
	check(&s, false, "[far][later][also][sooner][old][before][early]");
	add_time(&s, "x", 1, 0);
	add_time(&s, "y", 1, 0);
	add_time(&s, "z", 2, 0);
	check(&s, true, "[y][x][z]");
}

static void
test_sizes(void)
{
	static const off_t sizes[] = { 0, 5, INT64_MAX, -1, 5, 6 };
	struct listing_sort s = { 0 };

	for (size_t i = 0; i < ARRAY_SIZE(sizes); i++) {
		const struct stat st = { .st_size = sizes[i] };
		char name[] = { (char)('f' - i), '\0' };
		add_ranked(&s, name, listing_sort_largest(&st));
	}
	check(&s, false, "[d][a][b][e][c][f]");
}

/* Many names in an order that depends on the seed only: all mixed, or in parts
 * that are in order, or in the opposite one. */
static void
check_many(size_t count, uint32_t mix)
{
	struct listing_sort s = { 0 };
	uint32_t seed = (uint32_t)count, next = 0;
	char name[32], last[32] = "";
	size_t seen = 0, wrong = 0, len;
	const char *line;

	for (size_t i = 0; i < count; i++) {
		seed = seed * 1664525 + 1013904223;
		next = seed >> 16 < mix ? seed : next + seed % 5 - 2;
		snprintf(name, sizeof(name), "%08" PRIx32 "-%06zu", next, i);
		add(&s, name);
	}
	CU_ASSERT_EQUAL(listing_sort_finish(&s, false), 0);
	for (; listing_sort_peek(&s, &line, &len) == 1; seen++) {
		CU_ASSERT_EQUAL_FATAL(len, 17);
		wrong += memcmp(last, line, len) >= 0;
		memcpy(last, line, len);
		listing_sort_next(&s);
	}
	CU_ASSERT_EQUAL(seen, count);
	CU_ASSERT_EQUAL(wrong, 0);
	listing_sort_clear(&s);
}

static void
test_many(void)
{
	for (size_t count = 1; count <= 5000; count = count * 3 + 1)
		for (uint32_t mix = 1; mix <= 65536; mix *= 16)
			check_many(count, mix);
}

static void
test_equals_are_kept(void)
{
	struct listing_sort s = { 0 };

	for (int i = 0; i < 5; i++)
		add(&s, "same");
	check(&s, false, "[same][same][same][same][same]");
}

static void
test_clear_twice(void)
{
	struct listing_sort s = { 0 };
	const char *line;
	size_t len;

	listing_sort_clear(&s);
	add(&s, "x");
	listing_sort_clear(&s);
	listing_sort_clear(&s);
	CU_ASSERT_EQUAL(listing_sort_peek(&s, &line, &len), 0);
}

CU_TestInfo unit_tests[] = {
	{ "none, one and two", test_few },
	{ "names are ordered by their bytes", test_names },
	{ "long names with a common prefix", test_long_names },
	{ "newer ones come first, names decide", test_times },
	{ "larger ones come first", test_sizes },
	{ "thousands", test_many },
	{ "equal names are all kept", test_equals_are_kept },
	{ "clearing is safe at any time", test_clear_twice },
	CU_TEST_INFO_NULL,
};
