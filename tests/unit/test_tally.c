/*
 * test_tally.c - counting by key.
 */
#include "common/base.h"
#include "tests/unit/unit.h"

#include "daemon/tally.h"

const char *const unit_name = "tally";

static size_t
count(const struct tally *t, const char *key)
{
	return tally_count(t, key, strlen(key));
}

static struct tally_entry *
add(struct tally *t, const char *key)
{
	struct tally_entry *e = tally_add(t, key, strlen(key));

	CU_ASSERT_PTR_NOT_NULL_FATAL(e);
	return e;
}

static void
test_counts(void)
{
	struct tally *t = tally_new();

	CU_ASSERT_PTR_NOT_NULL_FATAL(t);
	CU_ASSERT_EQUAL(count(t, "a"), 0);
	struct tally_entry *first = add(t, "a"), *second = add(t, "a");
	struct tally_entry *other = add(t, "ab"), *empty = add(t, "");
	CU_ASSERT_EQUAL(count(t, "a"), 2);
	CU_ASSERT_EQUAL(count(t, "ab"), 1);
	CU_ASSERT_EQUAL(count(t, ""), 1);
	CU_ASSERT_EQUAL(count(t, "b"), 0);
	tally_remove(first);
	CU_ASSERT_EQUAL(count(t, "a"), 1);
	tally_remove(second);
	CU_ASSERT_EQUAL(count(t, "a"), 0);
	CU_ASSERT_EQUAL(count(t, "ab"), 1);
	tally_remove(other);
	tally_remove(empty);
	CU_ASSERT_EQUAL(count(t, "") + count(t, "ab"), 0);
	(void)add(t, "left");
	tally_free(t);
	tally_free(NULL);
}

/* The key is copied, and may hold any byte. */
static void
test_keys(void)
{
	struct tally *t = tally_new();
	char key[4] = { 0, 1, 0, 2 };

	CU_ASSERT_PTR_NOT_NULL_FATAL(t);
	CU_ASSERT_PTR_NOT_NULL(tally_add(t, key, sizeof(key)));
	key[2] = 3;
	CU_ASSERT_EQUAL(tally_count(t, key, sizeof(key)), 0);
	CU_ASSERT_EQUAL(tally_count(t, key, 2), 0);
	key[2] = 0;
	CU_ASSERT_EQUAL(tally_count(t, key, sizeof(key)), 1);
	tally_free(t);
}

static void
test_many(void)
{
	struct tally *t = tally_new();
	const uint32_t keys = 20000;
	struct tally_entry **entries = calloc(keys, sizeof(*entries));

	CU_ASSERT_PTR_NOT_NULL_FATAL(t);
	CU_ASSERT_PTR_NOT_NULL_FATAL(entries);
	for (uint32_t i = 0; i < keys; i++)
		for (uint32_t n = 0; n <= i % 3; n++)
			entries[i] = tally_add(t, &i, sizeof(i));
	for (uint32_t i = 0; i < keys; i++)
		CU_ASSERT_EQUAL(tally_count(t, &i, sizeof(i)), i % 3 + 1);
	for (uint32_t i = 0; i < keys; i++)
		tally_remove(entries[i]);
	for (uint32_t i = 0; i < keys; i++)
		CU_ASSERT_EQUAL(tally_count(t, &i, sizeof(i)), i % 3);
	free(entries);
	tally_free(t);
}

CU_TestInfo unit_tests[] = {
	{ "each key has its own count", test_counts },
	{ "keys of any bytes", test_keys },
	{ "many keys", test_many },
	CU_TEST_INFO_NULL,
};
