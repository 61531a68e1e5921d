/*
 * test_buffer.c - a buffer has a fixed size, never overflows, and reports what
 * did not fit.
 */
#include "common/base.h"

#include "common/buffer.h"
#include "tests/unit/unit.h"

const char *const unit_name = "buffer";

static void
test_starts_empty(void)
{
	BUFFER(b, 8);

	CU_ASSERT_EQUAL(b.len, 0);
	CU_ASSERT_EQUAL(b.size, 8);
	CU_ASSERT_FALSE(b.overflow);
	CU_ASSERT_EQUAL(buffer_room(&b), 7);
	CU_ASSERT_STRING_EQUAL(buffer_text(&b), "");
}

static void
test_adds_in_order(void)
{
	BUFFER(b, 32);

	buffer_add(&b, "ab", 2);
	buffer_add_text(&b, "cd");
	buffer_add_char(&b, 'e');
	buffer_addf(&b, "%d%s", 42, "!");
	CU_ASSERT_STRING_EQUAL(buffer_text(&b), "abcde42!");
	CU_ASSERT_EQUAL(b.len, 8);
	CU_ASSERT_FALSE(b.overflow);
}

static void
test_nothing_is_something(void)
{
	BUFFER(b, 2);

	buffer_add(&b, NULL, 0);
	buffer_add_text(&b, "");
	buffer_addf(&b, "%s", "");
	CU_ASSERT_EQUAL(b.len, 0);
	CU_ASSERT_FALSE(b.overflow);
}

static void
test_full_to_the_last_byte(void)
{
	BUFFER(b, 6);

	buffer_add_text(&b, "12345");
	CU_ASSERT_STRING_EQUAL(buffer_text(&b), "12345");
	CU_ASSERT_EQUAL(buffer_room(&b), 0);
	CU_ASSERT_FALSE(b.overflow);
	buffer_add_char(&b, '6');
	CU_ASSERT_TRUE(b.overflow);
	CU_ASSERT_STRING_EQUAL(buffer_text(&b), "12345");
}

static void
test_what_does_not_fit_is_left_out_whole(void)
{
	BUFFER(b, 6);

	buffer_add_text(&b, "abc");
	buffer_add_text(&b, "def");
	CU_ASSERT_TRUE(b.overflow);
	CU_ASSERT_STRING_EQUAL(buffer_text(&b), "abc");
	buffer_add_text(&b, "de");
	CU_ASSERT_STRING_EQUAL(buffer_text(&b), "abcde");
	CU_ASSERT_TRUE(b.overflow);	/* sticks */
}

static void
test_format_that_does_not_fit(void)
{
	BUFFER(b, 6);

	buffer_add_text(&b, "abc");
	buffer_addf(&b, "%03d", 7);
	CU_ASSERT_TRUE(b.overflow);
	CU_ASSERT_EQUAL(b.len, 3);
	CU_ASSERT_STRING_EQUAL(buffer_text(&b), "abc");
	buffer_clear(&b);
	buffer_addf(&b, "%05d", 7);
	CU_ASSERT_STRING_EQUAL(buffer_text(&b), "00007");
	CU_ASSERT_FALSE(b.overflow);
}

static void
test_storage_of_one_byte(void)
{
	BUFFER(b, 1);

	CU_ASSERT_EQUAL(buffer_room(&b), 0);
	buffer_add(&b, "", 0);
	buffer_addf(&b, "%s", "");
	CU_ASSERT_FALSE(b.overflow);
	buffer_addf(&b, "x");
	CU_ASSERT_TRUE(b.overflow);
	CU_ASSERT_STRING_EQUAL(buffer_text(&b), "");
}

static void
test_huge_length_does_not_wrap(void)
{
	BUFFER(b, 8);

	buffer_add_text(&b, "abc");
	buffer_add(&b, "x", SIZE_MAX);
	buffer_add(&b, "x", SIZE_MAX - 2);
	CU_ASSERT_TRUE(b.overflow);
	CU_ASSERT_EQUAL(b.len, 3);
}

static void
test_holds_nul_bytes(void)
{
	BUFFER(b, 8);

	buffer_add(&b, "a\0b", 3);
	CU_ASSERT_EQUAL(b.len, 3);
	CU_ASSERT_EQUAL(memcmp(b.data, "a\0b\0", 4), 0);
}

static void
test_clear_forgets_overflow(void)
{
	BUFFER(b, 4);

	buffer_add_text(&b, "too long");
	buffer_clear(&b);
	CU_ASSERT_FALSE(b.overflow);
	buffer_add_text(&b, "abc");
	CU_ASSERT_STRING_EQUAL(buffer_text(&b), "abc");
}

CU_TestInfo unit_tests[] = {
	{ "starts empty", test_starts_empty },
	{ "adds in order", test_adds_in_order },
	{ "adding nothing is fine", test_nothing_is_something },
	{ "can be filled to the last byte", test_full_to_the_last_byte },
	{ "what does not fit is not added at all",
		test_what_does_not_fit_is_left_out_whole },
	{ "a format that does not fit adds nothing",
		test_format_that_does_not_fit },
	{ "one byte of storage is an empty text", test_storage_of_one_byte },
	{ "a huge length does not wrap around",
		test_huge_length_does_not_wrap },
	{ "holds NUL bytes", test_holds_nul_bytes },
	{ "clear resets the overflow flag", test_clear_forgets_overflow },
	CU_TEST_INFO_NULL,
};
