/*
 * test_bans.c - the table of banned networks, and the networks.
 */
#include "common/base.h"
#include "tests/unit/unit.h"

#include "common/clock.h"
#include "daemon/bans/bans.h"

const char *const unit_name = "bans";

static struct address_range
range_of(const char *text)
{
	struct address_range r = { 0 };

	CU_ASSERT_EQUAL(address_range_parse(&r, text), 0);
	return r;
}

static struct address
address_of(const char *text)
{
	struct address a;

	CU_ASSERT_EQUAL(address_parse(&a, text), 0);
	return a;
}

static void
test_ranges(void)
{
	static const struct {
		const char *range, *address;
		bool in;
	} cases[] = {
		{ "192.0.2.1", "192.0.2.1", true },
		{ "192.0.2.1", "192.0.2.2", false },
		{ "192.0.2.0/25", "192.0.2.127", true },
		{ "192.0.2.0/25", "192.0.2.128", false },
		{ "0.0.0.0/0", "203.0.113.9", true },
		{ "0.0.0.0/0", "2001:db8::1", false },
		{ "::/0", "2001:db8::1", true },
		{ "::/0", "192.0.2.1", false },
		{ "2001:db8:1::/48", "2001:db8:1:ffff::1", true },
		{ "2001:db8:1::/48", "2001:db8:2::1", false },
		{ "2001:db8::1", "2001:db8::1", true },
	};
	static const char *const bad[] = { "", "x", "192.0.2.1/24",
		"192.0.2.0/33", "192.0.2.0/", "fe80::1%1", "2001:db8::/129",
		"192.0.2.0/-1", "2001:db8::1/64" };
	struct address_range r;
	char text[ADDRESS_RANGE_TEXT_SIZE];

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct address a = address_of(cases[i].address);
		r = range_of(cases[i].range);
		CU_ASSERT_EQUAL(address_range_has(&r, &a), cases[i].in);
		CU_ASSERT_STRING_EQUAL(address_range_text(&r, text),
			cases[i].range);
	}
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		CU_ASSERT_EQUAL(address_range_parse(&r, bad[i]), -EINVAL);
	struct address a = address_of("192.0.2.77");
	r = address_range_network(&a);
	CU_ASSERT_STRING_EQUAL(address_range_text(&r, text), "192.0.2.0/24");
	r = address_range_of(&a);
	CU_ASSERT_STRING_EQUAL(address_range_text(&r, text), "192.0.2.77");
	a = address_of("2001:db8:1:2:3::4");
	r = address_range_of(&a);
	CU_ASSERT_STRING_EQUAL(address_range_text(&r, text),
		"2001:db8:1:2::/64");
	r = address_range_network(&a);
	CU_ASSERT_STRING_EQUAL(address_range_text(&r, text),
		"2001:db8:1::/48");
}

static void
test_table(void)
{
	struct bans *b = bans_new();
	struct address a = address_of("192.0.2.9");
	struct ban ban = { .range = range_of("192.0.2.0/24"), .until = 100,
		.reason = "one" }, out;

	CU_ASSERT_PTR_NOT_NULL_FATAL(b);
	CU_ASSERT_PTR_NULL(bans_find(b, &a, 0));
	CU_ASSERT_EQUAL(bans_due(b), CLOCK_NEVER);
	CU_ASSERT_EQUAL(bans_add(b, &ban), 0);
	CU_ASSERT_EQUAL(bans_due(b), 100);
	CU_ASSERT_PTR_NOT_NULL(bans_find(b, &a, 99));
	CU_ASSERT_PTR_NULL(bans_find(b, &a, 100));
	/* The same range again is replaced. */
	ban.until = 200;
	CU_ASSERT_EQUAL(bans_add(b, &ban), 0);
	CU_ASSERT_PTR_NULL(bans_get(b, 1));
	CU_ASSERT_FALSE(bans_ended(b, &out, 100));
	CU_ASSERT_EQUAL(bans_due(b), 200);
	CU_ASSERT_TRUE(bans_ended(b, &out, 200));
	CU_ASSERT_STRING_EQUAL(out.reason, "one");
	CU_ASSERT_FALSE(bans_ended(b, &out, 200));
	CU_ASSERT_EQUAL(bans_due(b), CLOCK_NEVER);
	CU_ASSERT_FALSE(bans_lift(b, &ban.range, &out));
	CU_ASSERT_EQUAL(bans_add(b, &ban), 0);
	CU_ASSERT_TRUE(bans_lift(b, &ban.range, &out));
	CU_ASSERT_PTR_NULL(bans_get(b, 0));
	bans_free(b);
}

static struct ban
numbered(uint32_t n, bool manual)
{
	struct ban ban = { .range = range_of("2001:db8::/64"),
		.until = 1000 + (int64_t)n, .manual = manual };

	memcpy(ban.range.base.bytes + 4, &n, sizeof(n));
	return ban;
}

static void
test_full(void)
{
	struct bans *b = bans_new();
	struct ban ban, out;

	CU_ASSERT_PTR_NOT_NULL_FATAL(b);
	for (uint32_t i = 0; i < BANS_MAX; i++) {
		ban = numbered(i, false);
		CU_ASSERT_EQUAL(bans_add(b, &ban), 0);
	}
	/* Each manual ban replaces the automatic one that ends first. */
	for (uint32_t i = 0; i < BANS_MAX; i++) {
		ban = numbered(BANS_MAX + i, true);
		CU_ASSERT_EQUAL(bans_add(b, &ban), 0);
		ban = numbered(i, false);
		CU_ASSERT_FALSE(bans_lift(b, &ban.range, &out));
	}
	CU_ASSERT_PTR_NULL(bans_get(b, BANS_MAX));
	ban = numbered(1, false);
	CU_ASSERT_EQUAL(bans_add(b, &ban), -ENOSPC);
	bans_free(b);
}

CU_TestInfo unit_tests[] = {
	{ "addresses and networks", test_ranges },
	{ "bans begin, end and are lifted", test_table },
	{ "a full table", test_full },
	CU_TEST_INFO_NULL,
};
