/*
 * test_scores_text.c - scores as text, and back.
 */
#include "common/base.h"
#include "tests/unit/unit.h"

#include "daemon/bans/scores_text.h"

const char *const unit_name = "scores_text";

#define NOW  INT64_C(5000000)
#define WALL INT64_C(1800000000)

static struct address_prefix
prefix_of(const char *text)
{
	struct address a;

	CU_ASSERT_EQUAL_FATAL(address_parse(&a, text), 0);
	return address_prefix(&a);
}

static void
add(struct scores *s, const char *address, int64_t value, int64_t last,
	int bans, int64_t until)
{
	struct score score = { .prefix = prefix_of(address), .value = value,
		.last = last, .bans = bans, .banned_until = until };

	scores_put(s, &score);
}

static const char *
written(const struct scores *s, bool networks)
{
	static char storage[SCORES_TEXT_MAX + 1];
	struct buffer b;

	buffer_init(&b, storage, sizeof(storage));
	scores_text_write(&b, s, networks, NOW - 1000000, NOW, WALL);
	CU_ASSERT_FALSE(b.overflow);
	return buffer_text(&b);
}

static void
test_lines(void)
{
	struct scores *s = scores_new();

	CU_ASSERT_PTR_NOT_NULL_FATAL(s);
	add(s, "192.0.2.7", 2500000, NOW - 10000, 1, NOW + 60000);
	CU_ASSERT_STRING_EQUAL(written(s, false), "192.0.2.7 failures "
		"2500000 1799999990 1 1800000060\n");
	scores_free(s);
	s = scores_new();
	CU_ASSERT_PTR_NOT_NULL_FATAL(s);
	add(s, "192.0.2.0", 1000000, NOW, 0, 0);
	CU_ASSERT_STRING_EQUAL(written(s, true),
		"192.0.2.0/24 failures 1000000 1800000000 0 0\n");
	/* What is known is newer. */
	add(s, "192.0.2.0", 2000000, NOW - 1, 0, 0);
	CU_ASSERT_STRING_EQUAL(written(s, true),
		"192.0.2.0/24 failures 1000000 1800000000 0 0\n");
	scores_free(s);
	s = scores_new();
	CU_ASSERT_PTR_NOT_NULL_FATAL(s);
	/* Too old to matter. */
	add(s, "192.0.2.0", 1000000, NOW - 1000001, 0, 0);
	CU_ASSERT_STRING_EQUAL(written(s, true), "");
	scores_free(s);
}

static void
test_back(void)
{
	static const char *const lines[] = {
		"192.0.2.7 failures 2500000 1799999990 1 1800000060",
		"2001:db8:1:2::/64 failures 2500000 1799999990 1 1800000060",
		"192.0.2.0/24 failures 2500000 1799999990 1 1800000060",
		"2001:db8:1::/48 failures 2500000 1799999990 1 1800000060",
	};
	struct score s;
	bool network;

	for (size_t i = 0; i < ARRAY_SIZE(lines); i++) {
		CU_ASSERT(scores_text_is(lines[i]));
		CU_ASSERT_EQUAL(scores_text_parse(&s, &network, lines[i], NOW,
			WALL), 0);
		CU_ASSERT_EQUAL(network, i >= 2);
		CU_ASSERT_EQUAL(s.value, 2500000);
		CU_ASSERT_EQUAL(s.last, NOW - 10000);
		CU_ASSERT_EQUAL(s.bans, 1);
		CU_ASSERT_EQUAL(s.banned_until, NOW + 60000);
	}
	/* The clock was set back. */
	CU_ASSERT_EQUAL(scores_text_parse(&s, &network,
		"192.0.2.7 failures 1 1800000099 0 0", NOW, WALL), 0);
	CU_ASSERT_EQUAL(s.last, NOW);
}

static void
test_mistakes(void)
{
	static const char *const lines[] = {
		"192.0.2.7 failures 2500000 1799999990 1",
		"192.0.2.7 failures 2500000 1799999990 1 2 3",
		"192.0.2.7 failures -1 1799999990 1 1800000060",
		"192.0.2.7 failures 1 1799999990 33 1800000060",
		"192.0.2.7 failures 1 9223372036854775807 1 1800000060",
		"192.0.2.7/24 failures 1 1799999990 1 1800000060",
		"192.0.2.0/25 failures 1 1799999990 1 1800000060",
		"nobody failures 1 1799999990 1 1800000060",
		"192.0.2.7 failures x 1799999990 1 1800000060",
	};
	struct score s;
	bool network;

	for (size_t i = 0; i < ARRAY_SIZE(lines); i++)
		CU_ASSERT_EQUAL(scores_text_parse(&s, &network, lines[i], NOW,
			WALL), -EINVAL);
	CU_ASSERT_FALSE(scores_text_is("192.0.2.7 never manual failures"));
	CU_ASSERT_FALSE(scores_text_is(""));
}

CU_TestInfo unit_tests[] = {
	{ "lines", test_lines },
	{ "lines are read back", test_back },
	{ "mistakes", test_mistakes },
	CU_TEST_INFO_NULL,
};
