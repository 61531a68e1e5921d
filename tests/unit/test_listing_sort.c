/*
 * test_listing_sort.c - names in order, however many.
 */
#include "common/base.h"

#include "tests/unit/unit.h"
#include "worker/tree/listing_sort.h"

const char *const unit_name = "listing_sort";

static void
add(struct listing_sort *s, const char *name, int64_t number, int64_t fraction)
{
	const struct listing_key key = { number, fraction };
	const struct listing_entry entry = { .name = name,
		.type = (unsigned char)name[0] };

	CU_ASSERT_EQUAL_FATAL(listing_sort_add(s, &entry, key), 0);
}

/* Finish, and compare with names separated by blanks. */
static void
check(struct listing_sort *s, bool reverse, const char *expected)
{
	char got[256] = "";
	struct listing_entry entry, again;
	size_t len = 0;

	listing_sort_finish(s, reverse);
	while (listing_sort_peek(s, &entry) == 1) {
		CU_ASSERT_EQUAL(listing_sort_peek(s, &again), 1);
		CU_ASSERT_PTR_EQUAL(again.name, entry.name);
		CU_ASSERT_EQUAL(entry.type, (unsigned char)entry.name[0]);
		len += (size_t)snprintf(got + len, sizeof(got) - len, "%s ",
			entry.name);
		CU_ASSERT_TRUE_FATAL(len < sizeof(got));
		listing_sort_next(s);
	}
	CU_ASSERT_STRING_EQUAL(got, expected);
	listing_sort_clear(s);
}

static void
test_few(void)
{
	struct listing_sort s = { 0 };

	check(&s, false, "");
	check(&s, true, "");
	add(&s, "only", 1, 1);
	check(&s, false, "only ");
	add(&s, "b", 0, 0);
	add(&s, "a", 0, 0);
	check(&s, false, "a b ");
	add(&s, "b", 0, 0);
	add(&s, "a", 0, 0);
	check(&s, true, "b a ");
}

static void
test_names(void)
{
	struct listing_sort s = { 0 };
	static const char *const names[] = {
		"b", "B", "a", "", "ab", "\xc3\xa4", "Z", "10", "9", "a b",
	};

	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		add(&s, names[i], 7, 7);
	check(&s, false, " 10 9 B Z a a b ab b \xc3\xa4 ");
}

static void
test_numbers(void)
{
	struct listing_sort s = { 0 };

	add(&s, "small", 1, 0);
	add(&s, "big", INT64_MAX, 0);
	add(&s, "negative", INT64_MIN, 0);
	add(&s, "later", 5, 2);
	add(&s, "sooner", 5, 1);
	add(&s, "also", 5, 1);
	check(&s, false, "big later also sooner small negative ");
	add(&s, "x", 1, 0);
	add(&s, "y", 1, 0);
	add(&s, "z", 2, 0);
	check(&s, true, "y x z ");
}

/* Many names in an order that depends on the seed only. */
static void
test_many(void)
{
	for (size_t count = 1; count <= 5000; count = count * 3 + 1) {
		struct listing_sort s = { 0 };
		uint32_t seed = (uint32_t)count;
		char name[32], last[32] = "";
		struct listing_entry next;
		size_t seen = 0, wrong = 0;

		for (size_t i = 0; i < count; i++) {
			seed = seed * 1664525 + 1013904223;
			snprintf(name, sizeof(name), "%08" PRIx32 "-%zu",
				seed, i);
			add(&s, name, 0, 0);
		}
		listing_sort_finish(&s, false);
		for (; listing_sort_peek(&s, &next) == 1; seen++) {
			wrong += strcmp(last, next.name) >= 0;
			snprintf(last, sizeof(last), "%s", next.name);
			listing_sort_next(&s);
		}
		CU_ASSERT_EQUAL(seen, count);
		CU_ASSERT_EQUAL(wrong, 0);
		listing_sort_clear(&s);
	}
}

static void
test_equals_are_kept(void)
{
	struct listing_sort s = { 0 };

	for (int i = 0; i < 5; i++)
		add(&s, "same", 1, 1);
	check(&s, false, "same same same same same ");
}

static void
test_clear_twice(void)
{
	struct listing_sort s = { 0 };
	struct listing_entry entry;

	listing_sort_clear(&s);
	add(&s, "x", 0, 0);
	listing_sort_clear(&s);
	listing_sort_clear(&s);
	CU_ASSERT_EQUAL(listing_sort_peek(&s, &entry), 0);
}

CU_TestInfo unit_tests[] = {
	{ "none, one and two", test_few },
	{ "names are ordered by their bytes", test_names },
	{ "bigger numbers come first, names decide", test_numbers },
	{ "thousands", test_many },
	{ "equal names are all kept", test_equals_are_kept },
	{ "clearing is safe at any time", test_clear_twice },
	CU_TEST_INFO_NULL,
};
